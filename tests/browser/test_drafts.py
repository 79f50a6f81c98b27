"""Unsent words stay on the device, through whatever happens, until they are posted; then once."""

import pytest
import requests
from playwright.sync_api import expect

from tests.browser import steps

WORDS = "Half a thought,\nand the other half."


@pytest.fixture
def letter(make):
    letter = make.letter()
    make.comment(letter, source="By spring I phoned.")
    return letter


def post_and_lose_the_answer(route):
    """Let a form arrive, and the connection break before its answer: no cookie, no redirect."""
    asked = route.request
    cookies = asked.frame.page.context.cookies()
    kept = "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in cookies)
    answer = requests.post(
        asked.url,
        data=asked.post_data,
        headers={**asked.headers, "Cookie": kept},
        allow_redirects=False,
        timeout=60,
    )
    assert answer.status_code == 303
    route.abort()


@pytest.mark.parametrize("who", ["signed in", "signed out"])
def test_typed_words_survive_a_reload_and_a_closed_tab(person, open_page, make, letter, who):
    page = person(make.account("Ada")) if who == "signed in" else open_page()
    steps.open_letter(page, letter)
    steps.write(page, WORDS)
    steps.open_reply(page, "By spring I phoned.").fill("So did I.")

    page.reload()
    expect(steps.field(page, "Your comment")).to_have_value(WORDS)

    profile = page.context
    page.close()
    page = profile.new_page()
    steps.open_letter(page, letter)
    expect(steps.field(page, "Your comment")).to_have_value(WORDS)
    expect(steps.open_reply(page, "By spring I phoned.")).to_have_value("So did I.")


def test_posting_clears_the_words_and_back_does_not_post_them_again(person, make, letter):
    page = person(make.account("Ada"))
    steps.open_letter(page, letter)
    steps.post(page, WORDS)
    expect(page.get_by_text("You can edit it for the next 15 minutes.")).to_be_visible()

    page.reload()
    expect(page.get_by_text("Posted.")).to_have_count(0)
    page.go_back()
    expect(steps.field(page, "Your comment")).to_have_value("")
    page.go_forward()
    expect(steps.comment(page, "Half a thought")).to_be_visible()

    steps.open_letter(page, letter)
    expect(steps.field(page, "Your comment")).to_have_value("")
    expect(steps.comment(page, "Half a thought")).to_have_count(1)
    expect(page.get_by_role("heading", name="2 comments")).to_be_visible()


@pytest.mark.row("F12")
def test_without_script_words_that_back_brings_again_are_posted_once(person, make, letter):
    page = person(make.account("Ada"), java_script_enabled=False)
    steps.open_letter(page, letter)
    steps.post(page, WORDS)
    expect(page.get_by_text("Posted.")).to_be_visible()
    permalink = page.url

    page.go_back()
    steps.post(page, WORDS)

    expect(page).to_have_url(permalink)
    steps.open_letter(page, letter)
    expect(page.get_by_role("heading", name="2 comments")).to_be_visible()


@pytest.mark.row("F12")
def test_a_double_click_posts_once(person, script, make, letter, held_back):
    page = person(make.account("Ada"), **script)
    steps.open_letter(page, letter)
    steps.write(page, WORDS)

    page.get_by_role("button", name="Post comment").dblclick()
    held_back.set()

    expect(page.get_by_text("Posted.")).to_be_visible()
    steps.open_letter(page, letter)
    expect(steps.comment(page, "Half a thought")).to_have_count(1)
    expect(page.get_by_role("heading", name="2 comments")).to_be_visible()


def test_without_a_connection_the_page_says_so_before_it_is_left(person, make, letter):
    page = person(make.account("Ada"))
    steps.open_letter(page, letter)
    steps.write(page, WORDS)

    page.context.set_offline(True)
    page.wait_for_function("() => !navigator.onLine")
    steps.press(page, "Post comment")

    notice = page.get_by_role("alert")
    expect(notice).to_contain_text("Not posted: the connection was lost.")
    expect(notice).to_contain_text("Your words are kept on this device.")
    expect(steps.field(page, "Your comment")).to_have_value(WORDS)
    expect(page.get_by_role("button", name="Post comment")).to_be_enabled()

    page.context.set_offline(False)
    page.wait_for_function("() => navigator.onLine")
    steps.press(notice, "Try again")
    expect(page.get_by_text("Posted.")).to_be_visible()
    expect(steps.comment(page, "Half a thought")).to_be_visible()


@pytest.mark.row("F12")
def test_an_answer_lost_on_its_way_back_does_not_make_two_comments(person, make, letter):
    page = person(make.account("Ada"))
    steps.open_letter(page, letter)
    steps.write(page, WORDS)

    page.route("**/comments", post_and_lose_the_answer)
    steps.press(page, "Post comment")
    page.wait_for_url("chrome-error://**")
    page.unroute("**/comments")
    steps.open_letter(page, letter)
    expect(steps.field(page, "Your comment")).to_have_value(WORDS)
    steps.press(page, "Post comment")

    expect(page.get_by_text("Posted.")).to_be_visible()
    steps.open_letter(page, letter)
    expect(steps.comment(page, "Half a thought")).to_have_count(1)


def test_a_refused_comment_comes_back_with_its_words(person, script, make, letter):
    page = person(make.account("Ada"), **script)
    steps.open_letter(page, letter)
    links = " ".join(f"https://example.org/{n}" for n in range(11))
    steps.write(page, links)

    steps.press(page, "Post comment")

    expect(page.get_by_role("alert")).to_contain_text("at most 10 links")
    expect(page.get_by_role("alert")).to_be_focused()
    expect(steps.field(page, "Your comment")).to_have_value(links)
    steps.post(page, "One link will do: https://example.org/1")


def test_who_logs_out_leaves_no_words_in_sight_and_finds_them_again(open_page, letter):
    page = open_page()
    steps.open_letter(page, letter)
    steps.sign_in(page, "Google", "Ada")
    steps.write(page, WORDS)
    steps.open_reply(page, "By spring I phoned.").fill("So did I.")

    steps.log_out(page)
    page.go_back()
    expect(page.get_by_text("Commenting as")).to_have_count(0)
    expect(steps.field(page, "Your comment")).to_have_value("")
    steps.open_letter(page, letter)
    expect(steps.field(page, "Your comment")).to_have_value("")
    expect(steps.open_reply(page, "By spring I phoned.")).to_have_value("")
    steps.follow(page, "Cancel")

    steps.sign_in(page, "Facebook", "Bo")
    expect(page.get_by_text("Commenting as Bo")).to_be_visible()
    expect(steps.field(page, "Your comment")).to_have_value("")
    steps.log_out(page)
    steps.open_letter(page, letter)
    steps.sign_in(page, "Google", "Ada")
    expect(steps.field(page, "Your comment")).to_have_value(WORDS)
    expect(steps.open_reply(page, "By spring I phoned.")).to_have_value("So did I.")


def test_words_written_before_signing_in_by_the_header_become_the_account_s(open_page, letter):
    page = open_page()
    steps.open_letter(page, letter)
    steps.write(page, WORDS)
    steps.open_sign_in(page)
    steps.sign_in(page, "Google", "Ada")
    expect(steps.field(page, "Your comment")).to_have_value(WORDS)

    steps.log_out(page)
    steps.open_letter(page, letter)

    expect(steps.field(page, "Your comment")).to_have_value("")


def test_words_of_before_and_after_a_sign_in_are_both_kept(open_page, letter):
    page = open_page()
    steps.open_letter(page, letter)
    steps.sign_in(page, "Google", "Ada")
    steps.write(page, "Of yesterday.")
    steps.log_out(page)
    steps.open_letter(page, letter)
    steps.write(page, "Of today.")

    steps.open_sign_in(page)
    steps.sign_in(page, "Google", "Ada")

    expect(steps.field(page, "Your comment")).to_have_value("Of yesterday.\n\nOf today.")


def test_logging_out_beside_the_words_takes_them_along(open_page, letter):
    page = open_page()
    steps.open_letter(page, letter)
    steps.sign_in(page, "Google", "Ada")
    steps.write(page, WORDS)

    steps.press(steps.composer(page), "Log out")

    expect(page.get_by_text("Commenting as")).to_have_count(0)
    expect(steps.field(page, "Your comment")).to_have_value(WORDS)


def test_words_typed_before_the_script_has_come_are_kept(open_page, letter):
    page, held_back = open_page(), []
    page.route("**/discuss*.js", lambda route: held_back.append(route))
    with page.expect_request("**/discuss*.js"):
        page.goto(f"/letters/{letter.slug}", wait_until="commit")
    field = page.locator("textarea[name=body]").first
    field.wait_for(state="attached")

    field.evaluate("(it, words) => { it.value = words; }", WORDS)
    held_back.pop().continue_()
    page.unroute("**/discuss*.js")
    page.wait_for_load_state()

    expect(steps.field(page, "Your comment")).to_have_value(WORDS)
    steps.open_letter(page, letter)
    expect(steps.field(page, "Your comment")).to_have_value(WORDS)
