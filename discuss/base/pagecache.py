"""Whole pages for readers without a session, kept under the clock of what they show.

A stored page is right exactly while its clock is. The clock is read before the page is rendered:
words that arrive meanwhile then stand under an older clock, and the next reader renders again.
"""

import gzip
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

import brotli
import sqlalchemy as sa
from flask import Flask, Response, current_app, request
from sqlalchemy.orm import Mapped, mapped_column

from discuss.base.db import Base, session

ROOM = 64 * 1024 * 1024  # bytes a worker keeps: some 500 pages of 100 comments
OVERHEAD = 1024  # bytes that a page takes beside its bodies: key, tags, objects
SMALLEST_WORTH_PACKING = 860  # bytes; below this a packed answer saves no network packet


class Clock(Base):
    """A counter of changes that no single letter owns: `site` for settings, `letters` for lists."""

    __tablename__ = "clocks"

    name: Mapped[str] = mapped_column(sa.String(20), primary_key=True)
    value: Mapped[int] = mapped_column(default=0)


@dataclass(frozen=True)
class Page:
    """One page as bytes, in every encoding that it is sent in."""

    etag: str
    mimetype: str
    plain: bytes
    gzip: bytes
    brotli: bytes

    @property
    def size(self) -> int:
        """What it takes of the shelf, in bytes."""
        return OVERHEAD + len(self.plain) + len(self.gzip) + len(self.brotli)


class Shelf:
    """Pages of one worker, the longest unread thrown out first; one thread renders, others wait."""

    def __init__(self, room: int = ROOM) -> None:
        self._room = room
        self._pages: OrderedDict[str, Page] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()
        self._flights: dict[str, threading.Lock] = {}

    def page(self, key: str, etag: str, mimetype: str, render: Callable[[], str]) -> Page:
        """Return the page that is right under this ETag, rendering it if nobody has.

        :param key: the page's address with the arguments that matter.
        :param etag: made from every clock that the page shows, read before this call.
        :param mimetype: of the page.
        :param render: makes the page.
        """
        if (page := self._found(key, etag)) is not None:
            return page
        with self._lock:
            flight = self._flights.setdefault(key, threading.Lock())
        try:
            with flight:
                if (page := self._found(key, etag)) is None:
                    page = packed(render(), etag, mimetype)
                    self._keep(key, page)
        finally:
            with self._lock:
                self._flights.pop(key, None)
        return page

    def _found(self, key: str, etag: str) -> Page | None:
        with self._lock:
            page = self._pages.get(key)
            if page is None or page.etag != etag:
                return None
            self._pages.move_to_end(key)
            return page

    def _keep(self, key: str, page: Page) -> None:
        with self._lock:
            if (old := self._pages.pop(key, None)) is not None:
                self._size -= old.size
            self._pages[key] = page
            self._size += page.size
            while self._size > self._room:
                _, thrown = self._pages.popitem(last=False)
                self._size -= thrown.size


def packed(text: str, etag: str, mimetype: str) -> Page:
    """Return a page in every encoding; levels that cost a few milliseconds at most."""
    body = text.encode()
    if len(body) < SMALLEST_WORTH_PACKING:
        return Page(etag, mimetype, body, body, body)
    return Page(
        etag, mimetype, body, gzip.compress(body, 8, mtime=0), brotli.compress(body, quality=5)
    )


def clocks(*names: str) -> tuple[int, ...]:
    """Return the values of the named clocks, 0 where one never ticked."""
    rows = session.execute(sa.select(Clock.name, Clock.value).where(Clock.name.in_(names)))
    found = {row.name: row.value for row in rows}
    return tuple(found.get(name, 0) for name in names)


def tick(name: str) -> None:
    """Make every page that shows what this clock counts stale, in this transaction."""
    done = session.execute(sa.update(Clock).where(Clock.name == name).values(value=Clock.value + 1))
    if not done.rowcount:  # type: ignore[attr-defined]  # a CursorResult, as every UPDATE's
        session.add(Clock(name=name, value=1))
        session.flush()


def respond(
    key: str, stamp: str, render: Callable[[], str], mimetype: str = "text/html"
) -> Response:
    """Answer a reader without a session from the shelf, or with 304 when nothing changed.

    :param key: the page's address with the arguments that matter.
    :param stamp: every clock that the page shows.
    :param render: makes the page when the shelf has none that is right.
    :param mimetype: of the page.
    """
    etag = f"{current_app.extensions['build']}-{stamp}"
    response = Response(mimetype=mimetype)
    response.set_etag(etag, weak=True)  # one tag for every encoding, so it cannot be a strong one
    has_session = current_app.config["SESSION_COOKIE_NAME"] in request.cookies
    # Flask renews a session's cookie with every answer, so that answer is nobody else's.
    response.headers["Cache-Control"] = f"{'private' if has_session else 'public'}, no-cache"
    response.vary.update(("Accept-Encoding", "Cookie"))
    if request.if_none_match.contains_weak(etag):
        response.status_code = 304
        return response
    shelf: Shelf = current_app.extensions["shelf"]
    page = shelf.page(key, etag, mimetype, render)
    encoding = request.accept_encodings.best_match(("br", "gzip", "identity"), "identity")
    bodies = {"br": page.brotli, "gzip": page.gzip, "identity": page.plain}
    response.data = bodies[encoding]
    if bodies[encoding] is not page.plain:
        response.headers["Content-Encoding"] = encoding
    return response


def init_app(app: Flask) -> None:
    """Give the application its shelf."""
    app.extensions["shelf"] = Shelf()
