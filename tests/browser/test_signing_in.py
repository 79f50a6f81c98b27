"""Signing in from the composer: the words go along, and nothing is published by it."""

import pytest
from playwright.sync_api import expect

from tests.browser import steps


@pytest.mark.parametrize("provider", steps.PROVIDERS)
def test_words_written_first_travel_through_the_sign_in(open_page, script, make, provider):
    letter = make.letter()
    page = open_page(**script)
    steps.open_letter(page, letter)
    steps.write(page, "Words that came along.")

    steps.sign_in(page, provider, "Ada Lovelace")

    expect(steps.field(page, "Your comment")).to_have_value("Words that came along.")
    assert steps.path(page) == f"/letters/{letter.slug}#write"
    expect(page.get_by_text(f"Commenting as Ada Lovelace via {provider}")).to_be_visible()
    expect(page.get_by_text("Nobody has written yet.")).to_be_visible()

    steps.press(page, "Post comment")

    expect(steps.comment(page, "Words that came along.")).to_contain_text("Ada Lovelace")
