"""The real application at a real address, and a real Chromium in front of it."""

import contextlib
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from discuss import create_app
from discuss.accounts import standins
from tests.plumbing.databases import SECRET, Database, dispose, settings_for
from tests.plumbing.services import missing

GIVE_UP = 60_000  # milliseconds; only how long a broken test takes to say so

CHROMIUM_OPTIONS = (
    "--no-sandbox",  # root may run it no other way
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",  # it would ask the world for updates
    "--disable-component-update",
    "--disable-sync",
    "--disable-gpu",
)


@dataclass(frozen=True)
class Site:
    """The application behind an address, with stand-in providers behind its buttons."""

    url: str
    app: Flask
    standins: standins.Standins


@contextlib.contextmanager
def served(database: Database, **given: Any) -> Iterator[Site]:
    """Serve the application on a port from the kernel, in threads of this process.

    :param database: what it runs on.
    :param given: settings that differ from the tests' own.
    """
    with socket.create_server(("127.0.0.1", 0), backlog=128) as listener:
        port = listener.getsockname()[1]
        url = f"http://127.0.0.1:{port}"
        with standins.running(url, SECRET) as here:
            demo_port = urlsplit(here.address).port
            own = {"site_url": url, "port": port, "demo": True, "demo_port": demo_port}
            app = create_app(settings_for(database, **{**own, **given}))
            with in_threads(app, listener):
                yield Site(url, app, here)
            dispose(app)


@contextlib.contextmanager
def in_threads(app: Any, listener: socket.socket) -> Iterator[None]:
    """Serve a WSGI application at a listening socket, a thread for each connection."""
    host, port = listener.getsockname()
    server = make_server(
        host, port, app, threaded=True, request_handler=_Quiet, fd=listener.fileno()
    )
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()


class _Quiet(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


@pytest.fixture
def live_server(database: Database) -> Iterator[Site]:
    """The site on the test's own database, for a browser: `live_server.url`."""
    with served(database) as site:
        yield site


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One Chromium for the whole run; every page gets a profile of its own in it."""
    if (program := shutil.which("chromium") or shutil.which("chromium-browser")) is None:
        missing("chromium")
    with sync_playwright() as playwright:
        expect.set_options(timeout=GIVE_UP)
        browser = playwright.chromium.launch(executable_path=program, args=list(CHROMIUM_OPTIONS))
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Browser, live_server: Site) -> Iterator[Callable[..., Page]]:
    """Open a page in a profile of its own: `open_page(java_script_enabled=False)`.

    Each call is another person at another browser; the arguments are Playwright's `new_context`'s.
    """
    with contextlib.ExitStack() as profiles:

        def opened(**options: Any) -> Page:
            options = {"base_url": live_server.url, "locale": "en-GB", **options}
            profile = profiles.enter_context(contextlib.closing(chromium.new_context(**options)))
            profile.set_default_timeout(GIVE_UP)
            return profile.new_page()

        yield opened


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    """A browser's page on `live_server`, with JavaScript."""
    return open_page()


@pytest.fixture
def plain_page(open_page: Callable[..., Page]) -> Page:
    """A browser's page on `live_server`, without JavaScript."""
    return open_page(java_script_enabled=False)


@pytest.fixture(params=["with script", "without script"])
def either_page(request: pytest.FixtureRequest, open_page: Callable[..., Page]) -> Page:
    """A browser's page on `live_server`: the test runs with JavaScript and without."""
    return open_page(java_script_enabled=request.param == "with script")
