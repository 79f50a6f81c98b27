"""Posting, editing, deleting and removing through the API."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa

from discuss.accounts.login import current_account
from discuss.base import clock
from discuss.comments.models import Comment, HeldComment, State
from discuss.letters.models import Policy
from discuss.moderation.models import Decision
from tests.api.program import SITE, Program

PROBLEM = "application/problem+json"


@pytest.fixture
def author(make):
    return make.account("Robin")


@pytest.fixture
def speaker(program, author):
    """A program that speaks for `author`."""
    return program(author)


def size_of(letter, session):
    return session.scalar(
        sa.select(sa.func.count()).select_from(Comment).filter_by(letter_id=letter.id)
    )


def test_a_comment_is_answered_with_201_its_address_and_itself(letter, speaker, anybody):
    answer = speaker.post(letter, {"body": "I *agree*.", "parent": 0, "key": "one"})

    number = answer.json["number"]
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"/api/v1/letters/{letter.slug}/comments/{number}"
    assert answer.json == anybody.get(answer.headers["Location"]).json
    assert answer.json["author"] == {"name": "Robin"}
    assert (answer.json["html"], answer.json["source"]) == (
        "<p>I <em>agree</em>.</p>",
        "I *agree*.",
    )


def test_a_reply_stands_under_the_comment_it_answers(make, letter, speaker, anybody):
    root = make.comment(letter)

    answer = speaker.post(letter, {"body": "Why?", "parent": root.number})

    assert answer.json["parent"] == root.number
    assert anybody.comments(letter).json["comments"][0]["reply_count"] == 1


@pytest.mark.row("F12")
def test_the_same_submission_again_is_the_same_comment_with_200(letter, speaker, session):
    first = speaker.post(letter, {"body": "Once.", "key": "k"})
    again = speaker.post(letter, {"body": "Once.", "key": "k"})

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json == again.json
    assert size_of(letter, session) == 2  # with row 0


@pytest.mark.parametrize(
    "other",
    [
        {"body": "Other words.", "key": "k"},
        {"body": "Once.", "key": "l"},
        {"body": "Once.", "key": "k", "parent": 2},
        {"body": "Once.", "key": ""},
        {"body": "Once.", "key": None},
        {"body": "Once."},
    ],
)
def test_another_submission_is_another_comment(make, letter, speaker, other):
    parent = make.comment(letter)
    assert parent.number == 2
    speaker.post(letter, {"body": "Once.", "key": "k"})

    assert speaker.post(letter, other).status_code == 201


@pytest.mark.row("F12")
def test_twenty_equal_posts_at_once_are_one_comment(app, letter, author, session):
    programs = [Program.of(app, author) for _ in range(20)]
    sent = {"body": "All at once.", "key": "the same"}

    with ThreadPoolExecutor(20) as threads:
        answers = list(threads.map(lambda program: program.post(letter, sent), programs))

    assert sorted(answer.status_code for answer in answers) == [200] * 19 + [201]
    assert len({answer.text for answer in answers}) == 1
    assert size_of(letter, session) == 2  # with row 0


def test_a_comment_that_a_moderator_reads_first_is_answered_with_202(
    letter, speaker, anybody, session
):
    letter.policy = Policy.BEFORE
    session.commit()

    first = speaker.post(letter, {"body": "Please read me.", "key": "k"})
    again = speaker.post(letter, {"body": "Please read me.", "key": "k"})

    assert (first.status_code, again.status_code) == (202, 202)
    assert (first.json["state"], first.json["html"]) == ("held", "<p>Please read me.</p>")
    assert first.json == again.json
    assert session.scalar(sa.select(sa.func.count()).select_from(HeldComment)) == 1
    assert anybody.comments(letter).json["comments"] == []


@pytest.mark.row("23")
@pytest.mark.parametrize(
    ("authorization", "challenge"),
    [
        (None, "Bearer"),
        ("", "Bearer"),
        ("Bearer", "Bearer"),
        ("Basic dTpw", "Bearer"),
        ("Bearer of bad news", 'Bearer error="invalid_token"'),
        ("Bearer \xe9", 'Bearer error="invalid_token"'),
        ("Bearer " + "x" * 100_000, 'Bearer error="invalid_token"'),
    ],
)
@pytest.mark.parametrize("method", ["POST", "PATCH", "DELETE"])
def test_without_a_token_nothing_is_changed(
    make, letter, anybody, session, method, authorization, challenge
):
    number = make.comment(letter).number
    path = f"/letters/{letter.slug}/comments" + ("" if method == "POST" else f"/{number}")
    headers = {} if authorization is None else {"Authorization": authorization}

    answer = anybody.call(method, path, json={"body": "Mine.", "reason": "spam"}, headers=headers)

    assert (answer.status_code, answer.mimetype) == (401, PROBLEM)
    assert answer.headers["WWW-Authenticate"] == challenge
    assert size_of(letter, session) == 2


@pytest.mark.row("13")
def test_a_browser_s_cookie_is_not_looked_at(app, letter, author, sign_in, session):
    browser = sign_in(author)
    told = []
    app.before_request_funcs.setdefault(None, []).append(lambda: told.append(current_account()))

    path = f"/api/v1/letters/{letter.slug}/comments"
    with ThreadPoolExecutor(1) as thread:  # apart from the test's own context, as on a server
        post, get = browser.client.post, browser.get
        posted = thread.submit(post, path, base_url=SITE, json={"body": "By cookie."}).result()
        read = thread.submit(get, path).result()

    assert (posted.status_code, read.status_code) == (401, 200)
    assert told == [None, None]
    assert "Set-Cookie" not in posted.headers
    assert "Set-Cookie" not in read.headers
    assert size_of(letter, session) == 1


@pytest.mark.parametrize("role", ["account", "moderator"])
def test_a_token_speaks_for_its_account_whatever_cookie_comes_along(
    make, letter, author, sign_in, speaker, role
):
    someone = sign_in(make.moderator() if role == "moderator" else make.account())
    comment = make.comment(letter)
    program = Program(someone.client, speaker.token)

    answer = program.call("DELETE", f"/letters/{letter.slug}/comments/{comment.number}?reason=spam")

    assert answer.status_code == 403


@pytest.mark.row("9")
@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"", 400),
        (b"not json", 400),
        (b'{"body": "cut off', 400),
        (b"\xff\xfe{\x00}\x00", 400),
        (b'{"body": "\xff"}', 400),
        (b"[" * 1_000_000, 400),
        (b'{"body": ' + b'{"a":' * 150_000 + b"1" + b"}" * 150_000 + b"}", 400),
        (b'{"body": "x", "parent": ' + b"9" * 5_000 + b"}", 400),
        (b'{"body": "x", "parent": NaN}', 400),
        (b"null", 400),
        (b"[]", 400),
        (b'"body"', 400),
        (b"body=x&parent=0", 400),
        (b"{}", 422),
        (b'{"body": null}', 422),
        (b'{"body": 7}', 422),
        (b'{"body": ["x"]}', 422),
        (b'{"body": ""}', 422),
        (b'{"body": " \\n\\u200b"}', 422),
        (b'{"body": "\\ud800"}', 422),
        (b'{"body": "\\u0000"}', 422),
        (b'{"body": "x", "parent": "0"}', 422),
        (b'{"body": "x", "parent": 1.0}', 422),
        (b'{"body": "x", "parent": true}', 422),
        (b'{"body": "x", "parent": -1}', 422),
        (b'{"body": "x", "parent": 2147483648}', 422),
        (b'{"body": "x", "parent": 999}', 422),
        (b'{"body": "x", "key": 7}', 422),
        (b'{"body": "x", "key": "\\ud800"}', 422),
        (b'{"body": "x", "key": "\\u0000"}', 422),
        (b'{"body": "x", "key": "' + b"k" * 65 + b'"}', 422),
        (b'{"body": "x", "quote": "' + b"q" * 281 + b'", "passage": 1}', 422),
        (b'{"body": "x", "passage": "1"}', 422),
        (b'{"body": "' + b"x" * 6_001 + b'"}', 422),
        (b'{"body": "' + b"x" * 1_000_000 + b'"}', 422),
        (b'{"body": "' + b"x" * 2_000_000 + b'"}', 413),
    ],
    ids=lambda value: str(value[:40]) if isinstance(value, bytes) else None,
)
def test_a_body_that_is_no_comment_is_refused(letter, speaker, session, data, status):
    path = f"/letters/{letter.slug}/comments"

    answer = speaker.call("POST", path, data=data, headers={"Content-Type": "application/json"})

    assert (answer.status_code, answer.mimetype) == (status, PROBLEM)
    assert (answer.json["status"], bool(answer.json["detail"])) == (status, True)
    assert size_of(letter, session) == 1


@pytest.mark.row("4")
@pytest.mark.parametrize(
    "text", ["x" * 6_000, "😀" * 6_000, "字" * 6_000, "\u202eabc", "e\u0301" * 3_000]
)
def test_up_to_the_limit_every_text_is_kept_whole(letter, speaker, text):
    answer = speaker.post(letter, text)

    assert (answer.status_code, answer.json["source"]) == (201, text)


@pytest.mark.row("25")
def test_columns_of_the_table_sent_along_have_no_effect(make, letter, speaker, author, session):
    sent = {column.name: 7 for column in Comment.__table__.columns} | {
        "body": "Mine alone.",
        "parent": 0,
        "passage": None,
        "quote": "",
        "author": {"name": "Somebody else"},
        "state": "removed",
        "html": "<script>",
    }

    number = speaker.post(letter, sent).json["number"]

    row = session.get_one(Comment, (letter.id, number))
    assert (row.account_id, row.score, row.base_score, row.html, row.state, row.source_id) == (
        author.id,
        0,
        0,
        "<p>Mine alone.</p>",
        State.VISIBLE,
        None,
    )


def test_a_comment_may_name_the_passage_it_is_about(letter, speaker, session):
    sent = {"body": "Really?", "passage": 2, "quote": "more to do", "prefix": "There is "}

    number = speaker.post(letter, sent).json["number"]

    row = session.get_one(Comment, (letter.id, number))
    assert (row.passage, row.quote, row.quote_prefix) == (2, "more to do", "There is ")


def test_a_locked_thread_takes_nothing(letter, speaker, session):
    letter.locked_at = clock.now()
    session.commit()

    answer = speaker.post(letter, "Late.")

    assert (answer.status_code, answer.mimetype) == (409, PROBLEM)


def test_too_many_in_a_minute_are_told_when_to_come_back(letter, speaker):
    answers = [speaker.post(letter, f"Number {n}.") for n in range(21)]

    assert [answer.status_code for answer in answers] == [201] * 20 + [429]
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 61


def test_its_author_edits_a_comment(letter, speaker):
    first = speaker.post(letter, "Befor.").json

    path = f"/letters/{letter.slug}/comments/{first['number']}"
    answer = speaker.call("PATCH", path, json={"body": "Before.", "changed": first["changed"]})

    assert (answer.status_code, answer.json["source"]) == (200, "Before.")
    assert answer.json["edited_at"]
    assert answer.json["changed"] > first["changed"]


@pytest.mark.row("F14")
def test_an_edit_of_what_was_changed_meanwhile_is_refused(letter, speaker):
    first = speaker.post(letter, "First.").json
    path = f"/letters/{letter.slug}/comments/{first['number']}"
    speaker.call("PATCH", path, json={"body": "Second."})

    answer = speaker.call("PATCH", path, json={"body": "Third.", "changed": first["changed"]})

    assert answer.status_code == 409


def test_after_a_quarter_of_an_hour_it_is_too_late(make, letter, author, speaker, session):
    comment = make.comment(letter, author=author)
    comment.posted_at = clock.now() - timedelta(minutes=16)
    session.commit()

    path = f"/letters/{letter.slug}/comments/{comment.number}"
    assert speaker.call("PATCH", path, json={"body": "Late."}).status_code == 403


@pytest.mark.row("23")
@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
@pytest.mark.parametrize("sent", [{}, {"body": "Mine now.", "reason": "spam"}])
def test_nobody_changes_what_somebody_else_wrote(make, letter, speaker, session, method, sent):
    comment = make.comment(letter, source="Not yours.")

    path = f"/letters/{letter.slug}/comments/{comment.number}"
    answer = speaker.call(method, path, json=sent)

    assert answer.status_code == (422 if method == "PATCH" and not sent else 403)
    session.expire_all()
    assert (comment.source, comment.state) == ("Not yours.", State.VISIBLE)


def test_its_author_deletes_a_comment_and_twice_is_once(make, letter, author, speaker):
    comment = make.comment(letter, author=author, source="Secret.")
    path = f"/letters/{letter.slug}/comments/{comment.number}"

    answers = [speaker.call("DELETE", path), speaker.call("DELETE", path)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert [answer.json["state"] for answer in answers] == ["deleted", "deleted"]
    assert "Secret." not in answers[0].text


@pytest.mark.parametrize("place", ["json", "query_string"])
def test_a_moderator_removes_another_s_comment_with_a_reason(make, letter, program, session, place):
    moderator = make.moderator()
    comment = make.comment(letter, source="Nasty.")
    path = f"/letters/{letter.slug}/comments/{comment.number}"

    answer = program(moderator).call(
        "DELETE", path, **{place: {"reason": "attack", "note": "Names somebody."}}
    )

    decision = session.scalars(sa.select(Decision)).one()
    assert (answer.status_code, answer.json["state"], answer.json["html"]) == (200, "removed", "")
    assert (decision.actor_id, decision.reason, decision.note) == (
        moderator.id,
        "attack",
        "Names somebody.",
    )


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"reason": None},
        {"reason": "dislike"},
        {"reason": 7},
        {"reason": "other"},
        {"reason": "attack", "note": "n" * 501},
        {"reason": "attack", "note": "\0"},
        {"reason": "attack", "note": "\ud800"},
    ],
)
def test_a_removal_without_a_good_reason_is_refused(make, letter, program, session, sent):
    comment = make.comment(letter)
    path = f"/letters/{letter.slug}/comments/{comment.number}"

    answer = program(make.moderator()).call("DELETE", path, json=sent)

    assert (answer.status_code, answer.mimetype) == (422, PROBLEM)
    assert session.scalar(sa.select(Comment.state).filter_by(number=comment.number)) == "visible"


def test_a_moderator_deletes_a_comment_of_their_own_without_a_reason(make, letter, program):
    moderator = make.moderator()
    comment = make.comment(letter, author=moderator)

    path = f"/letters/{letter.slug}/comments/{comment.number}"
    answer = program(moderator).call("DELETE", path)

    assert (answer.status_code, answer.json["state"]) == (200, "deleted")


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
@pytest.mark.parametrize("number", [0, 999, 2**31, 10**30])
def test_what_never_was_cannot_be_changed(letter, speaker, method, number):
    path = f"/letters/{letter.slug}/comments/{number}"

    answer = speaker.call(method, path, json={"body": "x"})

    assert (answer.status_code, answer.mimetype) == (404, PROBLEM)


@pytest.mark.row("34")
def test_what_breaks_down_says_no_more_than_that(app, letter, monkeypatch):
    def broken():
        raise RuntimeError("the secret is in /etc/passwd")

    app.view_functions["api_letters.listed"] = broken
    app.config["PROPAGATE_EXCEPTIONS"] = False

    answer = Program.of(app).get("/letters")

    assert (answer.status_code, answer.mimetype) == (500, PROBLEM)
    assert "secret" not in answer.text
