"""Row F9: a provider that is slow, cut off or talks rubbish costs a page, never the site."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from discuss.accounts import transport
from discuss.accounts.models import Identity, SignIn
from discuss.accounts.standins import Misbehaviour
from discuss.accounts.transport import Errands, TooMany, TooSlow
from tests.accounts.conftest import NAMES, PROVIDERS, consent

ADDRESSES = {
    "google": ("DISCOVERY", "JWKS", "TOKEN"),
    "oidc": ("DISCOVERY", "JWKS", "TOKEN"),
    "twitter": ("TOKEN", "PROFILE"),
    "facebook": ("TOKEN", "PROFILE"),
    "wordpress": ("TOKEN", "PROFILE"),
}
AT_ONCE = ("500", "HTML", "LIST", "CLOSES", "HUGE", "BOMB")
SLOW = ("LATE", "DRIPS")


def cases(faults):
    return [
        (provider, Misbehaviour[f"{address}_{fault}"])
        for provider, addresses in ADDRESSES.items()
        for address in addresses
        for fault in faults
    ]


@pytest.fixture
def hurry(monkeypatch):
    """Lets a test see a limit reached without waiting for it: what is slow stays slow for ever."""
    monkeypatch.setattr(transport, "SECONDS_A_CALL", 0.5)


def tried(reader, provider):
    """Try to sign in; the answer that ends it, on the way out or on the way back."""
    page = reader.post(f"/signin/{provider}", next="/letters/bystander")
    if page.status_code != 200:
        return page
    return reader.arrive(consent(reader.depart(provider), "Ada"))


@pytest.mark.row("F9")
@pytest.mark.parametrize(("provider", "fault"), cases(AT_ONCE))
def test_row_f9_a_fault_is_a_friendly_page(browser, session, standins, provider, fault):
    reader = browser()
    standins.misbehave(provider, fault)

    answer = tried(reader, provider)

    assert answer.status_code == 400
    assert "<h1>You are not signed in</h1>" in answer.text
    assert NAMES[provider] in answer.text, "the page says whose fault it was"
    assert all(f"Continue with {name}" in answer.text for name in NAMES.values())
    assert (reader.name, session.scalar(sa.select(sa.func.count()).select_from(SignIn))) == (
        None,
        0,
    )


@pytest.mark.row("F9")
@pytest.mark.parametrize(("provider", "fault"), cases(SLOW))
def test_row_f9_who_is_slow_is_given_up(browser, standins, hurry, caplog, provider, fault):
    reader = browser()
    standins.misbehave(provider, fault)

    answer = tried(reader, provider)

    assert (answer.status_code, "did not answer in time" in answer.text) == (400, True)
    assert "TooSlow" not in caplog.text, "the call itself ended, and its place is free again"


@pytest.mark.row("F9")
def test_row_f9_a_provider_that_comes_back_is_asked_again(browser, standins):
    for fault in (Misbehaviour.DISCOVERY_HTML, Misbehaviour.JWKS_LIST, Misbehaviour.TOKEN_500):
        standins.misbehave("google", fault)
        assert tried(browser(), "google").status_code == 400
    standins.behave()
    reader = browser()

    reader.sign_in("google", "Ada")

    assert reader.name == "Ada"


@pytest.mark.row("F9")
def test_row_f9_nobody_listens_at_the_address(browser, settings, app):
    client = app.extensions["services"]["twitter"].client
    client.access_token_url = "http://127.0.0.1:1/token"

    answer = tried(browser(), "twitter")

    assert (answer.status_code, "did not answer in time" in answer.text) == (400, True)


@pytest.mark.row("F9")
def test_row_f9_the_site_goes_on_while_a_provider_holds_every_sign_in(browser, standins):
    standins.misbehave("twitter", Misbehaviour.TOKEN_LATE)
    readers = [browser() for _ in range(8)]
    homes = [consent(reader.depart("twitter"), f"Ada {n}") for n, reader in enumerate(readers)]

    with ThreadPoolExecutor(8) as pool:
        waiting = [
            pool.submit(reader.arrive, home)
            for reader, home in zip(readers, homes, strict=True)
        ]  # fmt: skip
        other = browser()
        other.sign_in("google", "Grace")
        written = other.post("/account/name", name="Grace Hopper")
        assert [answer.done() for answer in waiting].count(False) >= 4, "they still wait"
        standins.release()
        answers = [answer.result() for answer in waiting]

    assert (other.name, written.status_code) == ("Grace Hopper", 303)
    assert {answer.status_code for answer in answers} <= {303, 400}
    assert [answer.status_code for answer in answers].count(303) >= 4


@pytest.mark.row("F9")
@pytest.mark.parametrize("fault", [Misbehaviour.RATE_LIMITED, Misbehaviour.NO_CREDIT])
def test_x_without_credit_or_asked_too_often_names_another_way_in(browser, standins, fault):
    standins.misbehave("twitter", fault)

    answer = tried(browser(), "twitter")

    assert answer.status_code == 400
    assert "X (Twitter) lets nobody in here at the moment. Choose another way in." in answer.text


@pytest.mark.row("F9")
@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_code_that_the_provider_refuses_signs_nobody_in(browser, standins, provider):
    standins.misbehave(provider, Misbehaviour.TOKEN_ERROR)

    assert tried(browser(), provider).status_code == 400


@pytest.mark.row("F9")
@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("fault", [Misbehaviour.MISSING_SUBJECT, Misbehaviour.WRONG_TYPES])
def test_a_profile_without_a_usable_key_signs_nobody_in(
    browser, session, standins, provider, fault
):
    standins.misbehave(provider, fault)

    assert tried(browser(), provider).status_code == 400
    assert session.scalar(sa.select(sa.func.count()).where(Identity.label == "Ada")) == 0


RUBBISH = [
    True, False, 0, -1, 10**400, 1.5, "", " ", "\x00", "\ud800", "x" * 300, "x" * 100_000, [],
    ["1"], {}, {"a": "b"}, [[[[]]]], "\u202e", "\n", "é", float("inf"),
]  # fmt: skip
FIELDS = {
    "google": ("sub", "name", "email", "email_verified", "exp", "aud", "at_hash", "picture"),
    "oidc": ("sub", "name", "iat", "iss", "nonce", "azp", "locale"),
    "twitter": ("id", "name", "username", "confirmed_email"),
    "facebook": ("id", "name", "email"),
    "wordpress": ("ID", "display_name", "username", "email", "email_verified"),
}


@pytest.mark.row("F9")
@pytest.mark.parametrize(
    ("provider", "field"), [(name, field) for name, fields in FIELDS.items() for field in fields]
)
def test_rubbish_in_any_field_of_a_profile_never_breaks_the_site(
    browser, standins, provider, field
):
    for value in RUBBISH:
        standins.behave()
        standins.tell(provider, **{field: value})

        answer = tried(browser(), provider)

        assert answer.status_code in {303, 400}, value


@pytest.mark.row("F9")
def test_errands_run_no_more_than_a_few_at_once():
    errands, gate = Errands(at_once=2, seconds=30), threading.Event()
    begun = threading.Barrier(3)

    def wait():
        begun.wait()
        return gate.wait()

    with ThreadPoolExecutor(2) as pool:
        waiting = [pool.submit(errands.run, wait) for _ in range(2)]
        begun.wait()
        with pytest.raises(TooMany):
            errands.run(lambda: "one too many")
        gate.set()
        assert [one.result() for one in waiting] == [True, True]

    assert errands.run(lambda: "a place is free again") == "a place is free again"


@pytest.mark.row("F9")
def test_an_errand_that_hangs_is_given_up_and_keeps_its_place_until_it_ends():
    errands, gate = Errands(at_once=1, seconds=0.01), threading.Event()

    with pytest.raises(TooSlow):
        errands.run(gate.wait)
    with pytest.raises(TooMany):
        errands.run(lambda: None)
    gate.set()

    assert errands.run(lambda: "free") == "free"


@pytest.mark.row("F9")
def test_an_errand_raises_what_went_wrong_in_it():
    with pytest.raises(ZeroDivisionError):
        Errands().run(lambda: 1 / 0)
