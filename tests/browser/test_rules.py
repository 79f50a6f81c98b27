"""Rules that hold a comment, slow mode and the house rules, with script, without, by keyboard."""

import pytest
from playwright.sync_api import expect

from discuss.accounts.models import Role
from discuss.moderation.rules.models import Kind, Rule
from tests.browser import axe, steps


def test_a_moderator_tries_a_rule_saves_it_and_it_holds(person, script, make):
    letter = make.letter()
    make.comment(letter, source="Come to the casino.")
    desk, author = person(make.moderator(), **script), person(make.account("Nicky"), **script)

    steps.follow_to_rules(desk)
    desk.get_by_label("What it looks at").select_option("words")
    steps.press(desk, "Go on")
    steps.field(desk, "Words or phrases, one on a line").fill("casino*\nlucky")
    steps.field(desk, "A text to try it on").fill("All the CASINOS!")
    steps.press(desk, "Try it")
    expect(desk.get_by_role("heading", name="It would have held one of the last")).to_be_visible()
    expect(desk.get_by_text("Your text would wait: It says “casinos”.")).to_be_visible()
    expect(steps.field(desk, "Words or phrases, one on a line")).to_have_value("casino*\nlucky")
    steps.press(desk, "Save rule")
    expect(desk.get_by_text("Saved: the rule says so from now on.")).to_be_visible()

    steps.open_letter(author, letter)
    steps.write(author, "My lucky day.")
    steps.press(author, "Post comment")
    expect(author.get_by_text("It says “lucky”.")).to_be_visible()

    desk.goto("/moderation")
    expect(desk.get_by_role("article").get_by_text("It says “lucky”.")).to_be_visible()
    steps.follow_to_rules(desk)
    desk.get_by_role("button", name="Switch off").click()
    expect(desk.get_by_role("button", name="Switch on")).to_be_visible()
    steps.press(desk, "Undo")
    expect(desk.get_by_role("button", name="Switch off")).to_be_visible()


def test_a_refused_rule_keeps_what_was_typed(person, script, make):
    desk = person(make.moderator(), **script)
    desk.goto("/moderation/rules/new?kind=patterns")

    steps.field(desk, "Patterns, one on a line").fill("(a)\\1")
    steps.press(desk, "Save rule")

    expect(desk.get_by_role("alert")).to_contain_text("The pattern cannot be used")
    expect(steps.field(desk, "Patterns, one on a line")).to_have_value("(a)\\1")


def test_slow_mode_is_set_said_and_kept(person, open_page, script, make):
    letter = make.letter()
    desk, author = person(make.moderator(), **script), person(make.account("Nicky"), **script)
    steps.open_letter(desk, letter)

    desk.locator("summary", has_text="Slow mode").click()
    desk.get_by_label("One comment of each account every").select_option(label="5 minutes")
    steps.press(desk, "Set the pace")
    expect(desk.get_by_text("Saved: the composer says the pace from now on.")).to_be_visible()

    steps.open_letter(author, letter)
    said = "Slow mode: one comment every 5 minutes for each account."
    expect(author.get_by_text(said)).to_be_visible()
    steps.post(author, "The first.")
    steps.open_reply(author, "The first.")
    expect(author.locator("form", has=steps.field(author, "Your reply"))).to_contain_text(said)
    steps.open_letter(author, letter)
    steps.write(author, "The second.")
    steps.press(author, "Post comment")
    expect(author.get_by_text("Yours can be posted in").first).to_be_visible()
    expect(steps.field(author, "Your comment")).to_have_value("The second.")
    reader = open_page(**script)
    steps.open_letter(reader, letter)
    expect(reader.get_by_text(said)).to_be_visible()


def test_a_publisher_writes_the_house_rules_and_a_newcomer_reads_them(person, script, make):
    letter = make.letter()
    office = person(make.account("Paula", role=Role.PUBLISHER), **script)
    newcomer = person(make.account("Nicky"), **script)

    office.goto("/house-rules")
    steps.follow(office, "Write the house rules")
    steps.field(office.get_by_role("group", name="Rule 1"), "Title").fill("Be kind to each other")
    steps.press(office, "Save the rules")
    expect(office.get_by_text("Saved: readers see these rules")).to_be_visible()

    steps.open_letter(newcomer, letter)
    newcomer.get_by_text("Your first comment here: the house rules in short").click()
    newcomer.get_by_role("link", name="Be kind to each other").click()
    expect(newcomer.get_by_role("heading", name="1. Be kind to each other")).to_be_visible()

    steps.press(office, "Undo")
    expect(steps.field(office.get_by_role("group", name="Rule 1"), "Title")).to_have_value(
        "Personal attack"
    )


def test_a_rule_is_added_by_keyboard_alone(person, make):
    desk = person(make.moderator())
    desk.goto("/moderation/rules")

    desk.get_by_label("What it looks at").focus()
    desk.keyboard.type("Many links")
    desk.keyboard.press("Tab")
    desk.keyboard.press("Tab")
    desk.keyboard.press("Enter")
    expect(desk.get_by_label("Links that a comment may have")).to_be_visible()
    desk.get_by_label("Links that a comment may have").focus()
    desk.keyboard.press("ControlOrMeta+A")
    desk.keyboard.type("1")
    desk.keyboard.press("Enter")

    expect(desk.get_by_text("Saved: the rule says so from now on.")).to_be_visible()
    expect(desk.get_by_text("More than 1 link", exact=True)).to_be_visible()


@pytest.mark.parametrize(
    "page", ["/moderation/rules", "/moderation/rules/new?kind=patterns", "/moderation/house-rules"]
)
def test_the_pages_are_for_everybody(page, person, make, session):
    letter = make.letter()
    session.add(Rule(kind=Kind.WORDS, words="casino\nlucky", trusted_after=3))
    session.add(Rule(kind=Kind.OLD_LETTER, number=30, letter_id=letter.id, is_on=False))
    session.commit()
    desk = person(make.account("Chief", role=Role.ADMINISTRATOR))

    desk.goto(page)

    assert axe.faults(desk, page) == []
