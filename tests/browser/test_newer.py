"""What arrived meanwhile: nothing moves until the reader asks for it."""

from playwright.sync_api import expect

from tests.browser import steps

ASKED_AFTER = 61_000  # milliseconds; the page asks every 20 s, and after long silence every 60 s


def places(page):
    """Return where everything of a discussion stands on the page, and what is in view of it."""
    return page.locator(".talk .c, .talk form, .talk h2").evaluate_all(
        "all => [scrollY, ...all.map(one => JSON.stringify(one.getBoundingClientRect()))]"
    )


def test_comments_that_arrive_wait_behind_a_line_that_says_how_many(open_page, make):
    letter = make.letter()
    make.comment(letter, source="The first.")
    page = open_page()
    page.clock.install()
    steps.open_letter(page, letter)
    steps.write(page, "Half a thought.")
    steps.comment(page, "The first.").scroll_into_view_if_needed()
    before = places(page)

    make.comment(letter, source="The second.")
    with page.expect_response("**/newer"):
        page.clock.fast_forward(ASKED_AFTER)

    expect(page.get_by_role("link", name="1 new comment")).to_be_visible()
    expect(page.get_by_text("The second.")).to_have_count(0)
    assert places(page) == before

    make.comment(letter, source="The third.")
    with page.expect_response("**/newer"):
        page.clock.fast_forward(ASKED_AFTER)
    steps.follow(page, "2 new comments")

    expect(steps.comment(page, "The second.")).to_be_visible()
    expect(steps.comment(page, "The third.")).to_be_visible()
    expect(page.get_by_role("heading", name="3 comments")).to_be_visible()
    expect(steps.field(page, "Your comment")).to_have_value("Half a thought.")


def test_a_second_visit_marks_what_is_new_and_not_ones_own(person, make):
    letter, ada = make.letter(), make.account("Ada")
    make.comment(letter, source="The first.")
    page = person(ada)
    steps.open_letter(page, letter)
    expect(page.get_by_text("since your last visit")).to_have_count(0)
    page.goto("/")

    make.comment(letter, source="The second.")
    make.comment(letter, author=ada, source="From my other device.")
    steps.open_letter(page, letter)

    expect(steps.comment(page, "The second.").get_by_text("New", exact=True)).to_be_visible()
    expect(page.get_by_text("New", exact=True)).to_have_count(1)
    steps.follow(page, "1 new since your last visit")
    expect(steps.comment(page, "The second.")).to_be_in_viewport()

    page.goto("/")
    steps.open_letter(page, letter)
    expect(page.get_by_text("since your last visit")).to_have_count(0)
