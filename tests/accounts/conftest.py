"""The application with every provider's button, stand-ins behind them, and browsers to press them.

The sign-ins are whole: the browser's part is done with Flask's client here and with plain HTTP at
the provider, whose pages answer on a port from the kernel.
"""

import contextvars
import html
import re
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests

from discuss.accounts.standins import running, standin_settings
from tests.plumbing.databases import SECRET, settings_for

SITE = "http://127.0.0.1:8000"
PROVIDERS = ("google", "twitter", "facebook", "wordpress", "oidc")
NAMES = {
    "google": "Google",
    "twitter": "X (Twitter)",
    "facebook": "Facebook",
    "wordpress": "WordPress.com",
    "oidc": "OpenID Connect",
}


@pytest.fixture(scope="session")
def _standins():
    with running(SITE, SECRET) as standins:
        yield standins


@pytest.fixture
def standins(_standins):
    _standins.visits.clear()
    yield _standins
    _standins.behave()


@pytest.fixture
def settings(database, standins):
    ours = standin_settings(standins.address, SECRET, oidc=True)
    return lambda **given: settings_for(database, **{**ours, **given})


class Browser:
    """Somebody's browser without script; follows the providers' pages over real HTTP."""

    def __init__(self, app):
        self.client = app.test_client()

    def get(self, path, **options):
        return self.open(path, **options)

    def post(self, path, **fields):
        data = {"csrf_token": self.token(), **fields}
        return self.open(path, method="POST", data=data, headers={"Origin": SITE})

    def open(self, path, **options):
        # As in a server's thread: without the test's own application context, session and g
        return contextvars.Context().run(self.client.open, path, base_url=SITE, **options)

    def token(self):
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.get("/signin").text)
        return found[1] if found else ""

    def depart(self, provider, at="/signin/{}", **fields):
        """Press a provider's button; returns the address that the page leads to."""
        page = self.post(at.format(provider), **fields)
        assert page.status_code == 200, page.text
        link, refresh = re.search(r'class="btn first" href="([^"]+)"', page.text), None
        refresh = re.search(r'<meta http-equiv="refresh" content="0;url=([^"]+)"', page.text)
        assert link[1] == refresh[1]
        return html.unescape(link[1])

    def arrive(self, way_home, **changed):
        """Come back from the provider; `changed` are parameters that differ, `None` for without."""
        address = urlsplit(way_home)
        assert f"{address.scheme}://{address.netloc}" == SITE
        query = {**dict(parse_qsl(address.query)), **changed}
        sent = {name: value for name, value in query.items() if value is not None}
        return self.get(address.path, query_string=sent)

    def sign_in(self, provider="google", name="Ada Lovelace", **fields):
        """Do all of it; returns the callback's answer."""
        return self.arrive(consent(self.depart(provider, **fields), name))

    def link(self, provider, name="Ada Lovelace"):
        """Link one more provider, from the account page."""
        return self.arrive(consent(self.depart(provider, "/account/identities/{}"), name))

    @property
    def cookie(self):
        found = self.client.get_cookie("discuss", domain="127.0.0.1")
        return found.value if found else None

    @property
    def name(self):
        """Who the header says is signed in; nothing when nobody is."""
        found = re.search(r'<bdi class="nm">(.*?)</bdi>', self.get("/signin").text)
        return html.unescape(found[1]) if found else None


def consent(address, name="Ada Lovelace", answer="allow"):
    """Answer the provider's page; returns where it sends the browser."""
    answered = requests.post(
        address, data={"name": name, "answer": answer}, allow_redirects=False, timeout=30
    )
    assert answered.status_code == 303, answered.text
    return answered.headers["Location"]


@pytest.fixture
def browser(app):
    """Opens browsers that know nothing of each other: `browser()`."""
    return lambda: Browser(app)
