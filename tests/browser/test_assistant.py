"""The assistant's page in a browser: switched, measured, undone; and what it says in the queue."""

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from discuss.accounts.models import Role
from discuss.comments.models import HeldComment, Reason
from discuss.moderation import holding
from discuss.moderation.assistant import learning
from discuss.moderation.assistant.models import LEAST_OF_A_KIND
from discuss.moderation.queue import opinions
from tests.browser import axe, steps

GOOD = "The letter is right about the schools of our town and its teachers"
BAD = "Cheap casino bonus for lucky winners, click and win"


@pytest.fixture
def chief(make):
    return make.account("Chief", role=Role.ADMINISTRATOR)


@pytest.fixture
def decided(make, session, chief):
    """Let as much be decided as the assistant has to learn from."""
    letter, author = make.letter(), make.account("Nicky")
    for source in (GOOD, BAD) * LEAST_OF_A_KIND:
        held = HeldComment(
            letter_id=letter.id,
            parent=0,
            account_id=author.id,
            source=source,
            html=f"<p>{source}.</p>",
            reason="It has a link.",
        )
        session.add(held)
        session.flush()
        if source is GOOD:
            holding.approve(held.id, chief)
        else:
            holding.refuse_held(held.id, chief, Reason.SPAM)
    session.commit()
    return letter


def test_an_administrator_switches_it_on_reads_how_good_it_is_and_undoes_it(
    person, script, decided, chief, session
):
    desk = person(chief, **script)
    desk.goto("/moderation")

    steps.follow(desk, "Assistant")
    expect(desk.get_by_text("The assistant is off.")).to_be_visible()
    desk.get_by_label("Learn, and note beside a comment").check()
    desk.get_by_label("Hold a comment from the threshold on").check()
    desk.get_by_label("Threshold, per cent").fill("85")
    steps.press(desk, "Save")
    expect(desk.get_by_text("Saved: the assistant does so from now on.")).to_be_visible()
    expect(desk.get_by_label("Hold a comment from the threshold on")).to_be_checked()

    learning.learn()
    session.commit()
    desk.goto("/moderation/assistant")
    row = desk.get_by_role("row").filter(has_text="85 %")
    expect(row).to_contain_text("set")
    expect(row.get_by_role("cell").last).to_have_text("100 %")

    desk.goto("/moderation/log?what=rules")
    expect(desk.get_by_text("On; it holds from 85 % on")).to_be_visible()
    desk.get_by_role("button", name="Undo").first.click()
    desk.goto("/moderation/assistant")
    expect(desk.get_by_label("Learn, and note beside a comment")).not_to_be_checked()


def test_the_queue_shows_what_it_thinks_and_why(person, script, make, session, chief):
    held = make.held()
    opinions.note(held, opinions.Judge.ASSISTANT, 93, "casino, lucky")
    opinions.note(held, opinions.Judge.AKISMET, 100)
    session.commit()
    desk = person(chief, **script)

    desk.goto("/moderation")

    item = desk.get_by_role("listitem").filter(has_text="The assistant:").first
    said = "The assistant: 93 % like what was removed here before. Words: casino, lucky."
    expect(item).to_contain_text(said)
    expect(item).to_contain_text("Akismet: takes it for spam")


def test_it_is_switched_on_by_keyboard_alone(person, chief):
    desk = person(chief)
    desk.goto("/moderation/assistant")

    desk.get_by_label("Learn, and note beside a comment").focus()
    desk.keyboard.press("Space")
    desk.keyboard.press("Tab")
    desk.keyboard.press("Tab")
    desk.keyboard.type("\b\b70")
    desk.keyboard.press("Enter")

    expect(desk.get_by_text("Saved: the assistant does so from now on.")).to_be_visible()
    expect(desk.get_by_label("Learn, and note beside a comment")).to_be_checked()


def test_its_page_is_for_everybody(person, decided, chief, session):
    session.execute(sa.text("INSERT INTO assistants VALUES (1, true, true, 85)"))
    learning.learn()
    session.commit()
    desk = person(chief)

    desk.goto("/moderation/assistant")

    expect(desk.get_by_role("table")).to_be_visible()
    assert axe.faults(desk, "assistant") == []
