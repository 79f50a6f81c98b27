"""The life of a comment: posted, answered, edited, voted on, reported, deleted."""

import threading

import pytest
from playwright.sync_api import expect

from tests.browser import steps
from tests.plumbing.browser import GIVE_UP


def test_a_comment_is_posted_edited_and_deleted_again(person, script, make):
    letter = make.letter()
    page = person(make.account("Ada"), **script)
    steps.open_letter(page, letter)
    expect(page.get_by_text("Nobody has written yet.")).to_be_visible()

    steps.post(page, "A *thank-you* can be candid.")
    permalink = page.url
    said = steps.comment(page, "A thank-you can be candid.")
    expect(said).to_contain_text("Ada")
    expect(said.locator("em")).to_have_text("thank-you")
    expect(said.get_by_text("edited")).to_have_count(0)

    steps.follow(said, "Edit")
    expect(steps.field(page, "Your comment")).to_have_value("A *thank-you* can be candid.")
    steps.write(page, "A thank-you must be candid.")
    steps.press(page, "Save")

    expect(page.get_by_text("Saved.")).to_be_visible()
    expect(page).to_have_url(permalink)
    said = steps.comment(page, "A thank-you must be candid.")
    expect(said.get_by_text("edited")).to_be_visible()

    steps.press(said, "Delete")

    expect(page.get_by_text("Deleted.")).to_be_visible()
    expect(page).to_have_url(f"/letters/{letter.slug}#talk")
    expect(page.get_by_text("Nobody has written yet.")).to_be_visible()
    assert page.goto(permalink).status == 410
    expect(page.get_by_role("heading", level=1)).to_have_text("Deleted by its author")


def test_a_deleted_comment_leaves_a_line_so_that_its_answers_keep_their_sense(person, script, make):
    letter, ada = make.letter(), make.account("Ada")
    question = make.comment(letter, author=ada, source="Who else was there?")
    answering = person(make.account("Bo"), **script)
    steps.open_letter(answering, letter)

    steps.reply(answering, "Who else was there?", "I was.")
    asking = person(ada, **script)
    steps.open_letter(asking, letter)
    steps.press(steps.comment(asking, "Who else was there?"), "Delete")

    expect(steps.comment(asking, "Deleted by its author")).to_be_visible()
    expect(steps.comment(asking, "I was.")).to_contain_text("to Ada")
    expect(asking.get_by_text("Who else was there?")).to_have_count(0)
    asking.goto(f"/letters/{letter.slug}/comments/{question.number + 1}")
    expect(asking.get_by_text("1 comment before this one")).to_be_visible()


def test_three_people_answer_each_other_deeper_than_a_page_shows(person, make):
    letter = make.letter()
    above = make.comment(letter, source="Level 1.")
    for level in range(2, 8):
        above = make.comment(letter, parent=above, source=f"Level {level}.")
    ada, bo, cy = (
        person(make.account(name), java_script_enabled=name != "Bo") for name in ("Ada", "Bo", "Cy")
    )

    for level, page in zip(range(8, 13), (ada, bo, cy, bo, ada), strict=True):
        steps.open_letter(page, letter)
        if level > 10:  # levels one to nine are here, the others a press away
            page.get_by_role("link", name="Continue this thread").click()
        steps.reply(page, f"Level {level - 1}.", f"Level {level}.")

    steps.open_letter(cy, letter)
    expect(steps.comment(cy, "Level 9.")).to_be_visible()
    expect(steps.comment(cy, "Level 10.")).to_have_count(0)
    steps.follow(cy, "Continue this thread")
    expect(steps.comment(cy, "Level 12.")).to_contain_text("to Bo")


def test_a_vote_shows_before_the_server_has_answered_and_stays(person, make, held_back):
    letter = make.letter()
    make.comment(letter, source="By spring I phoned.")
    page = person(make.account("Ada"))
    steps.open_letter(page, letter)
    said = steps.comment(page, "By spring I phoned.")

    steps.press(said, "Vote up")

    expect(said.get_by_label("Score")).to_have_text("1")
    expect(said.get_by_role("button", name="Vote up")).to_have_attribute("aria-pressed", "true")
    with page.expect_response("**/vote"):
        held_back.set()
    page.reload()
    expect(said.get_by_label("Score")).to_have_text("1")

    steps.press(said, "Vote down")
    expect(said.get_by_label("Score")).to_have_text("-1")
    with page.expect_response("**/vote"):
        steps.press(said, "Vote down")
    expect(said.get_by_label("Score")).to_have_text("0")


PRESS_AND_LEAVE = "button => { button.click(); location.assign('/privacy'); }"

# Bytes a second: the page is left while its words are still on the way.
SLOW_TO_SEND = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 1000}


def test_who_votes_and_leaves_at_once_has_voted(person, make, session, live_server, monkeypatch):
    letter = make.letter()
    said = make.comment(letter)
    page, inside, heard = person(make.account()), live_server.app.wsgi_app, threading.Event()

    def noting(environ, start_response):
        answer = inside(environ, start_response)
        if environ["PATH_INFO"].endswith("/vote"):
            heard.set()
        return answer

    monkeypatch.setattr(live_server.app, "wsgi_app", noting)
    steps.open_letter(page, letter)

    page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", SLOW_TO_SEND)

    page.get_by_role("button", name="Vote up").evaluate(PRESS_AND_LEAVE)

    expect(page.get_by_role("heading", name="Privacy", level=1)).to_be_visible()
    assert heard.wait(GIVE_UP / 1000)
    session.refresh(said)
    assert said.score == 1


def test_a_vote_that_did_not_arrive_is_taken_back_and_says_so(person, make):
    letter = make.letter()
    make.comment(letter, source="By spring I phoned.")
    page = person(make.account("Ada"))
    page.route("**/vote", lambda route: route.abort())
    steps.open_letter(page, letter)
    said = steps.comment(page, "By spring I phoned.")

    steps.press(said, "Vote up")

    expect(page.get_by_text("Your vote was not counted")).to_be_visible()
    expect(said.get_by_label("Score")).to_have_text("0")
    expect(said.get_by_role("button", name="Vote up")).to_have_attribute("aria-pressed", "false")


def test_without_script_a_vote_is_a_form(person, make):
    letter = make.letter()
    make.comment(letter, source="By spring I phoned.")
    page = person(make.account("Ada"), java_script_enabled=False)
    steps.open_letter(page, letter)
    said = steps.comment(page, "By spring I phoned.")

    steps.press(said, "Vote up")
    expect(said.get_by_label("Score")).to_have_text("1")
    expect(said.get_by_role("button", name="Vote up")).to_have_attribute("aria-pressed", "true")

    steps.press(said, "Vote up")
    expect(said.get_by_label("Score")).to_have_text("0")


@pytest.mark.parametrize("act", ["Vote up", "Report"])
def test_who_is_not_signed_in_is_asked_who_they_are_and_comes_back(open_page, script, make, act):
    letter = make.letter()
    number = make.comment(letter, source="Go and live somewhere else.").number
    page = open_page(**script)
    steps.open_letter(page, letter)
    said = steps.comment(page, "Go and live somewhere else.")

    if act == "Report":
        steps.open_menu(said, "More")
    steps.press(said, act)
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    steps.sign_in(page, "Google", "Ada")

    place = f"/letters/{letter.slug}/comments/{number}" + ("/report" if act == "Report" else "")
    expect(page).to_have_url(place)


def test_a_reader_reports_a_comment(person, script, make):
    letter = make.letter()
    make.comment(letter, author=make.account("Max"), source="Go and live somewhere else.")
    page = person(make.account("Ada"), **script)
    steps.open_letter(page, letter)
    said = steps.comment(page, "Go and live somewhere else.")

    steps.open_menu(said, "More")
    steps.press(said, "Report")
    expect(page.get_by_role("group", name="What is wrong with Max’s comment?")).to_be_visible()
    page.get_by_label("A personal attack").check()
    steps.field(page, "Anything a moderator should know").fill("Aimed at Casey.")
    steps.press(page, "Send report")

    expect(page.get_by_text("Reported. A moderator will look at it.")).to_be_visible()
    expect(steps.comment(page, "Go and live somewhere else.")).to_be_visible()
