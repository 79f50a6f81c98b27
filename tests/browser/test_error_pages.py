"""What a reader sees when something went wrong or came to its end: axe finds nothing there."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from discuss.comments import pace
from discuss.comments.models import Reason
from discuss.moderation import reports
from tests.browser import steps
from tests.browser.axe import faults
from tests.plumbing.browser import served
from tests.plumbing.databases import Database
from tests.plumbing.services import free_port

MEGABYTE = 1024 * 1024


@pytest.fixture
def letter(make):
    return make.letter()


@pytest.fixture
def ada(make):
    return make.account("Ada")


@pytest.fixture
def without_database(data_dir, watch):
    """The site, while nothing listens where its database should."""
    away = Database(f"postgresql+psycopg://nobody@127.0.0.1:{free_port()}/away", data_dir)
    with served(away) as site:
        watch.hosts |= {urlsplit(site.url).netloc}
        yield site


def heading(page, words):
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


def test_a_form_that_is_too_large(person, letter, ada):
    page = person(ada)
    steps.open_letter(page, letter)
    field = steps.field(page, "Your comment")
    field.evaluate("(field, length) => { field.value = 'x'.repeat(length) }", MEGABYTE)

    steps.press(page, "Post comment")

    heading(page, "That is too much at once")
    assert faults(page, "413") == []


def test_a_comment_that_came_too_fast(person, make, letter, ada, monkeypatch):
    monkeypatch.setattr(pace, "PACES", ((timedelta(hours=1), 2),))
    for _ in range(2):
        make.comment(letter, author=ada)
    page = person(ada)
    steps.open_letter(page, letter)
    steps.write(page, "One more.")

    steps.press(page, "Post comment")

    expect(page.get_by_role("alert")).to_contain_text("faster than we can print")
    expect(steps.field(page, "Your comment")).to_have_value("One more.")
    assert faults(page, "429 of a comment") == []


def test_a_report_that_came_too_fast(person, make, session, letter, ada):
    for _ in range(reports.REPORTS_AN_HOUR):
        reports.report(letter, ada, make.comment(letter).number, Reason.SPAM, "")
    session.commit()
    comment = make.comment(letter)
    page = person(ada)
    page.goto(f"/letters/{letter.slug}/comments/{comment.number}/report")
    page.get_by_label("Spam").check()

    steps.press(page, "Send report")

    expect(page.get_by_role("alert")).to_contain_text("You have sent 20 reports within an hour.")
    assert faults(page, "429 of a report") == []


@pytest.mark.parametrize("who", ["signed in", "signed out"])
def test_a_page_that_breaks(person, open_page, session, letter, ada, who):
    letter.introduction = 5  # which is no list
    session.commit()
    page = person(ada) if who == "signed in" else open_page()

    steps.open_letter(page, letter)

    heading(page, "Something broke on our side")
    expect(page.get_by_text("If you write to us, mention")).to_be_visible()
    assert faults(page, "500") == []


@pytest.mark.parametrize("who", ["signed in", "signed out"])
def test_a_database_that_is_away(person, open_page, without_database, letter, ada, who):
    there = {"base_url": without_database.url}
    page = person(ada, **there) if who == "signed in" else open_page(**there)

    steps.open_letter(page, letter)

    heading(page, "The site is out of breath")
    assert faults(page, "503") == []


def test_an_account_that_is_on_its_way_out(person, ada):
    page = person(ada)
    page.goto("/account/deletion")

    steps.press(page, "Delete my account")

    heading(page, "You are signed out")
    assert faults(page, "a deleted account") == []
