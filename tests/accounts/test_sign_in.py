"""Signing in through every provider, and what strangers and impatient people do to it."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa

from discuss import create_app
from discuss.accounts import actions
from discuss.accounts.models import Account, Identity, SignIn
from discuss.accounts.providers import Profile
from discuss.accounts.standins import Misbehaviour
from discuss.base import clock
from tests.accounts.conftest import NAMES, PROVIDERS, SITE, consent
from tests.plumbing.databases import dispose

ISSUERS = {
    "twitter": "https://x.com",
    "facebook": "https://www.facebook.com",
    "wordpress": "https://wordpress.com",
}


def sessions(session):
    return session.scalar(sa.select(sa.func.count()).select_from(SignIn))


def identity_of(session, provider):
    wanted = sa.select(Identity).where(Identity.provider == provider, Identity.label == "Ada")
    return session.scalars(wanted).one()


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_reader_signs_in_through_the_whole_flow(browser, session, standins, provider):
    reader = browser()

    answer = reader.sign_in(provider, "Ada", next="/letters/bystander?sort=newest#write")

    assert (answer.status_code, answer.location) == (303, "/letters/bystander?sort=newest#write")
    assert reader.name == "Ada"
    identity = identity_of(session, provider)
    issuer = ISSUERS.get(provider, f"{standins.address}/{provider}")
    assert (identity.issuer, identity.account.name) == (issuer, "Ada")
    assert re.fullmatch(r"\d{15}", identity.subject)
    verified = provider in {"google", "oidc", "wordpress"}  # the others make no such claim
    assert (identity.email, identity.email_verified) == ("ada@example.com", verified)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_the_same_person_comes_back_to_the_same_account(browser, session, provider):
    browser().sign_in(provider, "Ada")

    browser().sign_in(provider, "Ada")

    assert session.scalar(sa.select(sa.func.count()).where(Account.name == "Ada")) == 1


@pytest.mark.parametrize("provider", PROVIDERS)
def test_the_provider_is_asked_with_pkce_a_state_and_our_configured_address(browser, provider):
    page = browser().open(
        f"/signin/{provider}",
        method="POST",
        headers={"Origin": SITE, "Host": "evil.example", "X-Forwarded-Host": "evil.example"},
    )

    asked = parse_qs(urlsplit(re.search(r'href="(http[^"]+)"', page.text)[1]).query)
    asked = {name.removeprefix("amp;"): value[0] for name, value in asked.items()}
    assert asked["redirect_uri"] == f"{SITE}/signin/{provider}/callback"
    assert (asked["code_challenge_method"], len(asked["state"])) == ("S256", 30)
    assert ("nonce" in asked) == (provider in {"google", "oidc"})


@pytest.mark.parametrize("provider", PROVIDERS)
def test_going_to_a_provider_is_a_page_that_says_so_and_no_redirect(browser, provider):
    page = browser().post(f"/signin/{provider}")

    assert page.status_code == 200
    assert f"<h1>Going to {NAMES[provider]}</h1>" in page.text
    assert page.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("provider", PROVIDERS)
def test_who_says_no_at_the_provider_reads_that_nothing_was_shared(browser, session, provider):
    reader = browser()
    way_home = consent(reader.depart(provider), answer="deny")

    answer = reader.arrive(way_home)

    assert answer.status_code == 400
    assert "Sign-in was cancelled" in answer.text
    assert "Nothing was shared with us." in answer.text
    assert "Continue with X (Twitter)" in answer.text, "another way in is named"
    assert (reader.name, sessions(session)) == (None, 0)


@pytest.mark.parametrize("path", ["/signin/nobody", "/signin/GOOGLE", "/signin/%00"])
def test_a_provider_that_is_not_configured_does_not_exist(browser, path):
    assert browser().post(path).status_code == 404
    assert browser().get(f"{path}/callback?state=x&code=y").status_code == 404


def test_a_provider_without_a_client_id_has_no_button_and_no_address(settings, browser):
    app = create_app(settings(facebook_client_id=None))

    with app.test_client() as client:
        page = client.get("/signin", base_url=SITE)
        post = client.post("/signin/facebook", base_url=SITE, headers={"Origin": SITE})

    dispose(app)
    assert ("Facebook" in page.text, post.status_code) == (False, 404)


@pytest.mark.row("18")
def test_row_18_state_and_code_of_one_browser_are_worth_nothing_in_another(browser, session):
    attacker, victim = browser(), browser()
    way_home = consent(attacker.depart("google"), "Mallory")

    answer = victim.arrive(way_home)

    assert answer.status_code == 400
    assert "begun in another browser" in answer.text
    assert (victim.name, sessions(session)) == (None, 0)


@pytest.mark.row("18")
def test_row_18_a_victim_with_a_sign_in_of_their_own_under_way_is_safe_too(browser, session):
    attacker, victim = browser(), browser()
    victim.depart("google")
    way_home = consent(attacker.depart("google"), "Mallory")

    assert victim.arrive(way_home).status_code == 400
    assert sessions(session) == 0


@pytest.mark.row("18")
def test_row_18_a_callback_played_again_changes_nothing(browser, session):
    reader = browser()
    way_home = consent(reader.depart("google"), "Ada")
    reader.arrive(way_home)

    again = reader.arrive(way_home)

    assert (again.status_code, again.location) == (303, "/")
    assert (reader.name, sessions(session)) == ("Ada", 1)


@pytest.mark.row("18")
def test_row_18_a_copied_cookie_does_not_make_a_code_good_twice(browser, session):
    reader, thief = browser(), browser()
    way_home = consent(reader.depart("google"), "Ada")
    thief.client.set_cookie("discuss", reader.cookie, domain="127.0.0.1")
    reader.arrive(way_home)

    assert thief.arrive(way_home).status_code == 400
    assert thief.name is None
    assert sessions(session) == 1


@pytest.mark.row("18")
def test_a_state_is_good_for_one_return_even_when_that_fails(browser, session):
    reader = browser()
    way_home = consent(reader.depart("google"), "Ada")
    reader.arrive(way_home, code="nonsense")

    answer = reader.arrive(way_home)

    assert (answer.status_code, "begun in another browser" in answer.text) == (400, True)
    assert sessions(session) == 0


@pytest.mark.row("18")
@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"state": None}, id="no state"),
        pytest.param({"state": ""}, id="empty state"),
        pytest.param({"state": "x" * 30}, id="foreign state"),
        pytest.param({"code": None}, id="no code"),
        pytest.param({"code": ""}, id="empty code"),
        pytest.param({"code": "x" * 5000}, id="long code"),
        pytest.param({"code": "\u0000"}, id="NUL for a code"),
        pytest.param({"code": "nonsense"}, id="wrong code"),
        pytest.param({"error": "server_error"}, id="an error"),
    ],
)
def test_a_callback_with_something_missing_or_foreign_signs_nobody_in(
    browser, session, provider, changed
):
    reader = browser()
    way_home = consent(reader.depart(provider))

    answer = reader.arrive(way_home, **changed)

    assert (answer.status_code, "Continue with Google" in answer.text) == (400, True)
    assert (reader.name, sessions(session)) == (None, 0)


def test_a_state_of_one_provider_is_worth_nothing_at_another(browser, session):
    reader = browser()
    way_home = consent(reader.depart("google"))

    answer = reader.arrive(way_home.replace("/signin/google/", "/signin/oidc/"))

    assert (answer.status_code, sessions(session)) == (400, 0)


@pytest.mark.row("19")
@pytest.mark.parametrize("provider", PROVIDERS)
def test_an_answer_in_another_issuers_name_is_refused(browser, session, provider):
    reader = browser()
    way_home = consent(reader.depart(provider))

    answer = reader.arrive(way_home, iss="https://evil.example")

    assert (answer.status_code, sessions(session)) == (400, 0)


@pytest.mark.row("19")
@pytest.mark.parametrize("provider", ["google", "oidc"])
def test_an_issuer_that_promises_its_name_must_give_it(browser, session, standins, provider):
    reader = browser()
    way_home = consent(reader.depart(provider))

    answer = reader.arrive(way_home, iss=None)

    assert (answer.status_code, sessions(session)) == (400, 0)


@pytest.mark.row("19")
def test_a_provider_that_names_another_issuer_in_its_answer_is_refused(browser, session, standins):
    standins.misbehave("google", Misbehaviour.WRONG_ISS_IN_ANSWER)

    answer = browser().sign_in("google")

    assert (answer.status_code, sessions(session)) == (400, 0)


def test_a_sign_in_is_good_for_ten_minutes(browser, session, monkeypatch):
    reader, late = browser(), browser()
    way_home, late_way_home = consent(reader.depart("twitter")), consent(late.depart("google"))
    begun = clock.now()
    monkeypatch.setattr(clock, "now", lambda: begun + timedelta(minutes=10, seconds=5))

    answer = late.arrive(late_way_home)

    assert answer.status_code == 400
    assert "more than ten minutes ago" in answer.text
    assert reader.arrive(way_home).status_code == 400
    assert sessions(session) == 0


@pytest.mark.row("22")
@pytest.mark.parametrize("path", ["/", "/letters/" + "x" * 290])
def test_row_22_sixty_abandoned_sign_ins_do_not_spoil_the_next(browser, path):
    reader = browser()
    for turn in range(60):
        reader.depart(PROVIDERS[turn % 5], next=path)
        assert len(f"discuss={reader.cookie}") < 4093

    answer = reader.sign_in("google", "Ada", next=path)

    assert (answer.location, reader.name) == (path, "Ada")


def test_two_tabs_finish_in_any_order(browser):
    reader = browser()
    first = consent(reader.depart("google", next="/letters/first"), "Ada")
    second = consent(reader.depart("twitter", next="/letters/second"), "Ada")

    assert reader.arrive(first).location == "/letters/first"
    assert reader.arrive(second).location == "/", "signed in already"
    assert reader.name == "Ada"


HOSTILE_NEXT = [
    "//evil.example", "///evil.example", "////evil.example", "/\\evil.example", "\\\\evil.example",
    "/\\/evil.example", "\\/evil.example", "/\t/evil.example", "\t//evil.example",
    "/\n/evil.example",
    "/\r/evil.example", "/\r\nLocation: https://evil.example", " //evil.example", "/ /evil.example",
    "\x00//evil.example", "/\x00/evil.example", "https://evil.example", "http:evil.example",
    "https:/evil.example", "http:///evil.example", "HTTPS://EVIL.EXAMPLE", "javascript:alert(1)",
    "JaVaScRiPt:alert(1)", "data:text/html,x", "vbscript:x", "user@evil.example", "@evil.example",
    "//user@evil.example", "//127.0.0.1:8000@evil.example", "http://127.0.0.1:8000@evil.example",
    "http://127.0.0.1:8000.evil.example", "http://127.0.0.1:8000\\@evil.example", "evil.example",
    "//evil.example/%2f..", "//evil.example\\@127.0.0.1:8000", "//[::1]",
    "//127.0.0.1", ".evil.example", "/\x7f/evil.example", "?next=//evil",
    "//\u0435vil.example", "http://[evil", "/" + "x" * 5000,
]  # fmt: skip


@pytest.mark.row("21")
def test_row_21_a_hostile_way_back_ends_at_home(browser):
    assert len(HOSTILE_NEXT) >= 40

    for path in HOSTILE_NEXT:
        answer = browser().sign_in("google", next=path)

        assert (answer.status_code, answer.location) == (303, "/"), path


@pytest.mark.row("21")
@pytest.mark.parametrize(
    "path", ["/%2f%2fevil.example", "/%5cevil.example", "/%09/evil.example", "/%E2%80%A8/evil"]
)
def test_row_21_an_encoded_way_back_stays_a_path_of_this_site(browser, path):
    answer = browser().sign_in("google", next=path)

    assert answer.location == path
    assert "evil.example" not in urlsplit(answer.location).netloc


@pytest.mark.row("20")
def test_row_20_the_same_e_mail_at_two_providers_is_two_accounts(browser, session):
    browser().sign_in("google", "Ada")
    browser().sign_in("facebook", "Ada")

    found = session.scalars(sa.select(Identity).where(Identity.email == "ada@example.com")).all()

    assert len({identity.account_id for identity in found}) == 2


@pytest.mark.row("20")
@pytest.mark.parametrize("provider", ["google", "oidc", "wordpress"])
def test_an_unverified_e_mail_is_kept_as_unverified(browser, session, standins, provider):
    standins.misbehave(provider, Misbehaviour.UNVERIFIED_EMAIL)
    browser().sign_in(provider, "Ada")

    identity = identity_of(session, provider)

    assert (identity.email, identity.email_verified) == ("ada@example.com", False)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_who_shares_no_e_mail_signs_in_all_the_same(browser, session, standins, provider):
    standins.misbehave(provider, Misbehaviour.NO_EMAIL)
    reader = browser()

    reader.sign_in(provider, "Ada")

    assert (reader.name, identity_of(session, provider).email) == ("Ada", None)


def test_a_signing_key_that_changes_is_fetched_and_not_fatal(browser, standins):
    browser().sign_in("google", "Ada")
    standins.misbehave("google", Misbehaviour.ROTATED_KEY)
    reader = browser()

    reader.sign_in("google", "Grace")

    assert (reader.name, standins.visits["google", "jwks"]) == ("Grace", 2)


def test_discovery_waits_until_somebody_signs_in_and_happens_once(browser, standins):
    assert standins.visits["google", "discovery"] == 0

    for _ in range(2):
        browser().sign_in("google")

    assert standins.visits["google", "discovery"] == 1


def test_a_profile_is_read_once_a_sign_in(browser, standins):
    browser().sign_in("twitter")

    assert standins.visits["twitter", "profile"] == 1


@pytest.mark.row("32")
def test_nothing_but_the_configured_addresses_is_asked(browser, standins):
    for provider in PROVIDERS:
        browser().sign_in(provider)

    asked = {address for name, address in standins.visits if name == "forged"}
    assert asked == set(), "no picture, no key that a token points at"


def test_no_provider_token_is_kept_anywhere(browser, session, monkeypatch, app):
    seen = []
    for service in app.extensions["services"].values():
        fetch = service.client.fetch_access_token
        monkeypatch.setattr(
            service.client,
            "fetch_access_token",
            lambda fetch=fetch, **sent: seen.append(fetch(**sent)) or seen[-1],
        )
    readers = [browser() for _ in PROVIDERS]
    for reader, provider in zip(readers, PROVIDERS, strict=True):
        reader.sign_in(provider)

    kept = " ".join(
        str(row) for table in sa.inspect(session.get_bind()).get_table_names()
        for row in session.execute(sa.text(f"SELECT * FROM {table}"))  # noqa: S608 - our tables
    )  # fmt: skip
    assert len(seen) == 5
    for token in seen:
        assert token["access_token"] not in kept
        assert all(token["access_token"] not in str(vars(reader.client)) for reader in readers)


WORDS = {"letter": "bystander", "parent": "0", "body": "Words on their way."}


def test_words_in_the_form_come_along_and_wait_in_the_composer(browser):
    reader = browser()

    answer = reader.sign_in("twitter", "Ada", **WORDS)

    assert answer.location == "/letters/bystander#write"
    page = reader.get("/letters/bystander").text
    assert "Words on their way.</textarea>" in page
    assert page.count("Words on their way.") == 1, "nothing is published"


def test_words_are_still_there_when_the_person_says_no(browser):
    reader = browser()
    way_home = consent(reader.depart("google", **WORDS), answer="deny")

    answer = reader.arrive(way_home)

    assert "Your comment is still here." in answer.text
    assert "Words on their way.</textarea>" in answer.text


def test_words_are_still_there_when_the_provider_cannot_even_be_asked(browser, standins, app):
    standins.misbehave("google", Misbehaviour.DISCOVERY_500)
    app.extensions["services"]["google"].client.server_metadata = {}

    answer = browser().post("/signin/google", **WORDS)

    assert (answer.status_code, "Words on their way.</textarea>" in answer.text) == (400, True)


def test_words_are_still_there_when_the_form_was_too_old(browser):
    reader = browser()
    reader.sign_in("google")

    answer = reader.post("/signin/twitter", csrf_token="from an ended session", **WORDS)

    assert (answer.status_code, "Words on their way.</textarea>" in answer.text) == (403, True)


def test_signing_in_renews_the_session(browser):
    reader = browser()
    reader.depart("twitter")
    before = reader.cookie

    reader.sign_in("google")

    assert reader.cookie != before
    with reader.client.session_transaction(base_url=SITE) as kept:
        assert "pending" not in kept, "nothing from before, not even the other sign-in"


def test_the_way_in_used_last_comes_first(browser):
    reader = browser()
    assert buttons(reader)[0] == "Google"

    reader.sign_in("wordpress")
    reader.post("/signout")

    assert buttons(reader) == [
        "WordPress.com",
        "Google",
        "X (Twitter)",
        "Facebook",
        "OpenID Connect",
    ]


def buttons(reader):
    page = reader.get("/signin").text
    return re.findall(r"</b>Continue with ([^<]+)</button>", page)


def test_an_open_sign_in_page_sets_no_cookie_and_is_not_kept(browser):
    page = browser().get("/signin")

    assert "Set-Cookie" not in page.headers
    assert page.headers["Cache-Control"] == "private, no-store"


@pytest.mark.row("13")
def test_row_13_another_sites_page_cannot_send_anybody_to_a_provider(browser):
    answer = browser().open(
        "/signin/google", method="POST", headers={"Origin": "https://evil.example"}
    )

    assert answer.status_code == 403


def test_one_new_person_in_eight_requests_at_once_is_one_account(app, session):
    told = Profile("google", "https://id.example", "new", "Ada")

    def arrive(_):
        with app.app_context():
            found = actions.recognise(told).account_id
            actions.session.commit()
            return found

    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(arrive, range(8)))

    assert len(found) == 1
    assert session.scalar(sa.select(sa.func.count()).where(Account.name == "Ada")) == 1
