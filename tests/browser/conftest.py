"""People at browsers: signed in without the journey, and watched for what no page may do."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import flask
import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response

from discuss.accounts.models import Account
from tests.plumbing.browser import Site

# Chromium's own line about a page or a file that was refused: `_refused` judges those.
REFUSED = "Failed to load resource"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder."""
    for item in items:
        if "tests/browser/" in item.nodeid:
            item.add_marker(pytest.mark.browser)


@dataclass
class Watch:
    """Notes what no page of this site may do, in every profile that it is shown."""

    hosts: frozenset[str]
    troubles: list[str] = field(default_factory=list)

    def over(self, profile: BrowserContext) -> None:
        """Watch one browser's profile."""
        profile.on("request", self._asked)
        profile.on("response", self._refused)
        profile.on("console", self._said)
        profile.on("weberror", lambda error: self.troubles.append(f"threw: {error.error}"))

    def _asked(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in {"http", "https"} and address.netloc not in self.hosts:
            self.troubles.append(f"asked another host: {request.url}")

    def _refused(self, response: Response) -> None:
        if response.status >= 400 and response.request.resource_type != "document":
            self.troubles.append(f"was refused with {response.status}: {response.url}")

    def _said(self, message: ConsoleMessage) -> None:
        # A breach of the content security policy is one of these errors.
        if message.type == "error" and not message.text.startswith(REFUSED):
            self.troubles.append(f"complained: {message.text}")


@pytest.fixture
def watch(live_server: Site) -> Iterator[Watch]:
    """What pages did that they may not; at the end of every test it is nothing."""
    ours = (live_server.url, live_server.standins.address)
    found = Watch(frozenset(urlsplit(url).netloc for url in ours))
    yield found
    assert found.troubles == []


@pytest.fixture
def open_page(open_page: Callable[..., Page], watch: Watch) -> Callable[..., Page]:
    """Open a page in a profile of its own, watched for what no page may do."""

    def opened(**options: Any) -> Page:
        page = open_page(**options)
        watch.over(page.context)
        return page

    return opened


@pytest.fixture(params=["with script", "without script"])
def script(request: pytest.FixtureRequest) -> dict[str, bool]:
    """The browser's options: the test runs with JavaScript and without."""
    return {"java_script_enabled": request.param == "with script"}


@pytest.fixture
def held_back(live_server: Site, monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Hold back what browsers send to the site, until the test lets it in: `held_back.set()`."""
    may_enter = threading.Event()
    inside = live_server.app.wsgi_app

    def waiting(environ: dict[str, Any], start_response: Any) -> Any:
        if environ["REQUEST_METHOD"] == "POST":
            may_enter.wait()
        return inside(environ, start_response)

    monkeypatch.setattr(live_server.app, "wsgi_app", waiting)
    yield may_enter
    may_enter.set()


@pytest.fixture
def person(
    open_page: Callable[..., Page], sign_in: Callable[[Account], Any], live_server: Site
) -> Callable[..., Page]:
    """Open a page in a browser in which an account is signed in: `person(make.account("Ada"))`."""

    def opened(account: Account, **options: Any) -> Page:
        flask.g.pop("_login_user", None)  # the test's own context remembers the person before
        cookie = sign_in(account).client.get_cookie("discuss", domain="127.0.0.1")
        page = open_page(**options)
        kept = {"name": cookie.key, "value": cookie.value, "url": live_server.url}
        page.context.add_cookies([kept])
        return page

    return opened
