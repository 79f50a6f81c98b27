"""What all the stand-ins have in common: the page, the codes, the people, the loopback."""

import pytest
import requests

from discuss.accounts.standins import (
    TITLES,
    NotOnLoopback,
    Person,
    create_standins,
    running,
    standin_settings,
)
from discuss.base.config import Settings

SITE = "http://127.0.0.1:8000"
ADDRESS = "http://127.0.0.1:8001"
EVERY = pytest.mark.parametrize("provider", TITLES)


@pytest.mark.parametrize(
    ("site_url", "address"),
    [
        ("https://letters.example", ADDRESS),
        ("http://127.0.0.1.evil.example", ADDRESS),
        ("http://localhost@evil.example", ADDRESS),
        ("http://192.168.1.7:8000", ADDRESS),
        (SITE, "http://0.0.0.0:8001"),
        (SITE, "http://letters.example:8001"),
    ],
)
def test_stand_ins_refuse_to_be_made_off_loopback(site_url, address):
    with pytest.raises(NotOnLoopback, match="only on loopback"):
        create_standins(site_url, address)


def test_the_settings_of_the_stand_ins_are_settings_of_the_site():
    given = standin_settings(ADDRESS, "seed", oidc=True)

    settings = Settings(**given)

    assert {name: getattr(settings, name) for name in given} == given
    assert settings.configured_providers == ("google", "twitter", "facebook", "wordpress", "oidc")


def test_the_demo_has_no_button_for_a_plain_issuer():
    assert not [name for name in standin_settings(ADDRESS) if name.startswith("oidc")]


def test_a_client_secret_cannot_be_known_without_the_site_s_own():
    ours, theirs = (standin_settings(ADDRESS, seed) for seed in ("ours", "theirs"))

    assert ours["facebook_client_secret"] != theirs["facebook_client_secret"]
    assert ours["facebook_client_secret"] != ours["google_client_secret"]


@EVERY
def test_the_page_says_that_it_stands_in_and_asks_for_a_name(site, provider):
    page = site(provider).page()

    assert page.status_code == 200
    assert f"This page stands in for {TITLES[provider]} on this machine." in page.text
    assert '<html lang="en-GB">' in page.text
    assert '<label for="name">Display name</label>' in page.text
    assert f"form-action 'self' {SITE}" in page.headers["Content-Security-Policy"]
    assert "Set-Cookie" not in page.headers


@EVERY
def test_allow_leads_back_with_a_code_and_the_state(site, provider):
    location, back = site(provider).answer({"name": "Ada", "answer": "allow"})

    assert location._replace(query="", fragment="").geturl() == f"{SITE}/signin/{provider}/callback"
    assert (back["state"], bool(back["code"])) == ("a state", True)


@EVERY
def test_deny_leads_back_with_a_refusal_and_needs_no_name(site, provider):
    _, back = site(provider).answer({"name": "", "answer": "deny"})

    assert (back["error"], back["state"]) == ("access_denied", "a state")
    assert "code" not in back


@pytest.mark.parametrize("name", ["", "   ", "\t\u2003"])
def test_allow_without_a_name_asks_again(site, name):
    page = site("google").page({"name": name, "answer": "allow"})

    assert page.status_code == 422
    assert 'aria-invalid="true"' in page.text
    assert "Write a name first." in page.text


@EVERY
@pytest.mark.parametrize(
    "wrong",
    [
        {"redirect_uri": f"{SITE}/signin/elsewhere/callback"},
        {"redirect_uri": f"{SITE}/signin/google/callback/"},
        {"redirect_uri": "https://evil.example/"},
        {"redirect_uri": None},
        {"client_id": "another"},
        {"response_type": "token"},
        {"code_challenge_method": "plain"},
        {"code_challenge": "short"},
    ],
)
def test_a_bad_request_gets_an_error_page_and_no_redirect(site, provider, wrong):
    page = site(provider).page({"name": "Ada", "answer": "allow"}, **wrong)

    assert page.status_code == 400
    assert "refused the request" in page.text
    assert "Location" not in page.headers


@EVERY
def test_a_code_is_good_once(site, provider):
    there = site(provider)
    code = there.code()

    first, second = there.exchange(code), there.exchange(code)

    assert (first.status_code, second.status_code) == (200, 400)
    assert "access_token" not in second.json()


@EVERY
def test_a_code_grows_old(site, provider, watch):
    there = site(provider)
    code = there.code()
    watch.turn(30 if provider == "twitter" else 600)

    assert there.exchange(code).status_code == 400


@EVERY
@pytest.mark.parametrize(
    "wrong",
    [
        {"code": "made-up"},
        {"redirect_uri": "http://127.0.0.1:8000/"},
        {"code_verifier": "another-verifier-of-forty-three-letters-too-0"},
        {"code_verifier": None},
    ],
)
def test_a_code_is_exchanged_on_its_own_terms_alone(site, provider, wrong):
    there = site(provider)

    answer = there.exchange(**{"code": there.code()} | wrong)

    assert answer.status_code == 400
    assert "access_token" not in answer.json()


@pytest.mark.parametrize("provider", ["google", "facebook", "wordpress"])
def test_a_verifier_without_a_challenge_is_refused(site, provider):
    there = site(provider)
    code = there.code(code_challenge=None, code_challenge_method=None)

    assert there.exchange(code).status_code == 400


@EVERY
def test_a_stranger_s_secret_is_refused_and_spends_no_code(site, provider):
    there = site(provider)
    code = there.code()
    stranger = (there.client[0], "guessed")

    refused = there.exchange(code, basic=stranger, client_secret="guessed")

    assert refused.status_code in {400, 401}
    assert there.exchange(code).status_code == 200


def test_a_code_and_a_token_of_one_provider_are_nothing_to_another(site):
    here, there = site("wordpress"), site("google")

    exchanged = there.exchange(here.code(), redirect_uri=here.callback)
    told = there.profile(here.token(scope="openid"))

    assert (exchanged.status_code, told.status_code) == (400, 401)


def test_the_same_name_is_the_same_person_after_a_restart():
    subjects = []
    for _ in range(2):
        with running(SITE) as standins:
            subjects.append((standins.keys.own.kid, Person("google", "Ada Lovelace").subject))

    (key, subject), (other_key, other_subject) = subjects
    assert subject == other_subject == "774498339166973"
    assert key != other_key


def test_a_name_is_a_person_by_its_letters():
    ada = Person("google", "Zoë Lovelace")

    assert Person("google", " Zoe\u0308  Lovelace ").subject == ada.subject
    assert Person("google", "zoë lovelace").subject != ada.subject
    assert Person("facebook", "Zoë Lovelace").subject != ada.subject
    assert Person("facebook", "Zoë Lovelace").email == ada.email == "zoe.lovelace@example.com"
    assert Person("google", "愛子").email != Person("google", "花子").email


def test_nothing_else_is_served(standins):
    assert requests.get(f"{standins.address}/", timeout=30).status_code == 404
