"""Roles, warnings, mutes and the rest of what one person does about another, in a browser."""

import re

from playwright.sync_api import expect

from discuss.accounts.models import Role
from tests.browser import steps

INSULT = "Go and live somewhere else."


def test_an_administrator_binds_a_moderator_to_a_letter(person, script, make):
    letter, elsewhere = make.letter(headline="The one"), make.letter(headline="The other")
    for one in (letter, elsewhere):
        make.comment(one, author=make.account("Max"), source=INSULT)
    kit = make.account("Kit")
    alex = person(make.account("Alex", Role.ADMINISTRATOR), **script)
    desk = person(kit, **script)

    alex.goto("/administration/accounts")
    alex.get_by_label("Name").fill("kit")
    steps.press(alex, "Show")
    steps.follow(alex, "Role of Kit")
    alex.get_by_label("Moderator: decides about comments").check()
    alex.get_by_label("Under these letters alone").check()
    alex.get_by_label("The one").check()
    steps.press(alex, "Save role")
    expect(alex.get_by_text("The role is changed.")).to_be_visible()
    steps.open_letter(desk, elsewhere)
    expect(desk.locator("summary").filter(has_text="Remove…")).to_have_count(0)
    steps.open_letter(desk, letter)
    steps.open_menu(steps.comment(desk, INSULT), "Remove…")
    steps.press(steps.comment(desk, INSULT), "Personal attack")
    expect(desk.get_by_text("Removed: personal attack.")).to_be_visible()

    steps.press(alex.get_by_role("status"), "Undo")
    expect(alex.get_by_text("The role is changed.")).to_be_visible()
    desk.goto("/moderation")
    expect(desk.get_by_text("This page is for moderators")).to_be_visible()


def test_private_information_is_edited_away_and_its_author_reads_it_still(person, script, make):
    letter, author = make.letter(), make.account("Max")
    make.comment(letter, author=author, source="Ring her at 020 7946 0000.")
    desk, max_ = person(make.moderator(), **script), person(author, **script)
    steps.open_letter(desk, letter)
    said = steps.comment(desk, "Ring her")

    steps.open_menu(said, "Remove…")
    steps.press(said, "Edit…")
    steps.field(desk, "What it says").fill("Ring her.")
    steps.press(desk, "Save edit")

    expect(desk.get_by_text("Edited: private information.")).to_be_visible()
    steps.open_letter(max_, letter)
    mine = steps.comment(max_, "Ring her.")
    expect(mine).to_contain_text("edited by a moderator")
    steps.follow(mine, "What it said before")
    expect(max_.get_by_text("020 7946 0000")).to_be_visible()
    steps.press(desk.get_by_role("status"), "Undo")
    expect(steps.comment(desk, "020 7946 0000")).to_be_visible()


def test_a_branch_is_locked_from_the_comments_menu(person, script, make):
    letter = make.letter()
    first = make.comment(letter, source="First.")
    make.comment(letter, first, source="Second.")
    make.comment(letter, source="Beside.")
    desk, ada = person(make.moderator(), **script), person(make.account("Ada"), **script)
    steps.open_letter(desk, letter)
    said = steps.comment(desk, "First.")

    steps.open_menu(said, "Remove…")
    steps.press(said, "Lock this branch")

    expect(desk.get_by_text("Locked: this branch takes no more replies.")).to_be_visible()
    steps.open_letter(ada, letter)
    expect(steps.comment(ada, "First.")).to_contain_text("A moderator has locked this branch")
    expect(ada.get_by_role("link", name="Reply", exact=True)).to_have_count(1)
    steps.reply(ada, "Beside.", "Here one can.")


def test_a_warning_is_read_and_put_away(person, script, make):
    max_ = make.account("Max")
    desk, reader = person(make.moderator(), **script), person(max_, **script)
    desk.goto(f"/moderation/accounts/{max_.id}/ban")

    steps.follow(desk, "Warn Max…")
    desk.get_by_label("Personal attack").check()
    steps.field(desk, "Your words to them").fill("Leave her family out of it.")
    steps.press(desk, "Warn Max")

    expect(desk.get_by_text("Warned: personal attack.")).to_be_visible()
    reader.goto("/")
    told = reader.get_by_role("region", name="A moderator’s warning")
    expect(told).to_contain_text("Leave her family out of it.")
    steps.press(told, "I have read it")
    expect(told).to_have_count(0)


def test_everything_of_a_spammer_goes_and_comes_back(person, script, make, open_page):
    letter, spammer = make.letter(), make.account("Sal")
    for _ in range(3):
        make.comment(letter, author=spammer, source="Buy something.")
    desk, reader = person(make.moderator(), **script), open_page(**script)
    desk.goto(f"/moderation/accounts/{spammer.id}/ban")

    steps.follow(desk, "Remove everything…")
    steps.press(desk, "Remove everything")

    expect(desk.get_by_text("Removing everything of this account: spam.")).to_be_visible()
    steps.open_letter(reader, letter)
    expect(reader.get_by_text("Removed by a moderator: Spam")).to_have_count(3)
    steps.press(desk.get_by_role("status"), "Undo")
    expect(desk.get_by_text("Undone: what was removed is coming back.")).to_be_visible()
    steps.open_letter(reader, letter)
    expect(reader.get_by_text("Buy something.")).to_have_count(3)


def test_a_muted_author_is_folded_for_one_reader_until_unmuted(person, script, make):
    letter = make.letter()
    make.comment(letter, author=make.account("Max"), source=INSULT)
    ada = person(make.account("Ada"), **script)
    steps.open_letter(ada, letter)
    said = steps.comment(ada, INSULT)

    steps.open_menu(said, "More")
    steps.press(said, "Mute Max")

    expect(ada.get_by_text("Muted, for you alone.")).to_be_visible()
    steps.open_letter(ada, letter)
    expect(ada.get_by_text(INSULT)).to_be_hidden()
    ada.locator("summary").filter(has_text="Max, folded: you muted them").click()
    expect(ada.get_by_text(INSULT)).to_be_visible()
    ada.goto("/account")
    steps.press(ada, "Unmute Max")
    expect(ada.get_by_text("Shown again.")).to_be_visible()
    steps.open_letter(ada, letter)
    expect(ada.get_by_text(INSULT)).to_be_visible()


def test_a_link_from_the_feed_decides_once_without_a_session(person, open_page, script, make):
    make.held(make.letter(), make.account("Nicky"))
    desk, phone = person(make.moderator(), **script), open_page(**script)
    desk.goto("/moderation/alerts")
    steps.press(desk, "Make the address")
    feed = desk.get_by_label("Address of your feed").input_value()
    link = re.search(r'href="([^"]+/links/[^"]+)"', phone.request.get(feed).text())[1]

    phone.goto(link)
    expect(phone.get_by_role("article", name="Comment by Nicky")).to_be_visible()
    steps.press(phone, "Approve")

    expect(phone.get_by_text("Approved.")).to_be_visible()
    phone.goto(link)
    expect(phone.get_by_role("heading", level=1)).to_have_text("This link is used up")
