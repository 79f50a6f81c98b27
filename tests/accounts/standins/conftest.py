"""A site of a few lines that signs in at the stand-ins over real HTTP, and a watch to turn."""

import base64
import hashlib
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests

from discuss.accounts.standins import running, standin_settings

SITE = "http://127.0.0.1:8000"
SEED = "the site's secret key"
VERIFIER = "a-verifier-of-forty-three-letters-at-least-0"
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode()[:43]
SCOPES = {
    "google": "openid email profile",
    "oidc": "openid email profile",
    "twitter": "users.read tweet.read users.email",
    "facebook": "public_profile,email",
    "wordpress": "auth",
}


class Watch:
    """Shows the time that a test wants."""

    def __init__(self):
        self.time = datetime(2026, 11, 22, 12, tzinfo=UTC)

    def __call__(self):
        return self.time

    def turn(self, seconds):
        self.time += timedelta(seconds=seconds)


class Site:
    """What a site knows about one provider, and the calls that it makes."""

    def __init__(self, standins, provider):
        settings = standin_settings(standins.address, SEED, oidc=True)
        self.provider = provider
        self.client = settings[f"{provider}_client_id"], settings[f"{provider}_client_secret"]
        if issuer := settings.get(f"{provider}_issuer"):
            self.issuer = issuer
            self.authorize_url, self.token_url = f"{issuer}/authorize", f"{issuer}/token"
            self.profile_url = f"{issuer}/userinfo"
        else:
            for url in ("authorize_url", "token_url", "profile_url"):
                setattr(self, url, settings[f"{provider}_{url}"])
        self.callback = f"{SITE}/signin/{provider}/callback"

    def page(self, answer=None, **changed):
        """Open the consent page, or post an answer; `name=None` leaves a parameter out."""
        query = {
            "client_id": self.client[0],
            "redirect_uri": self.callback,
            "response_type": "code",
            "scope": SCOPES[self.provider],
            "state": "a state",
            "nonce": "a nonce",
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
        } | changed
        call = requests.get if answer is None else requests.post
        return call(
            self.authorize_url, params=query, data=answer, allow_redirects=False, timeout=30
        )

    def answer(self, answer, **changed):
        """Answer the page; the address and the parameters with which the browser comes back."""
        location = urlsplit(self.page(answer, **changed).headers["Location"])
        return location, dict(parse_qsl(location.query))

    def code(self, name="Ada Lovelace", **changed):
        return self.answer({"name": name, "answer": "allow"}, **changed)[1]["code"]

    def exchange(self, code, basic=None, **changed):
        """Exchange a code; `basic` names other client credentials for the header."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.callback,
            "code_verifier": VERIFIER,
        }
        if self.provider == "twitter":
            basic = basic or self.client
        else:
            form |= {"client_id": self.client[0], "client_secret": self.client[1]}
        return requests.post(self.token_url, data=form | changed, auth=basic, timeout=30)

    def token(self, name="Ada Lovelace", **changed):
        return self.exchange(self.code(name, **changed)).json()["access_token"]

    def profile(self, token, **query):
        head = {"Authorization": f"Bearer {token}"}
        return requests.get(self.profile_url, params=query, headers=head, timeout=30)


@pytest.fixture
def watch():
    return Watch()


@pytest.fixture
def standins(watch):
    with running(SITE, SEED, watch) as standins:
        yield standins


@pytest.fixture
def site(standins):
    return lambda provider: Site(standins, provider)
