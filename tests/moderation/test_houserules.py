"""The house rules: written by publishers, numbered, pointed to by every reason."""

import pytest

from discuss.accounts.models import Role
from discuss.comments.models import Reason
from discuss.moderation import actions as moderation
from discuss.moderation.houserules.actions import last_decision
from discuss.moderation.houserules.queries import house_rules

PAGE = "/moderation/house-rules"


def fields(**more):
    """Two rules, and all reasons pointing to the second but for two."""
    return {
        "title-1": "Be kind",
        "words-1": "Say it to **their** face.",
        "title-2": "Be true",
        "words-2": "Where is it from?",
        **{f"reason-{reason}": "2" for reason in Reason},
        "reason-attack": "1",
        "reason-private": "1",
        "seen": "0",
        **more,
    }


def last(session):
    """Return the id of the newest decision, as a form has it."""
    session.expire_all()
    return str(last_decision())


@pytest.fixture
def publisher(make):
    return make.account("Paula", role=Role.PUBLISHER)


@pytest.fixture
def office(sign_in, publisher):
    """The publisher's browser."""
    return sign_in(publisher)


def titles():
    return [(rule.number, rule.title) for rule in house_rules()]


def test_a_new_site_has_a_rule_for_each_reason(app, reader):
    page = reader.get("/house-rules").text

    assert [rule.reasons for rule in house_rules()] == [
        (Reason(name),) for name in ("attack", "off_subject", "private", "illegal", "other", "spam")
    ]
    assert all(f'id="{reason}"' in page for reason in Reason)


def test_what_the_publisher_writes_is_what_everybody_reads_at_once(office, reader, log):
    before = reader.get("/house-rules")

    answer = office.post(PAGE, **fields())

    after = reader.get("/house-rules", headers={"If-None-Match": before.headers["ETag"]})
    assert (answer.status_code, answer.location, log()) == (303, PAGE, ["house_rules_set"])
    assert after.status_code == 200
    assert "1. Be kind" in after.text
    assert "<strong>their</strong>" in after.text
    assert "Personal attack" not in after.text
    assert "Saved: readers see these rules from now on." in office.get(PAGE).text


def test_their_order_is_that_of_their_places(office):
    office.post(PAGE, **fields(**{"place-1": "5", "place-2": "3"}))

    assert titles() == [(1, "Be true"), (2, "Be kind")]
    assert house_rules()[1].reasons == (Reason.ATTACK, Reason.PRIVATE)


def test_a_rule_that_says_nothing_goes(office, session):
    office.post(PAGE, **fields())

    office.post(
        PAGE,
        **fields(
            **{"title-1": " ", "words-1": "", "reason-attack": "2", "reason-private": "2"},
            seen=last(session),
        ),
    )

    assert titles() == [(1, "Be true")]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"title-1": ""}, "Give every rule a title."),
        ({"reason-spam": ""}, "Choose the rule that “Spam” points to."),
        ({"reason-spam": "3"}, "Choose the rule that “Spam” points to."),
        ({"title-1": "x" * 121}, "120 fit"),
        ({"words-1": "x" * 3_001}, "3,000 fit"),
        ({"words-1": "a\x01"}, "a character that cannot be shown"),
        ({"title-1": "", "words-1": "", "title-2": "", "words-2": ""}, "at least one rule"),
    ],
)
def test_what_cannot_be_a_rule_comes_back_with_what_was_typed(office, more, said, log):
    answer = office.post(PAGE, **fields(**more))

    assert (answer.status_code, said in answer.text, log()) == (422, True, [])
    assert more.get("words-1", "Say it to")[:9] in answer.text


def test_two_who_write_at_once_lose_nothing(office, log):
    office.post(PAGE, **fields())

    answer = office.post(PAGE, **fields(**{"title-1": "Be loud"}))

    assert (answer.status_code, "Be loud" in answer.text) == (409, True)
    assert "somebody has written the rules meanwhile" in answer.text
    assert (titles()[0], log()) == ((1, "Be kind"), ["house_rules_set"])


def test_saving_the_same_changes_nothing(office, log, session):
    office.post(PAGE, **fields())
    office.post(PAGE, **fields(seen=last(session)))

    assert log() == ["house_rules_set"]


def test_the_publisher_undoes_it_and_undoes_the_undoing(office, log, session):
    office.post(PAGE, **fields())

    office.post(f"{PAGE}/undoing", decision=last(session))
    first = titles()
    office.post(f"{PAGE}/undoing", decision=last(session))

    assert (first[0], len(first)) == ((1, "Personal attack"), 6)
    assert (titles()[0], log()) == ((1, "Be kind"), ["house_rules_set"] * 3)


def test_it_stands_in_the_log_where_an_administrator_undoes_it(office, sign_in, make, session):
    office.post(PAGE, **fields())
    chief = sign_in(make.account(role=Role.ADMINISTRATOR))
    path = f"/moderation/decisions/{last(session)}/undoing"

    log = chief.get("/moderation/log?what=rules").text
    refused = sign_in(make.moderator()).post(path).status_code
    undone = chief.post(path).status_code

    assert "2 rules: Be kind; Be true" in log
    assert (refused, undone, len(titles())) == (403, 303, 6)


def test_each_reason_names_its_rule_where_it_is_chosen(office, desk, letter, comment):
    office.post(PAGE, **fields())

    dialogue = desk.get(f"/letters/{letter.slug}/comments/{comment.number}/removal").text

    assert 'value="attack" required> Personal attack <span class="hint">rule 1</span>' in dialogue
    assert 'value="spam" required> Spam <span class="hint">rule 2</span>' in dialogue


def test_a_tombstone_leads_to_the_rule(office, desk, letter, comment, moderator, reader, session):
    office.post(PAGE, **fields())
    moderation.remove(letter, moderator, comment.number, Reason.ATTACK)
    session.commit()

    assert 'href="/house-rules#attack"' in reader.get(f"/letters/{letter.slug}").text
    rules = reader.get("/house-rules").text
    assert rules.index('id="rule-1"') < rules.index('id="attack"') < rules.index('id="rule-2"')


def test_who_has_never_written_reads_the_rules_above_the_composer(letter, make, sign_in, reader):
    line = "Your first comment here: the house rules in short"
    newcomer, page = sign_in(make.account()), f"/letters/{letter.slug}"

    before = newcomer.get(page).text
    newcomer.comment(letter, "My first.")

    assert (line in before, line in newcomer.get(page).text) == (True, False)
    assert line not in reader.get(page).text


@pytest.mark.row("1")
def test_hostile_rules_are_harmless(office, reader, desk):
    office.post(
        PAGE,
        **fields(
            **{
                "title-1": "<script>alert(1)</script>",
                "words-1": "<img src=x onerror=alert(1)> [x](javascript:alert(1))",
            }
        ),
    )

    pages = [
        reader.get("/house-rules").text,
        office.get(PAGE).text,
        desk.get("/moderation/log").text,
    ]
    assert not any(
        bad in page for page in pages for bad in ("<script>alert", "<img", 'href="javascript')
    )


@pytest.mark.row("23")
@pytest.mark.parametrize("method", ["get", "post", "undo"])
def test_only_publishers(method, reader, sign_in, make, log):
    people = (reader, sign_in(make.account()), sign_in(make.moderator()))
    calls = {
        "get": lambda who: who.get(PAGE),
        "post": lambda who: who.post(PAGE, **fields()),
        "undo": lambda who: who.post(f"{PAGE}/undoing", decision="1"),
    }

    answers = [calls[method](who).status_code for who in people]

    assert answers == [303 if method == "get" else 401, 403, 403]
    assert log() == []
