"""The other side: the author reads why and appeals, another decides, and everybody sees it."""

import re

from playwright.sync_api import expect

from discuss.comments.models import Reason
from discuss.moderation import actions
from discuss.moderation.publicrecord import figures
from tests.browser import steps

INSULT = "“Go and live somewhere else”, they told me."


def test_an_appeal_is_won(person, open_page, script, make, session):
    letter, max_ = make.letter(), make.account("Max")
    said = make.comment(letter, author=max_, source=INSULT)
    actions.remove(letter, make.moderator("Jordan"), said.number, Reason.ATTACK)
    session.commit()
    author, other = person(max_, **script), person(make.moderator("Kit"), **script)
    reader = open_page(**script)

    steps.open_letter(author, letter)
    steps.follow(author, "Why, and what you can do")
    expect(author.get_by_text(INSULT)).to_be_visible()
    expect(author.get_by_role("link", name="Personal attack")).to_be_visible()
    steps.field(author, "Why should it come back?").fill("I quoted what was said to me.")
    steps.press(author, "Send appeal")
    expect(author.get_by_text("Sent. Another moderator will look at it.")).to_be_visible()

    other.goto("/moderation")
    steps.follow(other, "Appeals (1)")
    waiting = other.get_by_role("article", name="Appeal by Max")
    expect(waiting).to_contain_text("I quoted what was said to me.")
    steps.field(waiting, "Answer").fill("You are right.")
    steps.press(waiting, "Uphold: restore the comment")
    expect(other.get_by_text("Upheld: the comment is back.")).to_be_visible()
    expect(other.get_by_text("No appeal is waiting.")).to_be_visible()

    steps.open_letter(reader, letter)
    expect(steps.comment(reader, INSULT)).to_be_visible()
    author.reload()
    expect(author.get_by_text("Another moderator found you right.")).to_be_visible()
    expect(author.get_by_text("You are right.", exact=True)).to_be_visible()
    steps.follow(reader, "Public record")
    removal = reader.get_by_role("row").filter(has_text="Removed a comment by somebody")
    expect(removal).to_contain_text("Appeal upheld")
    expect(reader.get_by_text("Max")).to_have_count(0)


def test_an_appeal_against_a_ban_is_won(person, script, make, session):
    letter, max_ = make.letter(), make.account("Max")
    actions.ban(max_, make.moderator("Jordan"), Reason.SPAM)
    session.commit()
    banned, other = person(max_, **script), person(make.moderator("Kit"), **script)

    steps.open_letter(banned, letter)
    steps.follow(banned, "What you can do against it")
    banned.locator(".note").get_by_role("link", name="Why, and what you can do").click()
    expect(banned.get_by_role("link", name="Spam")).to_be_visible()
    steps.field(banned, "Why should the ban be lifted?").fill("It was my brother.")
    steps.press(banned, "Send appeal")
    expect(banned.get_by_text("Sent. Another moderator will look at it.")).to_be_visible()

    other.goto("/moderation/appeals")
    waiting = other.get_by_role("article", name="Appeal by Max")
    expect(waiting).to_contain_text("It was my brother.")
    steps.press(waiting, "Uphold: lift the ban")
    expect(other.get_by_text("Upheld: the ban is lifted.")).to_be_visible()

    banned.reload()
    expect(banned.get_by_text("This ban holds no longer.")).to_be_visible()
    steps.open_letter(banned, letter)
    expect(banned.get_by_label("Your comment")).to_be_visible()


def test_who_removed_reads_the_appeal_and_leaves_it_to_another(person, script, make, session):
    letter, max_, jordan = make.letter(), make.account("Max"), make.moderator("Jordan")
    said = make.comment(letter, author=max_, source=INSULT)
    actions.remove(letter, jordan, said.number, Reason.ATTACK)
    session.commit()
    author, desk = person(max_, **script), person(jordan, **script)

    author.goto("/account")
    steps.follow(author, "Decisions and reports")
    steps.follow(author, "Why, and what you can do")
    steps.field(author, "Why should it come back?").fill("I quoted.")
    steps.press(author, "Send appeal")

    expect(author.get_by_text("At the moment nobody may decide")).to_be_visible()
    desk.goto("/moderation/appeals")
    expect(desk.get_by_text("Nobody else is there to decide.")).to_be_visible()
    expect(desk.get_by_role("button", name="Uphold")).to_have_count(0)


def test_a_legal_notice_is_confirmed_and_answered(person, open_page, script, make):
    letter = make.letter()
    said = make.comment(letter, author=make.account("Max"), source=INSULT)
    sender, desk = open_page(**script), person(make.moderator("Jordan"), **script)

    steps.open_letter(sender, letter)
    steps.follow(sender, "Illegal content")
    steps.field(sender, "Address of the comment").fill(
        f"/letters/{letter.slug}/comments/{said.number}"
    )
    steps.field(sender, "Why is it illegal?").fill("It threatens.")
    steps.field(sender, "Your name").fill("Kim")
    steps.field(sender, "Your e-mail address").fill("kim@example.org")
    sender.get_by_label("I believe in good faith").check()
    steps.press(sender, "Send notice")
    expect(sender.get_by_text("We have received your notice.")).to_be_visible()

    desk.goto("/moderation/notices")
    notice = desk.get_by_role("article", name="Legal notice")
    expect(notice).to_contain_text("It threatens.")
    steps.field(notice, "Facts and ground of your decision").fill("It is a threat.")
    steps.press(notice, "Remove the comment")
    expect(desk.get_by_text("Upheld: the notice is answered")).to_be_visible()

    sender.reload()
    expect(sender.get_by_text("It is a threat.")).to_be_visible()
    expect(sender.get_by_text("The comment was removed for all readers")).to_be_visible()


def test_the_record_shows_its_figures_and_its_head(open_page, script, make, session):
    letter = make.letter()
    said = make.comment(letter)
    actions.remove(letter, make.moderator("Jordan"), said.number, Reason.SPAM)
    figures.count_months()
    session.commit()
    page = open_page(**script)

    page.goto("/moderation/record")

    expect(page.get_by_role("img", name="Removals by rule, Spam")).to_be_visible()
    page.get_by_text("As a table: Removals by rule").click()
    table = page.get_by_role("region", name="Removals by rule")
    expect(table.get_by_role("columnheader", name="Spam")).to_be_visible()
    expect(page.get_by_text(re.compile("^1:[0-9a-f]{64}$"))).to_be_visible()  # no time of day
    expect(page.get_by_role("row").filter(has_text="Removed a comment by somebody")).to_be_visible()
