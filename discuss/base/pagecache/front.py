"""Answers readers without a session from the shelf before the application is entered.

Flask takes some hundred microseconds to find a view and to make an answer. A page that is ready
takes a look at its clocks, through the database's own driver, and is sent as it is.
"""

import threading
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.http import parse_etags

from discuss.base import clock, journal, metrics
from discuss.base.config import LOOPBACK
from discuss.base.pagecache.shelf import Flights, Heads, Page, Shelf
from discuss.base.pagecache.watch import Lost, Watch, watch_of

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication

Environ = dict[str, Any]
Reads = frozenset[str]

PAGE = "discuss.page"  # in the environ: the key, the page and the encoding of the answer
MOST_ADDRESSES = 10_000  # that lead to the pages; a made-up argument makes one, not a page
OF_UNCHANGED = {"etag", "cache-control", "vary"}  # all that a 304 needs (RFC 9110, 15.4.5)
UNCHANGED = "304"  # whose heads these are among a page's
NOTHING: Reads = frozenset()


class Answer(NamedTuple):
    """What is sent: a status line, heads, and a body."""

    status: str
    heads: Heads
    body: bytes


class Front:
    """A WSGI application around the whole of Flask's."""

    def __init__(self, app: Flask, shelf: Shelf) -> None:
        """Stand in front of an application.

        :param app: as far as it is set up.
        :param shelf: the pages, which the application puts there.
        """
        self.behind: WSGIApplication = app.wsgi_app
        self._app = app
        self._session_cookie: str = app.config["SESSION_COOKIE_NAME"]
        # See base.security.one_address().
        site = urlsplit(app.extensions["settings"].site_url or "").hostname
        self._sends_localhost_away = site in LOOPBACK - {"localhost"}
        self._shelf = shelf
        self._flights = Flights()
        self._keys: dict[str, str] = {}
        self._reads: dict[str, Reads] = {}
        self._watch: Watch | None = None
        self._watching = threading.Lock()
        self._metrics = metrics.of(app)

    def __call__(self, environ: Environ, start_response: "StartResponse") -> Iterable[bytes]:
        """Answer a request (PEP 3333)."""
        if (found := self.ready(environ)) is not None:
            return self._sent(found, start_response)
        if self._is_for_all(environ):
            reads = self._reads_of(environ["PATH_INFO"])
            if reads is not None:
                return self._fetch(environ, reads, start_response)
        return self.behind(environ, start_response)

    def ready(self, environ: Environ) -> Answer | None:
        """Return an answer that takes no more than a look at the clocks, if there is one."""
        if not self._is_for_all(environ):
            return None
        address = address_of(environ, self._reads.get(environ["PATH_INFO"], NOTHING))
        if (key := self._keys.get(address)) is None or (page := self._shelf.find(key)) is None:
            return None
        encoding = page.encoding(environ.get("HTTP_ACCEPT_ENCODING", ""))
        if encoding not in page.heads:
            return None  # packing takes milliseconds, and is for those who may take them
        try:
            return answer(page, encoding, environ) if self._is_right(page) else None
        except Lost:
            return None  # the application says what is wrong with the database

    def _is_for_all(self, environ: Environ) -> bool:
        """Whether everybody may get the same answer, and at this very address."""
        return (
            environ["REQUEST_METHOD"] in {"GET", "HEAD"}
            and self._session_cookie not in environ.get("HTTP_COOKIE", "")
            and "HTTP_AUTHORIZATION" not in environ
            and not (
                self._sends_localhost_away and environ.get("HTTP_HOST", "").startswith("localhost")
            )
        )

    def _is_right(self, page: Page) -> bool:
        """Whether a page's clocks stand as they stood when it was made."""
        watch = self._watch or self._begin_to_watch()
        state = watch.state()  # before the clocks: a commit between the two is looked at again
        known_state, due = page.right_in
        if state is None or known_state != state:
            if (found := watch.read(page.stamp)) is None or found.text != page.stamp.text:
                return False
            due = found.due
            page.right_in = (state, due)
        return due is None or due > clock.now().timestamp()

    def _begin_to_watch(self) -> Watch:
        with self._watching:
            if self._watch is None:
                self._watch = watch_of(self._app)
            return self._watch

    def _reads_of(self, path: str) -> Reads | None:
        """Return which arguments the page of a path reads; nothing for what is no shared page."""
        try:
            endpoint, _arguments = self._app.url_map.bind("").match(path, "GET")
        except HTTPException:
            return None
        reads: Reads | None = getattr(self._app.view_functions[endpoint], "reads", None)
        return reads

    def _fetch(
        self, environ: Environ, reads: Reads, start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Let the application make a page, once for all who ask for it meanwhile."""
        address = address_of(environ, reads)
        with self._flights.alone(address):
            if (found := self.ready(environ)) is not None:
                return self._sent(found, start_response)
            self._metrics.count(self._metrics.shelf_miss)
            # Asked without a condition, it answers in full: others may not have the page yet.
            condition = environ.pop("HTTP_IF_NONE_MATCH", None)
            (status, heads), body = collected(self.behind, environ)
            if status.startswith("200") and PAGE in environ:
                heads = [head for head in heads if head[0] != journal.HEADER]  # one request's
                self._learn(address, environ, reads, heads)
        if condition is not None:
            environ["HTTP_IF_NONE_MATCH"] = condition
            if (found := self.ready(environ)) is not None:
                return sent(found, start_response)
        start_response(status, heads)
        return body

    def _sent(self, found: Answer, start_response: "StartResponse") -> Iterable[bytes]:
        is_unchanged = found.status.startswith(UNCHANGED)
        table = self._metrics
        table.count(table.shelf_unchanged if is_unchanged else table.shelf_hit)
        return sent(found, start_response)

    def _learn(self, address: str, environ: Environ, reads: Reads, heads: Heads) -> None:
        """Remember how the application answered, to answer like that."""
        if any(name == "Set-Cookie" for name, _value in heads):
            return
        key, page, encoding = environ[PAGE]  # the shelf may hold a newer one by now
        if len(self._keys) >= MOST_ADDRESSES:
            self._keys.clear()
            self._reads.clear()
        page.heads[encoding] = heads
        page.heads[UNCHANGED] = [head for head in heads if head[0].lower() in OF_UNCHANGED]
        self._reads[environ["PATH_INFO"]] = reads
        self._keys[address] = key


def address_of(environ: Environ, reads: Reads) -> str:
    """Return a request's address without the arguments that its page does not read."""
    path: str = environ["PATH_INFO"]
    if not reads or not (query := environ.get("QUERY_STRING")):
        return path
    pairs = parse_qsl(query, keep_blank_values=True)
    meant = sorted((name, value) for name, value in pairs if name in reads)
    return f"{path}?{urlencode(meant)}" if meant else path


def answer(page: Page, encoding: str, environ: Environ) -> Answer:
    """Return a page, or say that the reader has it."""
    known = environ.get("HTTP_IF_NONE_MATCH")
    if known is not None and (
        known == page.quoted_etag or parse_etags(known).contains_weak(page.etag)
    ):
        return Answer("304 NOT MODIFIED", page.heads[UNCHANGED], b"")
    body = page.body(encoding) if environ["REQUEST_METHOD"] == "GET" else b""
    return Answer("200 OK", page.heads[encoding], body)


def sent(found: Answer, start_response: "StartResponse") -> Iterable[bytes]:
    """Send an answer as WSGI does."""
    start_response(found.status, found.heads)
    return [found.body]


def collected(
    app: "WSGIApplication", environ: Environ
) -> tuple[tuple[str, Heads], Iterable[bytes]]:
    """Return what an application answers: its status line and heads, and the body."""
    said: list[tuple[str, Heads]] = []

    def note(status: str, heads: Heads, _exc_info: Any = None) -> Callable[[bytes], object]:
        said.append((status, heads))
        return lambda _data: None  # no application here writes instead of returning

    body = app(environ, note)
    return said[-1], body
