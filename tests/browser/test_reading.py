"""Reading: from the list into a letter, down a thread, and back to the place."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from discuss.comments import voting, walk
from tests.browser import steps


def thread(make, letter, levels):
    """Make a thread in which every comment answers the one before."""
    made = [make.comment(letter, source="Level 1.")]
    for level in range(2, levels + 1):
        made.append(make.comment(letter, parent=made[-1], source=f"Level {level}."))
    return made


def expect_comments(page, words):
    """Wait until the comments on a page say this, from the top."""
    expect(page.locator(".talk .prose")).to_have_text(words, use_inner_text=True)


def test_a_reader_follows_a_thread_to_its_end_and_comes_back_to_the_place(open_page, script, make):
    letter = make.letter(headline="To our members")
    made = thread(make, letter, 12)
    page = open_page(**script)

    page.goto("/")
    steps.follow(page, "To our members")
    expect(page.get_by_role("heading", level=1)).to_have_text("To our members")
    steps.follow(page.get_by_role("main"), "12 comments")
    expect(page.get_by_role("heading", name="12 comments")).to_be_in_viewport()
    expect_comments(page, [f"Level {level}." for level in range(1, 10)])

    steps.follow(page, "Continue this thread: 1 reply")
    place = made[8].number
    expect(page).to_have_url(f"/letters/{letter.slug}/comments/{place}")
    expect_comments(page, [f"Level {level}." for level in range(9, 13)])
    expect(page.get_by_text("8 comments before this one")).to_be_visible()

    steps.follow(page, "Back to this place in the whole discussion")
    expect(page).to_have_url(re.compile(f"/letters/{letter.slug}[?].*#c-{place}$"))
    expect(steps.comment(page, "Level 9.")).to_be_in_viewport()

    page.go_back()
    expect(steps.comment(page, "Level 12.")).to_be_visible()
    steps.comment(page, "Level 12.").locator("a:has(time)").click()
    expect(page).to_have_url(f"/letters/{letter.slug}/comments/{made[11].number}")
    expect_comments(page, ["Level 12."])


@pytest.fixture
def three(make, session):
    """A letter with three comments, the second of which was voted up."""
    letter = make.letter()
    numbers = [make.comment(letter, source=words).number for words in ("One.", "Two.", "Three.")]
    voting.vote(letter, make.account(), numbers[1], 1)
    session.commit()
    return letter


def test_the_three_orders_are_addresses_so_that_back_works(open_page, script, three):
    page = open_page(**script)
    steps.open_letter(page, three)
    expect_comments(page, ["Two.", "Three.", "One."])

    steps.follow(page, "Newest")
    expect_comments(page, ["Three.", "Two.", "One."])
    expect(page.get_by_role("link", name="Newest")).to_have_attribute("aria-current", "true")

    steps.follow(page, "Oldest")
    expect_comments(page, ["One.", "Two.", "Three."])

    page.go_back()
    expect_comments(page, ["Three.", "Two.", "One."])

    steps.follow(page, "Best")
    expect_comments(page, ["Two.", "Three.", "One."])


def test_load_more_appends_in_place_and_moves_focus_to_the_first_new_one(page, three, monkeypatch):
    monkeypatch.setattr(walk, "WIDTH", 2)
    steps.open_letter(page, three, "?sort=oldest")
    steps.write(page, "Half a thought.")

    steps.follow(page, "Load more")

    expect(steps.comment(page, "Three.")).to_be_visible()
    expect_comments(page, ["One.", "Two.", "Three."])
    expect(steps.comment(page, "Three.").get_by_role("heading")).to_be_focused()
    expect(page.get_by_role("link", name="Load more")).to_have_count(0)
    expect(steps.field(page, "Your comment")).to_have_value("Half a thought.")


def test_without_script_load_more_is_the_next_page(plain_page, three, monkeypatch):
    monkeypatch.setattr(walk, "WIDTH", 2)
    steps.open_letter(plain_page, three, "?sort=oldest")

    steps.follow(plain_page, "Load more")

    expect_comments(plain_page, ["Three."])
    expect(plain_page).to_have_url(re.compile("[?&]after="))
    plain_page.go_back()
    expect_comments(plain_page, ["One.", "Two."])


def test_a_hashtag_leads_to_the_letters_that_have_it(plain_page, make):
    make.letter(
        paragraphs=("We ask you to #StandTogether now.",),
        hashtags=("StandTogether",),
        headline="With the hashtag",
    )
    make.letter(headline="Without it", slug="without")
    plain_page.goto("/letters/without")
    plain_page.goto("/")

    steps.follow(plain_page, "With the hashtag")
    steps.follow(plain_page, "#StandTogether")

    expect(plain_page.get_by_role("heading", level=1)).to_contain_text("StandTogether")
    expect(plain_page.get_by_role("link", name="With the hashtag")).to_be_visible()
    expect(plain_page.get_by_role("link", name="Without it")).to_have_count(0)


@pytest.mark.row("32")
def test_a_first_visit_asks_this_host_alone_and_six_times_at_most(page, make, live_server):
    asked = []
    page.on("request", lambda request: asked.append(urlsplit(request.url)))
    letter = make.letter()
    thread(make, letter, 3)

    steps.open_letter(page, letter)
    page.wait_for_load_state("networkidle")

    assert {address.netloc for address in asked} == {urlsplit(live_server.url).netloc}
    assert len(asked) <= 6, [address.path for address in asked]
