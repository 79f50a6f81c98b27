"""The page of the rules: list, add, change, switch off, try out; the log; and who may."""

import pytest
import sqlalchemy as sa

from discuss.accounts.models import Role
from discuss.comments import actions as comments
from discuss.moderation.models import Decision
from discuss.moderation.rules import actions
from discuss.moderation.rules.models import Kind, Rule

PAGE = "/moderation/rules"
LINKS = "https://a.example https://b.example"


@pytest.fixture
def rules(session):
    """Every rule as the database has it."""

    def found():
        session.expire_all()
        return session.scalars(sa.select(Rule).order_by(Rule.id)).all()

    return found


@pytest.fixture
def undo(desk, session):
    """Undo the last decision."""

    def undone():
        last = session.scalar(sa.select(sa.func.max(Decision.id)))
        return desk.post(f"/moderation/decisions/{last}/undoing").status_code

    return undone


def test_a_rule_is_added_and_holds_at_once(desk, rules, log, letter, make):
    desk.get(f"{PAGE}/new?kind=links")
    answer = desk.post(PAGE, kind="links", number="1")

    page = desk.get(PAGE).text
    assert (answer.status_code, answer.location, log()) == (303, PAGE, ["rule_set"])
    assert "Saved: the rule says so from now on." in page
    assert "More than 1 link" in page
    outcome = comments.post(letter, make.account(), make.remark(LINKS))
    assert (len(rules()), outcome.reason) == (1, "It has 2 links.")


def test_a_rule_of_one_letter_says_so(desk, rules, letter):
    desk.post(PAGE, kind="old_letter", number="30", letter=letter.slug, trusted_after="5")

    (made,) = rules()
    page = desk.get(PAGE).text
    assert (made.letter_id, made.number, made.trusted_after) == (letter.id, 30, 5)
    assert f"Only at “{letter.headline}”" in page
    assert "not for accounts with 5 comments that stand" in page


def test_a_rule_is_changed_switched_off_and_each_is_undone(desk, rules, log, undo):
    desk.post(PAGE, kind="words", words="casino\n\n  spam ")
    (made,) = rules()

    desk.post(f"{PAGE}/{made.id}", words="casino", kind="links", letter="no-such")
    desk.post(f"{PAGE}/{made.id}/switch", on="no")

    (now,) = rules()
    assert (now.words, now.kind, now.is_on, len(log())) == ("casino", Kind.WORDS, False, 3)
    assert undo() == 303
    assert rules()[0].is_on
    assert undo() == 303  # the undoing is undone
    assert not rules()[0].is_on


def test_undone_a_new_rule_is_off(desk, rules, undo):
    desk.post(PAGE, kind="reports", number="3")

    undo()

    assert [rule.is_on for rule in rules()] == [False]


def test_the_log_leads_to_the_rule_and_says_what_it_is(desk, rules):
    desk.post(PAGE, kind="young", number="7")

    page = desk.get("/moderation/log?what=rules").text

    assert f'href="{PAGE}/{rules()[0].id}"' in page
    assert "Accounts of less than 7 days" in page


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"kind": "links", "number": "11"}, "write a number from 0 to 10"),
        ({"kind": "links", "number": ""}, "write a number from 0 to 10"),
        ({"kind": "links", "number": "-1"}, "write a number"),
        ({"kind": "links", "number": "１"}, "write a number"),
        ({"kind": "links", "number": "9" * 30}, "write a number"),
        ({"kind": "pace", "number": "5"}, "Within how many minutes"),
        ({"kind": "words", "words": " \n "}, "at least one line"),
        ({"kind": "words", "words": "x" * 5_001}, "5,000 fit"),
        ({"kind": "patterns", "words": "(a"}, "The pattern cannot be used"),
        ({"kind": "patterns", "words": "ok\na*"}, "is found in every comment"),
        ({"kind": "words", "words": "ok", "trusted_after": "0"}, "write a number from 1"),
    ],
)
def test_what_cannot_be_a_rule_comes_back_with_what_was_typed(desk, rules, fields, said, log):
    answers = [desk.post(path, **fields) for path in (PAGE, f"{PAGE}/trial")]

    assert [answer.status_code for answer in answers] == [422, 422]
    assert all(said in answer.text for answer in answers)
    assert all(fields.get("words", "") in answer.text.replace("&#34;", '"') for answer in answers)
    assert (rules(), log()) == ([], [])


@pytest.mark.parametrize("path", [f"{PAGE}/new?kind=none", f"{PAGE}/new", f"{PAGE}/999999"])
def test_there_must_be_such_a_rule(desk, path):
    assert desk.get(path).status_code == 404


def test_a_trial_tells_what_it_would_have_held_and_changes_nothing(desk, rules, log, make, letter):
    make.comment(letter, source="To the casino.")
    make.comment(source="At another letter’s casino.")
    make.comment(letter, source="Nothing.")

    whole = desk.post(f"{PAGE}/trial", kind="words", words="casino", sample="A CASINO")
    one = desk.post(
        f"{PAGE}/trial", kind="words", words="casino", letter=letter.slug, sample="None"
    )

    assert "It would have held 2 of the last 5 comments" in whole.text
    assert "Your text would wait: It says “casino”." in whole.text
    assert "It would have held one of the last 2 comments" in one.text
    assert "Your text would not wait." in one.text
    assert (rules(), log()) == ([], [])


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_can_be_tried_added_and_shown(desk, rules, kind, make, letter):
    author = make.account()
    for n in range(3):
        make.comment(letter, author=author, source=f"The very same thing is said here, {n} times.")
    fields = {"number": "80" if kind is Kind.REPEATED else "2", "minutes": "60", "words": "zebra"}

    trial = desk.post(f"{PAGE}/trial", kind=kind, **fields)
    desk.post(PAGE, kind=kind, **fields)

    assert [rule.kind for rule in rules()] == [kind]
    assert desk.get(f"{PAGE}/{rules()[0].id}").status_code == 200
    found = {Kind.PACE: "one", Kind.REPEATED: "2", Kind.FIRST: "4", Kind.YOUNG: "5"}
    assert f"It would have held {found.get(kind, 0)} of the last 5 comments" in trial.text


@pytest.mark.row("31")
def test_no_more_rules_than_can_be_looked_at(desk, rule, monkeypatch):
    monkeypatch.setattr(actions, "MOST_RULES", 2)
    rule(Kind.LINKS, 1)
    rule(Kind.LINKS, 2, is_on=False)
    rule(Kind.LINKS, 3)

    answer = desk.post(PAGE, kind="links", number="4")

    assert (answer.status_code, "Switch one off" in answer.text) == (422, True)


@pytest.mark.row("31")
def test_all_rules_together_are_bounded(desk, rule, monkeypatch):
    monkeypatch.setattr(actions, "MOST_WORK", 50)
    rule(Kind.WORDS, words="casino")

    answer = desk.post(PAGE, kind="patterns", words=r"\p{L}{3}")

    assert (answer.status_code, "too much to look for" in answer.text) == (422, True)


def test_rules_that_ask_the_database_anew_are_few(desk, rule):
    for n in range(5):
        rule(Kind.PACE, 5, minutes=10 + n)

    answers = [
        desk.post(PAGE, kind=kind, number="9", minutes="60").status_code
        for kind in ("pace", "links")
    ]

    assert answers == [422, 303]


@pytest.mark.row("1")
def test_hostile_words_are_shown_as_words(desk):
    desk.post(PAGE, kind="words", words="x<script>alert(1)</script>")

    assert "<script>alert" not in desk.get(PAGE).text
    assert "<script>alert" not in desk.get("/moderation/log").text


READ = (PAGE, f"{PAGE}/new?kind=links", PAGE + "/{rule}")
WRITE = {
    PAGE: {"kind": "links", "number": "1"},
    PAGE + "/{rule}": {"number": "2"},
    PAGE + "/{rule}/switch": {"on": "no"},
    f"{PAGE}/trial": {"kind": "links", "number": "1"},
    "/letters/{slug}/pace": {"pace": "60"},
}


def test_every_address_is_in_these_tables(app):
    paths = [
        (rule.rule, method)
        for rule in app.url_map.iter_rules()
        if rule.endpoint.split(".")[0] in {"rules", "slow_mode"}
        for method in rule.methods - {"HEAD", "OPTIONS"}
    ]

    assert len([path for path, method in paths if method == "GET"]) == len(READ)
    assert len([path for path, method in paths if method == "POST"]) == len(WRITE)


@pytest.mark.row("23")
@pytest.mark.parametrize("path", [*READ, *WRITE])
def test_only_moderators(path, rule, reader, sign_in, make, desk, letter, log):
    fields = WRITE.get(path, {})
    path = path.format(rule=rule(Kind.LINKS, 1).id, slug=letter.slug)
    others = (sign_in(make.account()), sign_in(make.account(role=Role.PUBLISHER)))

    if fields:
        answers = [who.post(path, **fields).status_code for who in (reader, *others)]
        assert (answers, log()) == ([401, 403, 403], [])
        assert desk.post(path, **fields).status_code in {200, 303}
    else:
        answers = [who.get(path).status_code for who in (reader, *others)]
        assert answers == [303, 403, 403]
        assert desk.get(path).status_code == 200
