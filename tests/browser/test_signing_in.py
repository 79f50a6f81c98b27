"""Signing in from the composer: the words go along, and nothing is published by it."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser import steps

WORDS = "Words that came along.\n\nIn two paragraphs."


@pytest.mark.parametrize("provider", steps.PROVIDERS)
def test_words_written_first_travel_through_the_sign_in(open_page, script, make, provider):
    letter = make.letter()
    page = open_page(**script)
    steps.open_letter(page, letter)
    steps.write(page, WORDS)

    steps.sign_in(page, provider, "Ada Lovelace")

    expect(steps.field(page, "Your comment")).to_have_value(WORDS)
    expect(page).to_have_url(f"/letters/{letter.slug}#write")
    expect(page.get_by_text(f"Commenting as Ada Lovelace via {provider}")).to_be_visible()
    expect(page.get_by_text("Nobody has written yet.")).to_be_visible()

    steps.press(page, "Post comment")

    expect(steps.comment(page, "Words that came along.")).to_contain_text("Ada Lovelace")


def test_an_answer_to_somebody_travels_to_the_place_it_answers(open_page, script, make):
    letter = make.letter()
    question = make.comment(letter, source="Who else was there?")
    page = open_page(**script)
    steps.open_letter(page, letter)
    steps.open_reply(page, "Who else was there?").fill("I was.")

    form = page.locator("form", has=steps.field(page, "Your reply"))
    steps.sign_in(page, "Facebook", "Bo", form)

    expect(page).to_have_url(f"/letters/{letter.slug}/comments/{question.number}?reply=1#write")
    expect(steps.field(page, "Your reply")).to_have_value("I was.")
    steps.press(page, "Post reply")
    expect(page.get_by_text("Posted.")).to_be_visible()
    expect(steps.comment(page, "I was.")).to_be_visible()


def test_who_presses_post_first_is_asked_on_a_page_of_its_own(open_page, script, make):
    letter = make.letter()
    page = open_page(**script)
    steps.open_letter(page, letter)
    steps.write(page, WORDS)

    steps.press(page, "Post comment")
    expect(page.get_by_text("Your comment is safe.")).to_be_visible()
    steps.sign_in(page, "Google", "Ada Lovelace")

    expect(steps.field(page, "Your comment")).to_have_value(WORDS)
    expect(page.get_by_text("Nobody has written yet.")).to_be_visible()


def test_who_signs_in_from_the_header_comes_back_to_the_page(open_page, make):
    letter = make.letter()
    number = make.comment(letter).number
    for path in (f"/letters/{letter.slug}", f"/letters/{letter.slug}/comments/{number}"):
        page = open_page(java_script_enabled=False)
        page.goto(path)

        steps.open_sign_in(page)
        steps.sign_in(page, "Google", "Ada")

        expect(page).to_have_url(path)


@pytest.mark.row("15")
@pytest.mark.parametrize("provider", steps.PROVIDERS)
def test_nothing_of_a_provider_s_own_stays_in_the_address(open_page, make, provider):
    letter = make.letter()
    page = open_page(java_script_enabled=False)
    page.goto(f"/signin?next=/letters/{letter.slug}")

    steps.sign_in(page, provider, "Ada")

    expect(page.get_by_text("Commenting as Ada")).to_be_visible()
    expect(page).to_have_url(re.compile(rf"//[^/]+/letters/{letter.slug}(#top)?$"))


def test_the_page_about_privacy_counts_the_cookies(open_page, make):
    page = open_page()
    steps.open_letter(page, make.letter())
    assert page.context.cookies() == []

    steps.write(page, WORDS)
    steps.sign_in(page, "Google", "Ada")
    expect(steps.field(page, "Your comment")).to_have_value(WORDS)

    assert len(page.context.cookies()) == 3
    page.goto("/privacy")
    expect(page.get_by_text("There are three cookies")).to_be_visible()


def test_who_says_no_keeps_the_words_and_may_choose_another_provider(open_page, script, make):
    letter = make.letter()
    page = open_page(**script)
    steps.open_letter(page, letter)
    steps.write(page, WORDS)
    steps.press(page, "Continue with X (Twitter)")

    steps.answer_provider(page, "Ada Lovelace", "Deny")

    expect(page.get_by_role("heading", level=1)).to_have_text("Sign-in was cancelled")
    expect(page.get_by_text("Nothing was shared with us.")).to_be_visible()
    expect(steps.field(page, "Your comment")).to_have_value(WORDS)

    steps.sign_in(page, "WordPress.com", "Ada Lovelace")

    expect(page).to_have_url(f"/letters/{letter.slug}#write")
    expect(page.get_by_text("Commenting as Ada Lovelace via WordPress.com")).to_be_visible()
    expect(steps.field(page, "Your comment")).to_have_value(WORDS)


def test_one_can_change_to_another_account_and_log_out_and_keep_ones_words(open_page, script, make):
    letter = make.letter()
    page = open_page(**script)
    steps.open_letter(page, letter)
    steps.sign_in(page, "Google", "Ada")

    steps.write(page, WORDS)
    steps.press(page, "Change")
    expect(page.get_by_text("You are signed in as Ada.")).to_be_visible()
    steps.sign_in(page, "Facebook", "Bo")

    expect(page).to_have_url(f"/letters/{letter.slug}#write")  # and nothing of Facebook's own
    expect(page.get_by_text("Commenting as Bo via Facebook")).to_be_visible()
    expect(steps.field(page, "Your comment")).to_have_value(WORDS)

    steps.press(steps.composer(page), "Log out")

    expect(page.get_by_text("Commenting as")).to_have_count(0)
    steps.sign_in(page, "Google", "Ada")
    expect(page.get_by_text("Commenting as Ada via Google")).to_be_visible()
    expect(steps.field(page, "Your comment")).to_have_value(WORDS)


def test_logging_out_in_one_tab_ends_the_other_and_back_shows_nothing_of_it(open_page, make):
    letter = make.letter()
    page = open_page()
    steps.open_letter(page, letter)
    steps.sign_in(page, "Google", "Ada")
    other = page.context.new_page()
    steps.open_letter(other, letter)
    steps.write(other, WORDS)
    steps.log_out(page)

    page.go_back()
    expect(page.get_by_text("Commenting as")).to_have_count(0)
    steps.press(other, "Post comment")

    expect(other.get_by_text("Commenting as")).to_have_count(0)
    expect(other.get_by_text("Your comment is safe.")).to_be_visible()
