"""Every kind of page, in both colour schemes, wide and narrow: axe finds nothing, nothing moves."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import expect

from discuss.accounts import links
from discuss.comments import actions
from discuss.comments.forms import Excerpt
from discuss.comments.models import Reason
from discuss.letters.models import Policy
from discuss.letters.parsing.parsed import Precision
from discuss.moderation import actions as moderation
from discuss.moderation import reports
from tests.browser import steps
from tests.browser.axe import faults

PARAGRAPHS = (
    "On behalf of everybody who knocked on a door, thank you. #StandTogether",
    "There is more to do, and we will do it together.",
)


@dataclass
class World:
    """A letter whose discussion holds every state that a comment can have, and two people."""

    letter: Any
    ada: Any
    moderator: Any
    own: Any
    other: Any
    deleted: Any

    @property
    def path(self) -> str:
        """The letter's address."""
        return f"/letters/{self.letter.slug}"


@pytest.fixture
def world(make, session):
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
    make.held(letter, ada)
    make.held(letter, ada)
    reports.report(letter, ada, other.number, Reason.SPAM, "Look at it.")
    session.commit()
    return World(letter, ada, moderator, own, other, gone)


def test_pages_of_a_reader_who_is_not_signed_in(open_page, world, make, app, live_server):
    page = open_page()
    with app.test_request_context():
        link = links.make(world.ada).removeprefix(app.extensions["settings"].site_url)
        links.session.commit()
    make.letter(slug="closed", policy=Policy.LOCKED)
    found = []
    for path in (
        "/",
        "/?tag=elections",
        world.path,
        "/letters/closed",
        f"{world.path}/comments/{world.other.number}",
        f"{world.path}/comments/{world.other.number}?reply=1",
        f"{world.path}/comments/{world.deleted.number}",
        "/signin",
        link,
        "/privacy",
        "/terms",
        "/data-deletion",
        "/house-rules",
        "/nowhere",
    ):
        page.goto(path)
        found += faults(page, path)

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

    steps.press(page, "Continue with Google")
    expect(page.get_by_role("heading", level=1)).to_have_text("Going to Google")
    found = faults(page, "going to a provider")
    page.unroute(standins)
    steps.follow(page, "Continue to Google")
    found += faults(page, "the stand-in's page")
    steps.answer_provider(page, "Ada", "Deny")
    found += faults(page, "a sign-in that was denied")

    assert found == []


def test_pages_of_an_author(person, world):
    page = person(world.ada)
    found = []
    for path in (
        world.path,
        f"{world.path}/comments/{world.own.number}?edit=1",
        f"{world.path}/comments/{world.other.number}?reply=1",
        f"{world.path}/comments/{world.other.number}/report",
        "/account",
        "/signin",
        "/moderation",
    ):
        page.goto(path)
        found += faults(page, path)

    steps.open_letter(page, world.letter)
    steps.write(page, "https://example.org/ " * 11)
    steps.press(page, "Post comment")
    expect(page.get_by_role("alert")).to_be_visible()
    found += faults(page, "a refused comment")
    steps.post(page, "One link will do.")
    found += faults(page, "a posted comment")

    assert found == []


def test_pages_of_a_moderator(person, world):
    page = person(world.moderator)
    found = []
    for path in (
        world.path,
        f"{world.path}/comments/{world.other.number}/removal",
        f"{world.path}/comments/{world.own.number}/history",
        "/moderation",
        "/moderation?q=reported",
        "/moderation?q=all",
        "/moderation/log",
        f"/moderation/accounts/{world.ada.id}/ban",
    ):
        page.goto(path)
        found += faults(page, path)

    page.goto("/moderation?q=reported")
    steps.open_menu(page.get_by_role("article"), "Remove…")
    found += faults(page, "an open menu of reasons")
    steps.press(page, "Personal attack")
    expect(page.get_by_text("Removed: personal attack.")).to_be_visible()
    found += faults(page, "a removal that can be undone")

    assert found == []


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

    for path in (world.path, f"{world.path}#c-{world.own.number}"):
        page.goto("about:blank")
        assert page.goto(path).status == 200
        page.wait_for_load_state("networkidle")
        page.evaluate("document.fonts.ready")
        page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
        assert page.evaluate("shifts") == []
