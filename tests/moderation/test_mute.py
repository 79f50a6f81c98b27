"""Muting an account for oneself: folded for one reader, and for nobody else."""

import pytest

from discuss.moderation.muting import actions as mutes
from discuss.moderation.muting.actions import Mute

FOLDED = "folded: you muted them"


@pytest.fixture
def browser(make, sign_in):
    """Somebody who would rather not read Max."""
    return sign_in(make.account("Ada"))


@pytest.fixture
def said(letter, comment):
    return f"/letters/{letter.slug}/comments/{comment.number}"


def test_a_muted_authors_comments_fold_for_the_reader_alone(
    letter, comment, browser, said, make, sign_in, reader
):
    page = f"/letters/{letter.slug}"
    other = sign_in(make.account())
    before = [who.get(page).text for who in (other, reader)]

    answer = browser.post(f"{said}/mute", next=f"{page}#c-{comment.number}")

    assert (answer.status_code, answer.location) == (303, f"{page}#c-{comment.number}")
    mine = browser.get(page).text
    assert (mine.count(FOLDED), "Muted, for you alone." in mine) == (1, True)
    assert "Go and live somewhere else." in mine
    assert "Mute Max" not in mine
    for who, text in zip((other, reader), before, strict=True):
        assert FOLDED not in who.get(page).text
        assert FOLDED not in text
    assert FOLDED in browser.get(said).text
    assert "Mute Max" in other.get(page).text
    assert "Mute" not in reader.get(page).text


def test_it_is_taken_back_at_the_account_page(letter, browser, said, session):
    browser.post(f"{said}/mute")
    (muted,) = mutes.muted_accounts(session.merge(browser.account))
    assert "Unmute" in browser.get("/account").text

    answers = [browser.post(f"/account/mutes/{muted.id}/removal").status_code for _ in range(2)]

    assert answers == [303, 404]
    assert FOLDED not in browser.get(f"/letters/{letter.slug}").text
    assert "Unmute" not in browser.get("/account").text


def test_twice_is_once_and_one_cannot_mute_oneself(browser, said, comment, sign_in, session, make):
    assert [browser.post(f"{said}/mute").status_code for _ in range(2)] == [303, 303]
    own = sign_in(session.get(mutes.Account, comment.account_id)).post(f"{said}/mute")

    assert (own.status_code, session.query(Mute).count()) == (403, 1)


def test_the_file_of_ones_data_has_it(browser, said):
    browser.post(f"{said}/mute")

    assert browser.post("/account/data").json["mutes"] == [{"name": "Max"}]


def test_nobody_mutes_without_an_account(reader, said, session):
    assert reader.post(f"{said}/mute").status_code == 401
    assert session.query(Mute).count() == 0
