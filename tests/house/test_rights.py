"""No parameter gives more rights, no field sets what it is not for, no page shows sealed words."""

import pytest
import sqlalchemy as sa

from discuss.accounts.models import Account
from discuss.base.db import Base
from discuss.base.security import SAFE_METHODS
from discuss.comments import actions as comments
from discuss.comments.models import Reason
from discuss.moderation import actions, chain, reports
from discuss.moderation.models import Decision
from discuss.moderation.redaction import actions as redacting
from discuss.moderation.rules import actions as rules
from discuss.moderation.rules.models import Kind, Rule
from discuss.moderation.sanctions import sweeping
from tests.house.permissions import COLUMNS, FORMS, World, table, with_ways


@pytest.fixture
def settings(settings):
    return with_ways(settings)


OPEN_TO_READERS, AT_THE_DESK = ("/letters", "/account"), ("/moderation/",)
REFUSED = [
    (method, rule, who)
    for (method, rule), told in table().items()
    for who in ("reader", "moderator elsewhere")
    if rule in FORMS and method not in SAFE_METHODS and told[COLUMNS.index(who)] >= "400"
]


OF_MANY = {"/moderation/selection": "item", "/moderation/decisions/undoing": "decision"}
"""Forms about several things, by the field that names them; naming none, they do nothing."""


@pytest.mark.row("24")
@pytest.mark.parametrize(("method", "rule", "who"), REFUSED)
def test_no_parameter_that_is_missing_or_odd_gives_more_rights(cell, method, rule, who):
    found = {
        f"{name} {what}": cell(method, rule, who, change=(name, value))
        for name in FORMS[rule]
        if name != OF_MANY.get(rule) or who != "moderator elsewhere"
        for what, value in {
            "dropped": None,
            "empty": "",
            "doubled": ["1", "2"],
            "odd": "\u2028[]",
        }.items()
    }

    assert {name: status for name, status in found.items() if status < 400} == {}


CANARIES = {
    "held": "hm9mweoq",
    "removed": "vk3jrtwq",
    "redacted": "zq8xpafd",
    "swept": "lt5ygbcn",
}
"""Words that nobody else may read, by what keeps them."""


@pytest.mark.row("27")
@pytest.mark.parametrize(
    ("who", "finds"),
    [
        ("anybody", set()),
        ("reader", set()),
        ("publisher", set()),
        ("moderator elsewhere", set()),
        ("moderator here", set(CANARIES)),  # so the search itself is known to find them
    ],
)
def test_sealed_words_are_on_no_page_but_moderators_own(make, people, reader, sign_in, who, finds):
    letter, accounts = people
    author, moderator = accounts["author"], accounts["moderator of all"]
    held = comments.hold(letter, author, make.remark(CANARIES["held"]), CANARIES["held"], "x")
    removed = make.comment(letter, author=author, source=CANARIES["removed"])
    actions.remove(letter, moderator, removed.number, Reason.SPAM)
    redacted = make.comment(letter, author=author, source=CANARIES["redacted"])
    redacting.redact(letter, moderator, redacted.number, "Less.", Reason.PRIVATE)
    spammer = make.account()
    swept = make.comment(letter, author=spammer, source=CANARIES["swept"])
    sweeping.sweep(spammer, moderator, Reason.SPAM)
    actions.session.commit()
    world = World(make, letter, author, accounts.get(who))
    world.held_id, world.redacted = held.id, redacted.number
    world.number = redacted.number
    assert world.reference, "of a notice about what can be read"
    browser = reader if who == "anybody" else sign_in(accounts[who])
    rules = [rule for method, rule in table() if method == "GET" and "alerts" not in rule]

    leaks = set()
    for rule in rules:
        for world.number in (removed.number, redacted.number, swept.number):
            text = browser.get(world.path(rule)).text
            leaks |= {kept for kept, canary in CANARIES.items() if canary in text}
    for path in (
        "/moderation?q=all",
        "/moderation?q=reported",
        f"/letters/{letter.slug}?sort=oldest",
    ):
        text = browser.get(path).text
        leaks |= {kept for kept, canary in CANARIES.items() if canary in text}

    assert leaks == finds


@pytest.mark.row("27")
@pytest.mark.parametrize("taken_out_by", ["removal", "redaction", "sweep", "report"])
def test_what_was_public_is_in_no_page_that_was_kept(make, people, reader, sign_in, taken_out_by):
    letter, accounts = people
    moderator, spammer = accounts["moderator of all"], make.account()
    make.comment(letter)
    said = make.comment(letter, author=spammer, source=CANARIES["removed"])
    place = f"/letters/{letter.slug}/comments/{said.number}"
    paths = [
        f"/letters/{letter.slug}",
        f"/letters/{letter.slug}?sort=newest",
        f"/letters/{letter.slug}/feed.atom",
        "/comments.atom",
        place,
        f"/api/v1/letters/{letter.slug}/comments",
        f"/api/v1/letters/{letter.slug}/comments?since=0",
        f"/api/v1{place}",
    ]
    browsers = [reader, sign_in(accounts["reader"])]
    shown = [CANARIES["removed"] in one.get(path).text for one in browsers for path in paths]

    match taken_out_by:
        case "removal":
            actions.remove(letter, moderator, said.number, Reason.SPAM)
        case "redaction":
            redacting.redact(letter, moderator, said.number, "Less.", Reason.PRIVATE)
        case "sweep":
            sweeping.sweep(spammer, moderator, Reason.SPAM, ban=True)
        case "report":
            rules.add(moderator, Rule(kind=Kind.REPORTS, number=1, words="", is_on=True))
            reports.report(letter, accounts["reader"], said.number, Reason.SPAM)
    actions.session.commit()

    answers = [one.get(path).text for one in browsers for path in paths]
    answers += [reader.get("/moderation/record").text, browsers[1].post("/account/data").text]
    assert shown == [True] * len(shown)
    assert [text for text in answers if CANARIES["removed"] in text] == []
    left = 2 if taken_out_by == "redaction" else 1
    assert f'talk-h">{left} comment' in reader.get(paths[0]).text


@pytest.mark.row("25")
@pytest.mark.parametrize("who", ["reader", "moderator here", "moderator of all"])
def test_no_field_of_a_form_sets_what_it_is_not_for(cell, people, session, who):
    """Every column of every table, sent along with what somebody may send (mass assignment)."""
    columns = {column.name for table in Base.metadata.tables.values() for column in table.columns}
    extra = dict.fromkeys(columns, "1") | {"role": "administrator", "letters_only": "", "way": "x"}
    before, sent = privileges(session), 0

    closing_last = sorted(table(), key=lambda place: place[1].endswith(("/lock", "/pace")))
    for method, rule in closing_last:
        told = table()[method, rule][COLUMNS.index(who)]
        if method == "POST" and told == "303" and rule.startswith(OPEN_TO_READERS + AT_THE_DESK):
            fields = {key: value for key, value in extra.items() if key not in FORMS.get(rule, {})}
            sent += cell(method, rule, who, extra=fields) == 303

    assert sent > 5
    assert {key: privileges(session)[key] for key in before} == before
    bystander = session.scalars(sa.select(Account.id).order_by(Account.id)).first()
    assert bystander == 1, "whom the fields name"
    decisions = session.scalars(sa.select(Decision)).all()
    assert not [one for one in decisions if 1 in (one.actor_id, one.subject_id)]
    assert chain.misfit() is None


def privileges(session):
    """Return what each account may do."""
    session.rollback()
    rows = session.execute(sa.select(Account.id, Account.role, Account.letters_only))
    return {row.id: (row.role, row.letters_only) for row in rows}
