"""The queue without a mouse: one key a decision, every one undone; and two moderators at once."""

import json
import re

import pytest
from playwright.sync_api import expect

from discuss.base import rendering
from discuss.comments.models import Comment, HeldComment
from discuss.moderation.models import Claim, Decision
from tests.browser import steps
from tests.plumbing.services import CORPORA, wait_until

THREAD = CORPORA / "threads" / "reddit_1428.json"
HELD = 200
UNDO = re.compile("Undo (Approved|Removed)")
CURRENT = ".q > [aria-current=true]"


def open_queue(page, query=""):
    """Go to the queue and wait until its script listens."""
    page.goto(f"/moderation{query}")
    expect(page.locator(".q[data-keys]")).to_be_attached()


def count(session, kind, *conditions):
    session.rollback()
    return session.query(kind).filter(*conditions).count()


@pytest.fixture
def held(make, session):
    """Make comments wait, oldest first: `held("One.", "Two.")`."""

    def hold(*texts):
        letter, author = make.letter(), make.account("Hayden")
        rows = [
            HeldComment(
                letter_id=letter.id,
                parent=0,
                account_id=author.id,
                source=text,
                html=str(rendering.comment_html(text)),
                reason="This is your first comment here.",
            )
            for text in texts
        ]
        session.add_all(rows)
        session.commit()
        return rows

    return hold


@pytest.mark.long
@pytest.mark.skipif(not THREAD.exists(), reason="shared/corpora is not beside the repository")
def test_a_queue_of_200_is_cleared_at_one_key_a_decision_and_undone(person, held, make, session):
    thread = json.loads(THREAD.read_text())["comments"]
    held(*[one["text"] for one in thread if one["text"].strip()][:HELD])
    page = person(make.moderator())
    open_queue(page)
    keys = "aaasa" * (HELD // 5)
    spam = keys.count("s")

    for at, key in enumerate(keys):
        expect(page.locator(CURRENT)).to_be_attached()
        page.keyboard.press(key)
        if at % 10 == 9:
            expect(page.locator("[data-count=held] .num")).to_have_text(f"({HELD - at - 1})")

    expect(page.locator("[data-waiting]")).to_have_text("Nothing is waiting.")
    expect(page.get_by_text("No comment is held.")).to_be_visible()
    assert count(session, Decision) == HELD
    assert count(session, HeldComment, HeldComment.refused_at.is_(None)) == 0
    assert count(session, HeldComment) == spam

    for at in range(HELD):
        page.keyboard.press("u")
        if at % 10 == 9:
            expect(page.locator("[data-count=held] .num")).to_have_text(f"({at + 1})")

    expect(page.locator(".q > [data-item]")).to_have_count(HELD)
    assert count(session, Decision) == 2 * HELD
    assert count(session, HeldComment, HeldComment.refused_at.is_(None)) == HELD
    first = page.locator(CURRENT)
    expect(first).to_be_focused()
    expect(page.locator(".q > [data-item]").first).to_have_attribute("aria-current", "true")


def test_keys_walk_tick_choose_a_reason_and_undo(person, held, make, session):
    held("One.", "Two.", "Three.")
    page = person(make.moderator())
    open_queue(page)
    press, current = page.keyboard.press, page.locator(CURRENT)

    expect(current).to_contain_text("One.")
    press("j")
    expect(current).to_contain_text("Two.")
    expect(current).to_be_focused()
    press("x")
    expect(current.get_by_role("checkbox")).to_be_checked()
    expect(page.get_by_text("1 selected")).to_be_visible()
    press("k")
    expect(current).to_contain_text("One.")
    press("Control+a")
    press("r")
    expect(current.get_by_role("button", name="Personal attack")).to_be_focused()
    press("Escape")
    expect(current.get_by_role("button", name="Personal attack")).to_be_hidden()
    press("r")
    press("2")

    said = page.get_by_role("status").get_by_text("Removed: off the subject. 2 left.")
    expect(said).to_be_visible()
    expect(current).to_contain_text("Two.")
    expect(current).to_be_focused()
    press("s")
    expect(page.get_by_text("Removed: spam. 1 left.")).to_be_visible()
    page.get_by_role("status").get_by_role("button", name="Undo").press("Enter")
    expect(page.get_by_text("2 left.")).to_be_visible()
    expect(current).to_contain_text("Two.")
    expect(current).to_be_focused()
    press("u")
    expect(page.locator(".q > [data-item]")).to_have_count(3)
    expect(current).to_contain_text("One.")
    press("u")
    expect(page.get_by_text("There is nothing left to undo here.")).to_be_visible()
    assert count(session, Decision) == 4


def test_the_other_reason_is_asked_for_after_all_else_is_answered(person, held, make):
    held("One.", "Two.", "Three.")
    page = person(make.moderator())
    open_queue(page)

    for key in "ar5":
        page.keyboard.press(key)
    expect(page.get_by_role("heading", level=1)).to_have_text("Remove a comment")
    expect(page.get_by_role("article")).to_contain_text("Two.")
    steps.field(page, "Note").fill("As its author asked.")
    page.keyboard.press("Enter")

    expect(page.get_by_text("Removed: other.")).to_be_visible()
    expect(page.locator(CURRENT)).to_contain_text("Three.")
    page.keyboard.press("u")
    expect(page.get_by_text("Undone: the comment waits in the queue again.")).to_be_visible()
    expect(page.locator(".q > [data-item]")).to_have_count(2)


def test_keys_rest_while_somebody_types_and_when_they_are_turned_off(person, held, make, session):
    held("One.", "Two.")
    page = person(make.moderator())
    open_queue(page)

    page.get_by_text("Filter and search").click()
    page.get_by_role("searchbox", name="Words").press_sequentially("jasu")
    expect(page.get_by_role("searchbox", name="Words")).to_have_value("jasu")
    expect(page.locator(CURRENT)).to_contain_text("One.")
    page.get_by_role("button", name="Turn shortcuts off").press("Enter")
    page.locator(CURRENT).focus()
    page.keyboard.press("j")
    page.keyboard.press("s")
    page.reload()
    off = page.get_by_role("button", name="Turn shortcuts on")
    expect(off).to_be_visible()
    page.keyboard.press("s")
    expect(page.locator(CURRENT)).to_contain_text("One.")
    off.press("Enter")
    page.keyboard.press("?")
    expect(page.get_by_role("complementary", name="Keyboard shortcuts")).to_be_focused()
    page.keyboard.press("j")

    expect(page.locator(CURRENT)).to_contain_text("Two.")
    assert count(session, Decision) == 0


def test_two_moderators_see_what_the_other_looks_at_and_decides(person, held, make, session, watch):
    first = held("One.", "Two.", "Three.")[0].id
    jordan, kit = person(make.moderator("Jordan")), person(make.moderator("Kit"))
    open_queue(jordan)
    expect(jordan.locator(CURRENT)).to_contain_text("One.")
    wait_until(lambda: count(session, Claim), "Jordan's claim")

    open_queue(kit)
    expect(kit.locator(CURRENT)).to_contain_text(re.compile("Jordan.? is looking at this"))
    jordan.keyboard.press("a")
    expect(jordan.get_by_text("Approved. 2 left.")).to_be_visible()
    kit.keyboard.press("s")

    line = kit.locator(".q").get_by_text(re.compile("Jordan.? has approved this already."))
    expect(line).to_be_visible()
    expect(kit.locator(CURRENT)).to_contain_text("Two.")
    expect(kit.locator(".q > [data-item]")).to_have_count(2)
    kit.keyboard.press("a")
    expect(kit.get_by_text("Approved. 1 left.")).to_be_visible()
    jordan.reload()
    expect(jordan.locator(".q > [data-item]")).to_have_count(1)
    assert count(session, Decision) == 2
    (conflict,) = watch.troubles  # as a script is told that it came second
    assert re.search(rf"409: .*/moderation/held/{first}/refusal$", conflict)
    watch.troubles.clear()


def test_what_another_has_decided_leaves_a_line_without_being_touched(person, held, make):
    rows = held("One.", "Two.")
    jordan, kit = person(make.moderator("Jordan")), person(make.moderator("Kit"))
    open_queue(kit)
    jordan.goto("/moderation")
    steps.press(steps.comment(jordan, "Two."), "Spam")
    expect(jordan.get_by_text("Removed: spam. 1 left.")).to_be_visible()

    kit.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    expect(
        kit.locator(".q").get_by_text(re.compile("Jordan.? has removed this already."))
    ).to_be_visible()
    expect(kit.locator(f"[data-item=held-{rows[1].id}]")).to_have_count(0)


def test_a_selection_is_decided_and_undone_by_plain_forms(person, held, script, make, session):
    held("One.", "Two.", "Three.")
    page = person(make.moderator(), **script)
    page.goto("/moderation")

    for words in ("One.", "Three."):
        item = page.get_by_role("listitem").filter(has=page.get_by_role("article"))
        item.filter(has_text=words).get_by_role("checkbox").press("Space")
    page.get_by_role("button", name="Spam what is ticked").press("Enter")
    expect(page.get_by_text("Removed 2 comments: spam.")).to_be_visible()
    expect(page.get_by_role("article")).to_have_count(1)
    page.get_by_role("status").get_by_role("button", name="Undo").press("Enter")

    expect(page.get_by_text("Undone: 2 decisions.")).to_be_visible()
    expect(page.get_by_role("article")).to_have_count(3)
    assert count(session, Decision) == 4


def test_every_act_of_the_queue_is_undone_from_the_log(person, held, script, make, session):
    held("One.", "Two.")
    page = person(make.moderator(), **script)
    page.goto("/moderation")
    steps.press(steps.comment(page, "One."), "Approve")
    expect(page.get_by_text(re.compile(r"^Approved\."))).to_be_visible()
    steps.press(steps.comment(page, "Two."), "Spam")
    expect(page.get_by_text("Nothing is waiting.")).to_be_visible()

    steps.follow(page, "Log")
    for left in (1, 0):
        undo = page.get_by_role("row").get_by_role("button", name=UNDO)
        undo.first.press("Enter")
        expect(undo).to_have_count(left)

    steps.follow(page, "Held (2)")
    expect(page.get_by_role("article")).to_have_count(2)
    assert count(session, Comment, Comment.source == "One.") == 0
