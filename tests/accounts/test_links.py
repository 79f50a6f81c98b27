"""One-time links: once, for an hour, and only when the button is pressed."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa

from discuss.accounts import links
from discuss.accounts.errors import LinkSpent
from discuss.accounts.models import Account, Role, SignInLink
from discuss.base import clock
from tests.accounts.conftest import SITE


@pytest.fixture
def path(make, session):
    """The path of a link that signs in Grace."""
    made = links.make(make.account("Grace"))
    session.commit()
    assert made.startswith(f"{SITE}/signin/link/")
    return urlsplit(made).path


def test_the_page_has_a_button_and_the_button_signs_in(browser, path):
    reader = browser()
    page = reader.get(path)
    assert (page.status_code, reader.name) == (200, None)
    assert re.search(r"<button[^>]*>Sign in</button>", page.text)

    answer = reader.post(path)

    assert (answer.status_code, answer.location) == (303, "/account")
    assert reader.name == "Grace"


def test_looking_does_not_use_it_up(browser, path):
    for _ in range(3):
        assert browser().get(path).status_code == 200

    assert browser().post(path).status_code == 303


def test_it_works_once(browser, path):
    browser().post(path)
    late = browser()

    assert (late.get(path).status_code, late.post(path).status_code) == (410, 410)
    assert "This link no longer works" in late.get(path).text
    assert late.name is None


def test_it_works_for_an_hour(browser, path, monkeypatch):
    made = clock.now()
    monkeypatch.setattr(clock, "now", lambda: made + timedelta(minutes=60, seconds=5))
    late = browser()

    assert (late.get(path).status_code, late.post(path).status_code) == (410, 410)


def test_an_invented_one_signs_nobody_in(browser):
    reader = browser()

    for name in ("x", "A" * 22, "%00", "é", "x" * 500):
        assert reader.get(f"/signin/link/{name}").status_code == 410
        assert reader.post(f"/signin/link/{name}").status_code == 410


@pytest.mark.row("13")
def test_another_sites_page_cannot_press_the_button(browser, path):
    answer = browser().open(path, method="POST", headers={"Origin": "https://evil.example"})

    assert answer.status_code == 403
    assert browser().post(path).status_code == 303, "it was not used up"


@pytest.mark.row("15")
def test_it_stays_out_of_referers_and_of_the_database(browser, path, session):
    page = browser().get(path)

    assert page.headers["Referrer-Policy"] == "strict-origin"
    assert page.headers["Cache-Control"] == "private, no-store"
    assert path.rsplit("/", 1)[1] not in session.scalars(sa.select(SignInLink.digest)).all()


def test_the_first_administrator_gets_in_by_a_link(browser, session):
    made = links.make(None)
    session.commit()
    reader = browser()

    reader.post(urlsplit(made).path)

    assert reader.name == "Administrator"
    found = session.scalars(sa.select(Account).where(Account.role == Role.ADMINISTRATOR)).one()
    assert found.name == "Administrator"


def test_a_second_first_administrator_is_not_let_in(make, browser, session):
    made = links.make(None)
    make.account("Boss", Role.ADMINISTRATOR)

    assert browser().post(urlsplit(made).path).status_code == 410


def test_signed_in_by_a_link_one_can_link_a_provider_at_once(browser, path):
    reader = browser()
    reader.post(path)
    assert "via one-time link" in re.sub(r"<[^>]+>", "", reader.get("/letters/bystander").text)

    reader.link("google", "Grace H")

    reader.post("/signout")
    reader.sign_in("google", "Grace H")
    assert reader.name == "Grace"


def test_old_links_are_forgotten(make, session, monkeypatch):
    links.make(make.account())
    made = clock.now()
    monkeypatch.setattr(clock, "now", lambda: made + timedelta(hours=2))

    assert links.forget_old() == 1
    with pytest.raises(LinkSpent):
        links.spend("x")
