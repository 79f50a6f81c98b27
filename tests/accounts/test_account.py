"""The account page: another name, more ways to sign in, and being signed out elsewhere."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from discuss.accounts import actions
from discuss.accounts.errors import LastIdentity
from discuss.accounts.events import account_renamed
from discuss.accounts.models import Account, Identity, SignIn
from discuss.base import clock
from tests.accounts.conftest import PROVIDERS, SITE, consent


@pytest.fixture
def ada(browser):
    """Ada, just signed in with Google."""
    reader = browser()
    reader.sign_in("google", "Ada")
    return reader


def account_called(session, name):
    return session.scalars(sa.select(Account).where(Account.name == name)).one()


def identities(session, name="Ada"):
    wanted = sa.select(Identity.id).join(Account).where(Account.name == name).order_by(Identity.id)
    return list(session.scalars(wanted))


def test_the_page_is_for_its_owner(browser, ada):
    page = ada.get("/account")

    assert page.headers["Cache-Control"] == "private, no-store"
    assert 'value="Ada"' in page.text
    assert "This device only." in page.text
    assert "ada@example.com" not in page.text, "an address is shown to nobody"
    assert browser().get("/account").location == "/signin?next=/account"


def test_a_new_name_is_shown_at_once(ada):
    answer = ada.post("/account/name", name="  Ada   Lovelace ")

    assert (answer.status_code, answer.location) == (303, "/account")
    assert ada.name == "Ada Lovelace"
    assert "Name saved." in ada.get("/account").text
    assert "Name saved." not in ada.get("/account").text


def test_whoever_shows_a_name_hears_of_the_new_one(make):
    account, heard = make.account("Before"), []

    with account_renamed.connected_to(heard.append):
        actions.rename(account, "After")
        actions.rename(account, "After")

    assert heard == [account]


@pytest.mark.parametrize(
    "name", ["", "   ", "\u200b\u202e", "x" * 61, "..."], ids=["nothing", "blanks", "invisible",
                                                           "too long", "dots"]
)  # fmt: skip
def test_a_name_that_cannot_be_comes_back_with_what_is_wrong(ada, name):
    answer = ada.post("/account/name", name=name)

    assert answer.status_code == 422
    assert "Write a name of 1 to 60 letters." in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert ada.name == "Ada"


def test_a_form_without_its_field_is_refused_too(ada):
    assert ada.post("/account/name").status_code == 422


def test_nobody_takes_a_moderators_name(make, ada):
    make.moderator("Jordan")

    answer = ada.post("/account/name", name="Jоrdan")

    assert (answer.status_code, "too much like" in answer.text) == (422, True)
    assert 'value="Jоrdan"' in answer.text, "what was typed is still there"
    assert ada.name == "Ada"


def test_a_moderator_may_write_their_own_name_differently(make, sign_in):
    jordan = make.moderator("jordan")

    assert sign_in(jordan).post("/account/name", name="Jordan").status_code == 303


@pytest.mark.row("25")
def test_a_form_cannot_raise_its_senders_role(ada, session):
    ada.post("/account/name", name="Ada", role="administrator", id="1", is_moderator="1")

    assert account_called(session, "Ada").role == "account"


@pytest.mark.parametrize("provider", [name for name in PROVIDERS if name != "google"])
def test_a_second_provider_signs_in_to_the_same_account(browser, ada, provider):
    answer = ada.link(provider, "Ada elsewhere")

    assert (answer.status_code, answer.location.removesuffix("#top")) == (303, "/account")
    assert "Linked." in ada.get("/account").text
    other = browser()
    other.sign_in(provider, "Ada elsewhere")
    assert other.name == "Ada"


def test_linking_wants_a_sign_in_of_the_last_ten_minutes(ada, monkeypatch, session):
    begun = clock.now()
    monkeypatch.setattr(clock, "now", lambda: begun + timedelta(minutes=10, seconds=5))

    answer = ada.post("/account/identities/twitter")

    assert answer.status_code == 403
    assert "Sign in again first" in answer.text
    assert "Continue with Google" in answer.text
    assert "Continue with X" not in answer.text, "only what is linked already"
    assert len(identities(session)) == 1


@pytest.mark.row("20")
def test_an_identity_of_somebody_else_is_not_taken_away(browser, ada, session):
    browser().sign_in("twitter", "Grace")

    answer = ada.link("twitter", "Grace")

    assert answer.status_code == 409
    assert "already signs in another account here" in answer.text
    assert (len(identities(session)), len(identities(session, "Grace"))) == (1, 1)


def test_linking_the_same_twice_is_linking_it_once(ada, session):
    ada.link("twitter", "Ada")

    assert ada.link("twitter", "Ada").status_code == 303
    assert len(identities(session)) == 2


def test_what_was_to_be_linked_goes_to_nobody_else(browser, ada, session):
    way_home = consent(ada.depart("twitter", "/account/identities/{}"), "Ada elsewhere")
    ada.sign_in("facebook", "Grace")  # somebody else sits down at the same browser

    ada.arrive(way_home)

    assert session.scalar(sa.select(sa.func.count()).where(Identity.provider == "twitter")) == 0


def test_a_link_that_comes_back_after_logging_out_signs_nobody_in(ada, session):
    way_home = consent(ada.depart("twitter", "/account/identities/{}"), "Ada elsewhere")
    ada.post("/signout")

    assert ada.arrive(way_home).status_code == 400
    assert ada.name is None


def test_another_browsers_state_links_nothing(browser, ada, session):
    mallory = browser()
    mallory.sign_in("google", "Mallory")
    way_home = consent(mallory.depart("twitter", "/account/identities/{}"), "Mallory elsewhere")

    answer = ada.arrive(way_home)

    assert (answer.status_code, answer.location) == (303, "/"), "as a callback played again"
    assert (len(identities(session)), len(identities(session, "Mallory"))) == (1, 1)


def test_linking_is_for_who_is_signed_in(browser):
    answer = browser().post("/account/identities/google")

    assert answer.status_code == 401


def test_a_way_that_is_not_configured_cannot_be_linked(ada):
    assert ada.post("/account/identities/nobody").status_code == 404


def test_what_is_unlinked_signs_in_no_more(browser, ada, session):
    ada.link("twitter", "Ada elsewhere")
    other = browser()
    other.sign_in("twitter", "Ada elsewhere")

    answer = ada.post(f"/account/identities/{identities(session)[1]}/removal")

    assert (answer.status_code, len(identities(session))) == (303, 1)
    assert other.name is None, "browsers that came in that way are signed out"
    assert ada.name == "Ada"
    other.sign_in("twitter", "Ada elsewhere")
    assert other.name == "Ada elsewhere", "a new account"


def test_the_way_one_came_in_can_be_unlinked_too(ada, session):
    ada.link("twitter", "Ada elsewhere")

    answer = ada.post(f"/account/identities/{identities(session)[0]}/removal")

    assert (answer.status_code, ada.name) == (303, "Ada")


def test_the_last_way_in_stays(ada, session):
    answer = ada.post(f"/account/identities/{identities(session)[0]}/removal")

    assert (answer.status_code, "Keep at least one" in answer.text) == (409, True)
    assert len(identities(session)) == 1


def test_a_way_in_that_is_no_longer_configured_does_not_count_as_one(make, session):
    account = make.account("Ada")
    account.identities.append(Identity(provider="gone", issuer="x", subject="y", label=""))
    session.commit()

    with pytest.raises(LastIdentity):
        actions.unlink(account, account.identities[0].id)


def test_nobody_unlinks_anothers_way_in(browser, ada, session):
    mallory = browser()
    mallory.sign_in("google", "Mallory")
    mallory.link("twitter", "Mallory")

    assert mallory.post(f"/account/identities/{identities(session)[0]}/removal").status_code == 404
    assert mallory.post("/account/identities/999999/removal").status_code == 404
    assert len(identities(session)) == 1


def test_logging_out_ends_the_session_on_the_server(browser, ada, session):
    thief = browser()
    thief.client.set_cookie("discuss", ada.cookie, domain="127.0.0.1")
    assert thief.name == "Ada"
    thief.client.set_cookie("discuss", ada.cookie, domain="127.0.0.1")

    answer = ada.post("/signout", next="/letters/bystander")

    assert (answer.status_code, answer.location) == (303, "/letters/bystander")
    assert (ada.name, thief.name) == (None, None)
    assert session.scalar(sa.select(sa.func.count()).select_from(SignIn)) == 0


def test_logging_out_twice_is_no_error(ada):
    ada.post("/signout")

    assert ada.post("/signout").status_code == 303


def test_logging_out_everywhere_else_leaves_this_browser_in(browser, ada, session):
    others = [browser(), browser()]
    for other in others:
        other.sign_in("google", "Ada")
    somebody_else = browser()
    somebody_else.sign_in("google", "Grace")
    assert "This device, and 2 others:" in ada.get("/account").text

    answer = ada.post("/account/other-sign-ins/removal")

    assert answer.status_code == 303
    assert (ada.name, somebody_else.name) == ("Ada", "Grace")
    assert [other.name for other in others] == [None, None]


def test_who_was_signed_out_elsewhere_can_sign_in_again_at_once(browser, ada):
    other = browser()
    other.sign_in("google", "Ada")
    page_open_before = other.token()
    ada.post("/account/other-sign-ins/removal")

    refused = other.open(
        "/signin/google",
        method="POST",
        data={"csrf_token": "", "next": "/"},
        headers={"Origin": SITE},
    )
    again = other.open("/signin/google", method="POST", headers={"Origin": SITE})

    assert page_open_before
    assert (refused.status_code, again.status_code) == (403, 200)


def test_a_session_of_thirty_days_without_a_visit_is_over(ada, monkeypatch):
    begun = clock.now()
    monkeypatch.setattr(clock, "now", lambda: begun + timedelta(days=30, minutes=11))

    assert ada.name is None


def test_the_composer_is_told_through_what_one_is_signed_in(app, ada):
    page = ada.get("/letters/bystander").text

    assert "via Google" in re.sub(r"<[^>]+>", "", page)


@pytest.mark.row("13")
@pytest.mark.parametrize(
    "path",
    ["/account/name", "/account/identities/twitter", "/account/identities/1/removal",
     "/account/other-sign-ins/removal", "/signin/google"],
)  # fmt: skip
@pytest.mark.parametrize("token", ["", "x", None])
def test_row_13_no_form_works_without_the_sessions_token(ada, session, path, token):
    data = {} if token is None else {"csrf_token": token}

    answer = ada.open(path, method="POST", data=data, headers={"Origin": SITE})

    assert answer.status_code == 403
    assert ada.name == "Ada"


@pytest.mark.row("13")
@pytest.mark.parametrize(
    "path", ["/account/name", "/account/identities/twitter", "/account/identities/1/removal",
             "/account/other-sign-ins/removal", "/signout", "/signin/google"],
)  # fmt: skip
def test_row_13_looking_at_an_address_changes_nothing(ada, path):
    assert ada.get(path).status_code in {404, 405}
    assert ada.name == "Ada"


def test_being_here_renews_the_cookie_s_days_but_not_with_every_page(make, sign_in, monkeypatch):
    page = sign_in(make.account())
    page.get("/")
    begun = clock.now()

    soon = page.get("/")
    monkeypatch.setattr(clock, "now", lambda: begun + timedelta(minutes=11))
    later = page.get("/")

    assert "Set-Cookie" not in soon.headers
    assert "Expires=" in later.headers["Set-Cookie"]
