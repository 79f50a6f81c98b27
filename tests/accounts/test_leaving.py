"""Taking one's data, and leaving: out of sight at once, back within 14 days, gone after them."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from discuss.accounts import actions, leaving, takeaway
from discuss.accounts.events import account_gone
from discuss.accounts.models import Account, ApiToken, Identity, Leaving, Role, SignIn
from discuss.base import clock, jobs


@pytest.fixture
def ada(browser):
    reader = browser()
    reader.sign_in("google", "Ada")
    return reader


@pytest.fixture
def later(monkeypatch, app):
    """Turn the clock on, and run the jobs that are due then: `later(days=14)`."""

    def turn(**by):
        now = clock.now() + timedelta(**by)
        monkeypatch.setattr(clock, "now", lambda: now)
        with app.app_context():
            jobs.plan_periodic()
        jobs.run_due(app)
        jobs.run_due(app)

    return turn


def account_called(session, name):
    session.expire_all()
    return session.scalars(sa.select(Account).where(Account.name == name)).one_or_none()


def test_a_person_takes_everything_along_as_one_file(ada):
    ada.link("twitter", "Ada elsewhere")

    answer = ada.post("/account/data")

    assert answer.headers["Content-Disposition"] == 'attachment; filename="my-data.json"'
    assert answer.headers["Cache-Control"] == "private, no-store"
    held = answer.json
    assert held["account"]["name"] == "Ada"
    assert [one["provider"] for one in held["account"]["identities"]] == ["Google", "X (Twitter)"]
    assert held["account"]["identities"][0]["email"] == "ada@example.com"
    assert len(held["sign_ins"]) == 1


def test_other_packages_add_their_part(app, make):
    takeaway.register(app, "letters", lambda account: [account.name])

    assert takeaway.everything(make.account("Ada"))["letters"] == ["Ada"]


def test_nobodys_data_is_handed_out(browser):
    assert browser().post("/account/data").status_code == 401


def test_leaving_asks_first_and_signs_out_everywhere(browser, ada, session):
    other = browser()
    other.sign_in("google", "Ada")
    account = account_called(session, "Ada")
    actions.make_token(account)
    session.commit()
    asked = ada.get("/account/deletion")
    assert (asked.status_code, "Delete my account</button>" in asked.text) == (200, True)
    assert session.scalar(sa.select(sa.func.count()).select_from(Leaving)) == 0

    answer = ada.post("/account/deletion")

    day = session.scalars(sa.select(Leaving.due_at)).one().date()
    assert f"Your account will be deleted on {day.day} " in answer.text
    assert (ada.name, other.name) == (None, None)
    assert session.scalar(sa.select(sa.func.count()).select_from(SignIn)) == 0
    assert session.scalar(sa.select(sa.func.count()).select_from(ApiToken)) == 0


def test_signing_in_within_14_days_takes_it_back(browser, ada, later, session):
    ada.post("/account/deletion")
    later(days=13, hours=23)

    answer = ada.sign_in("google", "Ada")

    assert answer.location == "/account"
    assert "Your account will not be deleted." in ada.get("/account").text
    later(days=2)
    assert account_called(session, "Ada") is not None


def test_after_14_days_nothing_tells_who_it_was(ada, later, session):
    account = account_called(session, "Ada")
    account.role = Role.MODERATOR
    session.commit()
    ada.post("/account/deletion")

    later(days=14, minutes=1)

    assert account_called(session, "Ada") is None
    session.refresh(account)
    assert (account.name, account.role) == ("", Role.ACCOUNT)
    assert session.scalar(sa.select(sa.func.count()).where(Identity.label == "Ada")) == 0
    assert session.scalars(sa.select(Leaving)).one().account_id is None


def test_who_comes_after_14_days_is_somebody_new(ada, later, session):
    before = account_called(session, "Ada").id
    ada.post("/account/deletion")
    later(days=14, minutes=1)

    ada.sign_in("google", "Ada")

    assert account_called(session, "Ada").id != before


@pytest.mark.parametrize(("words", "keeps"), [("keep", True), ("delete", False), (None, True)])
def test_other_packages_hear_what_becomes_of_the_words(app, ada, later, words, keeps):
    heard = []

    def listen(account, keeps_words):
        heard.append((account.name, keeps_words))

    with account_gone.connected_to(listen):
        assert "Delete the words too" in ada.get("/account/deletion").text
        ada.post("/account/deletion", **({"words": words} if words else {}))
        later(days=15)
        later(days=1)

    assert heard == [("Ada", keeps)]


def test_leaving_wants_a_sign_in_of_the_last_ten_minutes(ada, monkeypatch, session):
    begun = clock.now()
    monkeypatch.setattr(clock, "now", lambda: begun + timedelta(minutes=10, seconds=5))

    answer = ada.post("/account/deletion")

    assert (answer.status_code, "Sign in again first" in answer.text) == (403, True)
    assert session.scalar(sa.select(sa.func.count()).select_from(Leaving)) == 0


def test_leaving_twice_is_leaving_once(make, app, session):
    account = make.account("Ada")

    leaving.leave(account)
    leaving.leave(account, keeps_words=False)

    assert [row.keeps_words for row in session.scalars(sa.select(Leaving))] == [False]


def test_sessions_and_links_that_are_over_are_swept_away(ada, later, session):
    later(days=31)

    assert session.scalar(sa.select(sa.func.count()).select_from(SignIn)) == 0
