"""Moderating: remove, restore and undo; the queue; locks; and who may not."""

from playwright.sync_api import expect

from discuss.letters.models import Policy
from tests.browser import steps

INSULT = "Go and live somewhere else."
TOMBSTONE = "Removed by a moderator: Personal attack"


def test_a_removed_comment_leaves_a_tombstone_and_comes_back(person, open_page, script, make):
    letter = make.letter()
    insult = make.comment(letter, author=make.account("Max"), source=INSULT)
    make.comment(letter, parent=insult, source="Steady on.")
    desk, reader = person(make.moderator(), **script), open_page(**script)
    steps.open_letter(desk, letter)
    said = steps.comment(desk, INSULT)

    steps.open_menu(said, "Remove…")
    steps.press(said, "Personal attack")

    expect(desk.get_by_text("Removed: personal attack.")).to_be_visible()
    expect(desk).to_have_url(f"/letters/{letter.slug}#c-{insult.number}")
    steps.open_letter(reader, letter)
    expect(steps.comment(reader, TOMBSTONE)).to_be_visible()
    expect(steps.comment(reader, "Steady on.")).to_be_visible()
    expect(reader.get_by_text(INSULT)).to_have_count(0)
    expect(reader.get_by_role("button", name="Restore")).to_have_count(0)
    steps.follow(steps.comment(reader, TOMBSTONE), "Personal attack")
    expect(reader.get_by_role("heading", level=1)).to_have_text("House rules")

    steps.press(steps.comment(desk, TOMBSTONE), "Restore")

    expect(desk.get_by_text("Restored.")).to_be_visible()
    steps.open_letter(reader, letter)
    expect(steps.comment(reader, INSULT)).to_be_visible()


def test_a_removal_can_be_undone_from_the_log(person, open_page, script, make):
    letter = make.letter()
    make.comment(letter, author=make.account("Max"), source=INSULT)
    desk, reader = person(make.moderator("Jordan"), **script), open_page(**script)
    steps.open_letter(desk, letter)
    said = steps.comment(desk, INSULT)

    steps.open_menu(said, "Remove…")
    steps.press(said, "Other, with a note")
    expect(steps.comment(desk, INSULT)).to_be_visible()
    steps.field(desk, "Note").fill("Asked for by the family.")
    steps.press(desk, "Remove comment")
    expect(steps.comment(desk, "Removed by a moderator: Other")).to_be_visible()

    steps.follow(desk, "Moderation")
    steps.follow(desk, "Log")
    line = desk.get_by_role("row").filter(has_text="Removed a comment by")
    expect(line).to_contain_text("Jordan")
    expect(line).to_contain_text("Other: Asked for by the family.")
    steps.press(line, "Undo")

    expect(desk.get_by_role("row").filter(has_text="Restored a comment by")).to_be_visible()
    expect(line.get_by_role("button", name="Undo")).to_have_count(0)
    steps.open_letter(reader, letter)
    expect(steps.comment(reader, INSULT)).to_be_visible()


def test_the_queue_shows_what_is_held_and_what_is_reported(person, open_page, script, make):
    careful = make.letter(policy=Policy.BEFORE)
    open_letter = make.letter()
    make.comment(open_letter, author=make.account("Max"), source=INSULT)
    author = person(make.account("Nicky"), **script)
    desk, reader = person(make.moderator(), **script), open_page(**script)

    steps.open_letter(author, careful)
    steps.write(author, "May I say this here?")
    steps.press(author, "Post comment")
    expect(author.get_by_text("Waiting for a moderator.").first).to_be_visible()
    expect(steps.comment(author, "May I say this here?")).to_contain_text("Only you can see it.")
    steps.open_letter(author, open_letter)
    steps.open_menu(steps.comment(author, INSULT), "More")
    steps.press(steps.comment(author, INSULT), "Report")
    author.get_by_label("A personal attack").check()
    steps.press(author, "Send report")
    expect(author.get_by_text("Reported. A moderator will look at it.")).to_be_visible()

    steps.open_letter(reader, careful)
    expect(reader.get_by_text("May I say this here?")).to_have_count(0)
    desk.goto("/moderation")
    expect(desk.get_by_text("2 comments are waiting.")).to_be_visible()
    held = steps.comment(desk, "May I say this here?")
    expect(held).to_contain_text("Nicky")
    expect(desk.locator("[aria-current=true]")).to_contain_text("May I say this here?")
    steps.press(held, "Approve")
    expect(desk.get_by_text("Approved.")).to_be_visible()

    steps.follow(desk, "Reported (1)")
    reported = steps.comment(desk, INSULT)
    expect(reported).to_contain_text("Reported by one reader")
    expect(reported).to_contain_text("Nicky: personal attack")
    steps.open_menu(reported, "Remove…")
    steps.press(reported, "Personal attack")
    expect(desk.get_by_text("Nothing is waiting.")).to_be_visible()
    steps.press(desk.get_by_role("status"), "Undo")
    expect(steps.comment(desk, INSULT)).to_be_visible()

    steps.open_letter(reader, careful)
    expect(steps.comment(reader, "May I say this here?")).to_be_visible()


def test_a_locked_discussion_takes_no_comment_until_it_is_unlocked(person, script, make):
    letter = make.letter()
    make.comment(letter, source="The last word.")
    desk, late = person(make.moderator(), **script), person(make.account("Ada"), **script)
    steps.open_letter(desk, letter)
    steps.open_letter(late, letter)
    steps.write(late, "One more thing.")

    steps.press(desk, "Lock this discussion")
    expect(desk.get_by_text("This discussion is closed.")).to_be_visible()

    steps.press(late, "Post comment")
    expect(late.get_by_role("heading", level=1)).to_have_text("This discussion is closed")
    expect(steps.field(late, "Your comment")).to_have_value("One more thing.")
    steps.open_letter(late, letter)
    expect(steps.field(late, "Your comment")).to_have_count(0)
    expect(late.get_by_role("link", name="Reply")).to_have_count(0)
    expect(steps.comment(late, "The last word.")).to_be_visible()

    steps.press(desk, "Unlock this discussion")
    expect(desk.get_by_role("button", name="Lock this discussion", exact=True)).to_be_visible()
    steps.open_letter(late, letter)
    steps.post(late, "One more thing.")


def test_an_ordinary_account_may_not_moderate(person, open_page, make):
    letter = make.letter()
    make.comment(letter, source=INSULT)
    page = person(make.account("Ada"), java_script_enabled=False)

    for path in ("/moderation", "/moderation/log"):
        assert page.goto(path).status == 403
        expect(page.get_by_role("heading", level=1)).to_be_visible()
    steps.open_letter(page, letter)
    expect(page.get_by_text("Remove…")).to_have_count(0)
    expect(page.get_by_role("link", name="Moderation")).to_have_count(0)

    stranger = open_page(java_script_enabled=False)
    stranger.goto("/moderation")
    expect(stranger).to_have_url("/signin?next=/moderation")
