"""The description of the API says what the API does."""

import re

import pytest

from discuss.api import openapi, schemas
from discuss.letters.models import Policy
from tests.plumbing.services import REPO_ROOT

PROBLEM = "application/problem+json"


@pytest.fixture
def document(anybody):
    return anybody.get("/openapi.json").json


def operations(document):
    for path, item in document["paths"].items():
        for method in item.keys() & {"get", "post", "put", "patch", "delete"}:
            yield path, method.upper(), item[method]


def check(document, path, method, answer):
    """Fail unless the document tells of this answer, its status and its shape."""
    told = document["paths"][path][method.lower()]["responses"][str(answer.status_code)]
    if "content" not in told:
        assert answer.data == b""
        return
    ((kind, content),) = told["content"].items()
    assert answer.mimetype == kind
    if "$ref" in content["schema"]:
        name = content["schema"]["$ref"].rsplit("/", 1)[1]
        getattr(schemas, name).model_validate_json(answer.data)


def test_every_call_is_described_and_every_description_has_its_call(app, document):
    routes = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method)
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }

    assert {(path, method) for path, method, _ in operations(document)} == routes


def test_every_reference_leads_somewhere_and_every_name_is_its_own(document):
    references = re.findall(r"'\$ref': '#/components/schemas/(\w+)'", str(document))
    names = [operation["operationId"] for _, _, operation in operations(document)]

    assert set(references) <= set(document["components"]["schemas"])
    assert len(names) == len(set(names))


def test_every_part_of_an_address_is_described(document):
    for path, item in document["paths"].items():
        told = {part["name"] for part in item.get("parameters", ())}
        assert told == set(re.findall(r"{(\w+)}", path))


def test_every_call_that_changes_something_needs_a_token_and_no_other_does(document):
    for _, method, operation in operations(document):
        assert ("security" in operation) == (method != "GET")
        assert ("401" in operation["responses"]) == (method != "GET")


@pytest.mark.row("31")
def test_every_text_and_list_that_is_taken_has_a_limit(document):
    """Row 31 of the attack list: no limit on side fields."""
    for model in openapi.TAKEN:
        for member in document["components"]["schemas"][model.__name__]["properties"].values():
            for shape in member.get("anyOf", [member]):
                assert shape.get("type") != "array"
                assert shape.get("type") != "string" or "maxLength" in shape
                assert shape.get("type") != "integer" or "maximum" in shape


def test_answers_to_reads_are_as_described(make, letter, anybody, document):
    make.comment(letter, make.comment(letter))
    base, where = "/api/v1/letters", {"slug": letter.slug, "number": 2}
    reads = {
        "/api/v1/letters": ("", "?limit=1", "?limit=0"),
        f"{base}/{{slug}}": ("",),
        f"{base}/{{slug}}/comments": ("", "?since=0", "?top=2", "?limit=x", "?top=999"),
        f"{base}/{{slug}}/comments/{{number}}": ("",),
    }

    for path, variants in reads.items():
        for variant in variants:
            answer = anybody.get(path.format(**where) + variant)
            check(document, path, "GET", answer)
        lost = anybody.get(path.format(slug="nowhere", number=999))
        if lost.status_code != 200:
            check(document, path, "GET", lost)


def test_answers_to_writes_are_as_described(make, letter, program, anybody, document, session):
    path = "/api/v1/letters/{slug}/comments"
    author, moderator = program(make.account()), program(make.moderator())
    theirs = make.comment(letter)
    one = f"{path}/{{number}}"
    mine = author.post(letter, {"body": "Mine.", "key": "k"}).json["number"]

    for who, method, place, number, sent in [
        (author, "POST", path, 0, {"body": "Mine.", "key": "k"}),
        (author, "POST", path, 0, {"body": "New."}),
        (author, "POST", path, 0, {"body": ""}),
        (author, "POST", path, 0, []),
        (anybody, "POST", path, 0, {"body": "x"}),
        (author, "PATCH", one, mine, {"body": "Changed."}),
        (author, "PATCH", one, mine, {"body": "Changed again.", "changed": 1}),
        (author, "PATCH", one, theirs.number, {"body": "Changed."}),
        (author, "PATCH", one, 999, {"body": "Changed."}),
        (author, "DELETE", one, theirs.number, {}),
        (moderator, "DELETE", one, theirs.number, {"reason": "dislike"}),
        (moderator, "DELETE", one, theirs.number, {"reason": "spam"}),
        (author, "DELETE", one, mine, {}),
        (author, "PATCH", one, mine, {"body": "Gone."}),
    ]:
        answer = who.call(method, place.format(slug=letter.slug, number=number), json=sent)
        check(document, place, method, answer)

    letter.policy = Policy.BEFORE
    session.commit()
    check(document, path, "POST", author.post(letter, "Read me first."))


def test_the_guide_names_every_call_and_every_member_of_a_comment(document):
    guide = (REPO_ROOT / "docs" / "api.md").read_text()

    for path, method, _ in operations(document):
        told = re.sub(r"{(\w+)}", r"<\1>", path)
        assert f"`{method} {told}" in guide or told == "/api/v1/openapi.json"
    for member in schemas.Comment.model_fields:
        assert f"`{member}`" in guide


def test_the_description_is_the_same_bytes_until_the_next_release(anybody):
    first = anybody.get("/openapi.json")

    again = anybody.get("/openapi.json", headers={"If-None-Match": first.headers["ETag"]})

    assert (first.status_code, again.status_code) == (200, 304)
    assert first.json["openapi"].startswith("3.1")
