"""Every kind of page, in both colour schemes, wide and narrow: axe finds nothing, nothing moves."""

from datetime import date
from types import SimpleNamespace

import pytest
from playwright.sync_api import expect

from discuss.accounts import links
from discuss.accounts.models import Role
from discuss.comments import actions
from discuss.comments.forms import Excerpt
from discuss.comments.models import Reason
from discuss.letters.models import Policy
from discuss.letters.parsing.parsed import Precision
from discuss.moderation import actions as moderation
from discuss.moderation import branches, reports
from discuss.moderation.alerts import actions as alerts
from discuss.moderation.muting import actions as mutes
from discuss.moderation.publicrecord import figures
from discuss.moderation.redaction import actions as redacting
from discuss.moderation.redress import appeals, notices
from discuss.moderation.rules import actions as rules
from discuss.moderation.rules.models import Kind, Rule
from discuss.moderation.sanctions import warnings
from tests.browser import steps
from tests.browser.axe import faults

pytestmark = pytest.mark.looks

PARAGRAPHS = (
    "On behalf of everybody who knocked on a door, thank you. #StandTogether",
    "There is more to do, and we will do it together.",
)


# What an address holds in braces is a thing of the `world` below.
OF_A_READER = (
    "/",
    "/?tag=elections",
    "{letter}",
    "/letters/closed",
    "{letter}/comments/{other}",
    "{letter}/comments/{other}?reply=1",
    "{letter}/comments/{deleted}",
    "/signin",
    "/signin/link/{link}",
    "/privacy",
    "/terms",
    "/data-deletion",
    "/data-deletion/status",
    "/house-rules",
    "/moderation/record",
    "/notice",
    "/notice/{reference}",
    "/nowhere",
)
OF_AN_AUTHOR = (
    "{letter}",
    "{letter}/comments/{own}?edit=1",
    "{letter}/comments/{other}?reply=1",
    "{letter}/comments/{other}/report",
    "/account",
    "/account/decisions",
    "/account/decisions/{removal}",
    "/account/deletion",
    "/signin",
    "/moderation",
)
OF_A_MODERATOR = (
    "{letter}",
    "{letter}/comments/{other}/removal",
    "{letter}/comments/{own}/history",
    "/moderation",
    "/moderation?q=reported",
    "/moderation?q=all",
    "/moderation?words=buy&age=day",
    "/moderation?words=nothing",
    "/moderation/held/{held}/refusal",
    "/moderation/log",
    "/moderation/appeals",
    "/moderation/notices",
    "/moderation/rules",
    "/moderation/rules/new?kind=words",
    "/moderation/rules/{rule}",
    "/moderation/accounts/{account}/ban",
    "/moderation/accounts/{account}/warning",
    "/moderation/accounts/{account}/sweep",
    "/moderation/alerts",
    "/moderation/figures",
    "/moderation-alerts/links/{signed}",
    "{letter}/comments/{other}/redaction",
    "{letter}/comments/{redacted}/before",
)
OF_AN_ADMINISTRATOR = (
    "{letter}",
    "/administration/accounts",
    "/administration/accounts?q=nobody",
    "/administration/accounts/{account}",
    "/moderation/assistant",
    "/moderation/house-rules",
    "/moderation/log",
)
NO_PAGES = {
    "own_decisions.why",  # leads on
    "alerts.feed",
    "accounts.arrive",  # leads on; where it fails, `test_pages_on_the_way_through_a_sign_in`
    "metrics",
    "pages.health",
    "pages.icon",
    "pages.ready",
    "pages.robots",
    "pages.security_txt",
    "reading.newer",
    "record.record_as_lines",
    "reading.all_comments_feed",
    "reading.letter_feed",
    "reading.site_feed",
}


@pytest.fixture
def world(make, session, app):
    """A letter whose discussion holds every state that a comment can have; its addresses."""
    letter = make.letter(
        PARAGRAPHS,
        tags=("Elections",),
        hashtags=("StandTogether",),
        sent_on=date(2016, 5, 1),
        precision=Precision.MONTH,
        addressee="Our members",
        role="Shadow Chancellor",
        introduction=["Why we print this.", "And who wrote it.", "And when."],
    )
    ada, moderator = make.account("Ada"), make.moderator("Jordan")
    above = make.comment(letter, source="Level 1.")
    for level in range(2, 12):
        above = make.comment(letter, parent=above, source=f"Level {level}.")
    own = make.comment(letter, author=ada, source="Words, and [a link](https://example.org/).")
    make.comment(letter, parent=own, author=moderator, source="> quoted\n\n- and\n- listed")
    other = make.comment(letter, excerpt=Excerpt(2, "more to do", "There is ", ", and we"))
    low = make.comment(letter, source="Voted down.")
    low.score = -7
    removed, deleted = make.comment(letter), make.comment(letter, author=ada)
    for one in (removed, deleted):
        make.comment(letter, parent=one, source="An answer.")
    moderation.remove(letter, moderator, removed.number, Reason.ATTACK)
    actions.delete(letter, ada, deleted.number)
    actions.edit(letter, ada, own.number, "Words, and `code`, and <https://example.org/>.", None)
    gone = make.comment(letter, author=ada)
    actions.delete(letter, ada, gone.number)
    held = make.held(letter, ada)
    redacted = make.comment(letter, source="Ring her at 020 7946 0000.")
    redacting.redact(letter, moderator, redacted.number, "Ring her.", Reason.PRIVATE)
    branches.lock(letter, moderator, redacted.number)
    mutes.mute(ada, redacted.account_id)
    make.letter(slug="closed", policy=Policy.LOCKED)
    with app.test_request_context():
        link = links.make(ada).rsplit("/", 1)[-1]
        signed = alerts.sign(alerts.Matter(moderator.id, held_id=held.id))
    reports.report(letter, ada, other.number, Reason.SPAM, "Look at it.")
    mine, nasty = (make.comment(letter, author=ada) for _ in range(2))
    removal = moderation.remove(letter, moderator, mine.number, Reason.PRIVATE)
    appealed = moderation.remove(letter, make.moderator("Kit"), nasty.number, Reason.ATTACK)
    appeals.appeal(ada, appealed, "It was a quotation.")
    said = notices.Notification(letter, other.number, "It is a crime.", "Kim", "kim@example.org")
    with app.test_request_context():
        reference = notices.notify(said, None, "127.0.0.1")
    figures.count_months()
    rule = Rule(kind=Kind.WORDS, words="watches")
    rules.add(moderator, rule)
    session.commit()
    return SimpleNamespace(
        letter=letter,
        ada=ada,
        moderator=moderator,
        addresses={
            "letter": f"/letters/{letter.slug}",
            "own": own.number,
            "other": other.number,
            "deleted": gone.number,
            "held": held.id,
            "account": ada.id,
            "link": link,
            "removal": removal.id,
            "reference": reference,
            "signed": signed,
            "redacted": redacted.number,
            "rule": rule.id,
        },
    )


def visit(page, paths, world):
    """Open one page after another, and return what is wrong with them."""
    found = []
    for path in paths:
        page.goto(path.format(**world.addresses))
        found += faults(page, path)
    return found


def test_every_page_of_the_site_is_among_those_visited(app, world):
    adapter = app.url_map.bind("127.0.0.1")
    visited = {
        adapter.match(path.format(**world.addresses).partition("?")[0])[0]
        for path in {*OF_A_READER, *OF_AN_AUTHOR, *OF_A_MODERATOR, *OF_AN_ADMINISTRATOR}
        - {"/nowhere"}
    }

    pages = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in rule.methods}
    pages = {page for page in pages if not page.startswith("api_")}
    assert pages - visited == NO_PAGES


@pytest.mark.long
def test_pages_of_a_reader_who_is_not_signed_in(open_page, world):
    page = open_page()
    found = visit(page, OF_A_READER, world)

    steps.open_letter(page, world.letter)
    steps.open_reply(page, "A remark.")
    found += faults(page, "a reply opened in place")
    steps.open_menu(steps.comment(page, "A remark."), "More")
    found += faults(page, "an open menu")

    assert found == []


def test_pages_on_the_way_through_a_sign_in(open_page, world, live_server):
    page = open_page()
    standins = f"{live_server.standins.address}/**"
    steps.open_letter(page, world.letter)
    steps.write(page, "Words.")
    page.route(standins, lambda route: route.fulfill(status=204))  # a browser stays where it is

    with page.expect_response(standins):
        steps.press(page, "Continue with Google")
    expect(page.get_by_role("heading", level=1)).to_have_text("Going to Google")
    found = faults(page, "going to a provider")
    page.unroute(standins)
    steps.follow(page, "Continue to Google")
    expect(page.get_by_text("stands in for")).to_be_visible()
    found += faults(page, "the stand-in's page")
    steps.answer_provider(page, "Ada", "Deny")
    found += faults(page, "a sign-in that was denied")

    assert found == []


@pytest.mark.long
def test_pages_of_an_author(person, world):
    page = person(world.ada)
    found = visit(page, OF_AN_AUTHOR, world)

    steps.open_letter(page, world.letter)
    steps.write(page, "https://example.org/ " * 11)
    steps.press(page, "Post comment")
    expect(page.get_by_role("alert")).to_be_visible()
    found += faults(page, "a refused comment")
    steps.post(page, "One link will do.")
    found += faults(page, "a posted comment")

    assert found == []


@pytest.mark.long
def test_pages_of_a_moderator(person, world):
    page = person(world.moderator)
    found = visit(page, OF_A_MODERATOR, world)

    page.goto("/moderation?q=reported")
    steps.open_menu(page.get_by_role("article"), "Remove…")
    found += faults(page, "an open menu of reasons")
    steps.press(page, "Personal attack")
    expect(page.get_by_text("Removed: personal attack.")).to_be_visible()
    found += faults(page, "a removal that can be undone")

    assert found == []


def test_pages_of_an_administrator(person, world, make):
    page = person(make.account("Alex", Role.ADMINISTRATOR))

    assert visit(page, OF_AN_ADMINISTRATOR, world) == []


def test_pages_of_somebody_who_is_warned_and_banned(person, world, session, make):
    warnings.warn(world.ada, world.moderator, Reason.ATTACK, "Leave her family out of it.")
    ban = moderation.ban(world.ada, world.moderator, Reason.SPAM)
    session.commit()
    page, why = person(world.ada), f"/account/decisions/{ban.id}"

    assert visit(page, ("{letter}", "/account", "/account/decisions", why), world) == []

    appeals.appeal(world.ada, ban, "It was my brother.")
    session.commit()
    assert visit(page, (why,), world) == []
    assert visit(person(make.moderator("Lou")), ("/moderation/appeals",), world) == []


COUNT_SHIFTS = """
  window.shifts = [];
  new PerformanceObserver(list => window.shifts.push(...list.getEntries().map(
    ({value, sources}) => `${value} ${sources.map(({node}) => node?.outerHTML).join()}`,
  ))).observe({type: 'layout-shift', buffered: true});
"""


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_moves_while_a_letter_loads(person, world, width):
    page = person(world.ada, viewport={"width": width, "height": 900})
    page.add_init_script(COUNT_SHIFTS)

    for path in ("{letter}", "{letter}#c-{own}"):
        page.goto("about:blank")
        assert page.goto(path.format(**world.addresses)).status == 200
        page.wait_for_load_state("networkidle")
        page.evaluate("document.fonts.ready")
        page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
        assert page.evaluate("shifts") == []
