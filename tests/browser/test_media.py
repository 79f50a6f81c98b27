"""Other ways a page is shown: on paper, from right to left, on the narrowest screen."""

import pytest
from playwright.sync_api import expect

from tests.browser import steps

pytestmark = pytest.mark.looks

ARABIC = (
    "نكتب إليكم اليوم باسم كل من عمل معنا في هذه السنوات.",
    "ما زال أمامنا الكثير، وسنفعله معا: https://example.org/" + "طويل" * 40,
)


def test_on_paper_stands_the_letter_alone(page, make):
    letter = make.letter(("On behalf of everybody.",))
    make.comment(letter, source="By spring I phoned.")
    steps.open_letter(page, letter)

    page.emulate_media(media="print")

    expect(page.locator(".sheet")).to_contain_text("On behalf of everybody.")
    expect(page.locator(".sheet")).to_be_visible()
    expect(page.get_by_text(f"/letters/{letter.slug}")).to_be_visible()
    for hidden in (
        page.locator("header.site"),
        page.locator("footer.foot"),
        page.locator("form.composer"),
        page.get_by_text("By spring I phoned."),
        page.get_by_role("link", name="Copy link"),
    ):
        expect(hidden.first).to_be_hidden()


def test_a_letter_from_right_to_left_fits_the_narrowest_screen(open_page, make):
    letter = make.letter(ARABIC, language="ar", headline="رسالة إلى الجميع")
    make.comment(letter, source=ARABIC[0])
    page = open_page(viewport={"width": 320, "height": 640})

    steps.open_letter(page, letter)

    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_attribute("lang", "ar")
    for element in (heading, page.locator("#p1"), page.locator(".prose > p")):
        expect(element).to_have_css("direction", "rtl")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
