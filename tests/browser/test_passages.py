"""Comments about a passage of the letter: select the words, or choose the paragraph."""

import pytest
from playwright.sync_api import expect

from tests.browser import steps

A_MOMENT = 300  # milliseconds; the page offers the button once a selection has rested for 200
SECOND = "There is more to do, and “we” will do it together."


@pytest.fixture
def letter(make):
    return make.letter(("On behalf of everybody.", SECOND, "In solidarity, as ever."))


def about(page):
    """Find the list of what a comment can be about."""
    return page.get_by_role("combobox", name="About")


def test_selected_words_become_the_quotation_of_a_comment(open_page, letter):
    page = open_page()
    steps.open_letter(page, letter)

    page.locator("#p2 > p").select_text()
    steps.press(page, "Comment on this passage")

    form = steps.composer(page)
    expect(form.locator("q")).to_have_text(SECOND)
    expect(about(page)).to_have_value("2")
    expect(steps.field(page, "Your comment")).to_be_focused()
    steps.write(page, "Who is “we” here?")
    steps.sign_in(page, "Google", "Ada")
    expect(form.locator("q")).to_have_text(SECOND)
    steps.press(page, "Post comment")

    said = steps.comment(page, "Who is “we” here?")
    steps.follow(said, SECOND)
    expect(page).to_have_url(f"/letters/{letter.slug}#p2")
    pin = page.locator("#p2").get_by_role("link", name="1 comment")
    expect(pin).to_be_visible()
    pin.click()
    expect(about(page)).to_have_value("2")


def test_a_dragged_selection_keeps_its_words_and_can_be_let_go_again(person, make, letter):
    page = person(make.account("Ada"))
    page.clock.install()
    steps.open_letter(page, letter)
    words = page.locator("#p3 > p")
    words.scroll_into_view_if_needed()

    box = words.bounding_box()
    page.mouse.move(box["x"] + 1, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 1, box["y"] + box["height"] / 2, steps=5)
    page.clock.run_for(A_MOMENT)
    expect(page.get_by_role("button", name="Comment on this passage")).to_have_count(0)
    page.mouse.up()
    page.clock.run_for(A_MOMENT)
    steps.press(page, "Comment on this passage")
    quotation = steps.composer(page).locator("q")
    expect(quotation).to_have_text("In solidarity, as ever.")

    page.reload()
    expect(quotation).to_have_text("In solidarity, as ever.")
    steps.press(page, "Remove the quotation")
    expect(quotation).to_be_hidden()
    steps.post(page, "Nothing in particular.")
    expect(steps.comment(page, "Nothing in particular.").locator(".cite")).to_have_count(0)


def test_without_script_a_paragraph_is_chosen_from_a_list(person, make, letter):
    page = person(make.account("Ada"), java_script_enabled=False)
    steps.open_letter(page, letter)

    about(page).select_option("2")
    steps.post(page, "Who is meant?")
    steps.open_letter(page, letter)

    expect(page.locator("#p2").get_by_role("link", name="1 comment")).to_be_visible()
