"""Ready pages of one process: bounded in bytes, the longest unread thrown out first."""

import functools
import gzip
import threading
import time
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager

import brotli
from werkzeug.http import parse_accept_header

from discuss.base.pagecache.stamps import Stamp

ROOM = 16 * 1024 * 1024  # bytes a worker keeps: some 70 pages of 100 comments
OVERHEAD = 2048  # bytes that a page takes beside its bodies: key, heads, objects
PACKED_SHARE = 0.5  # of a page's bytes, that both packed bodies take together at most
SMALLEST_WORTH_PACKING = 860  # bytes; below this a packed answer saves no network packet
SHORT_LIFE = 1.0  # seconds; a page replaced sooner than that is packed in a hurry
ENCODINGS = ("br", "gzip", "identity")  # the best first

Heads = list[tuple[str, str]]


class Page:
    """One page as bytes, packed when somebody first takes it so."""

    def __init__(self, text: str, etag: str, stamp: Stamp, mimetype: str) -> None:
        """Keep what was rendered.

        :param text: the page.
        :param etag: the name of this state of it.
        :param stamp: the clocks that it shows, read before it was rendered.
        :param mimetype: of the page.
        """
        self.etag = etag
        self.quoted_etag = f'W/"{etag}"'
        self.stamp = stamp
        self.mimetype = mimetype
        self.made_at = time.monotonic()
        self.is_hurried = False
        # What the front of the application adds: the heads of whole answers by encoding, and
        # the state of the database that it was last found right in, with when it stops being so.
        self.heads: dict[str, Heads] = {}
        self.right_in: tuple[int | None, float | None] = (None, None)
        self._packing = threading.Lock()
        self._bodies = {"identity": text.encode()}
        self.size = OVERHEAD + int(len(self._bodies["identity"]) * (1 + PACKED_SHARE))

    def body(self, encoding: str) -> bytes:
        """Return the page in an encoding of ENCODINGS."""
        if (found := self._bodies.get(encoding)) is not None:
            return found
        with self._packing:
            if encoding not in self._bodies:
                self._bodies[encoding] = self._packed(encoding)
        return self._bodies[encoding]

    def encoding(self, accepted: str) -> str:
        """Return the best encoding for a browser, by what it accepts."""
        is_small = len(self._bodies["identity"]) < SMALLEST_WORTH_PACKING
        return "identity" if is_small else encoding_for(accepted)

    def _packed(self, encoding: str) -> bytes:
        plain = self._bodies["identity"]
        if encoding == "br":
            return brotli.compress(plain, quality=2 if self.is_hurried else 5)
        return gzip.compress(plain, 1 if self.is_hurried else 8, mtime=0)


class Shelf:
    """Pages by their keys."""

    def __init__(self, room: int = ROOM) -> None:
        self._room = room
        self._pages: OrderedDict[str, Page] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._pages)

    def find(self, key: str) -> Page | None:
        """Return the page that is kept by a key, right or not."""
        with self._lock:
            page = self._pages.get(key)
            if page is not None:
                self._pages.move_to_end(key)
            return page

    def keep(self, key: str, page: Page) -> None:
        """Keep a page in the place of an older one."""
        with self._lock:
            if (old := self._pages.pop(key, None)) is not None:
                self._size -= old.size
                page.is_hurried = page.made_at - old.made_at < SHORT_LIFE
            self._pages[key] = page
            self._size += page.size
            while self._size > self._room:
                _, thrown = self._pages.popitem(last=False)
                self._size -= thrown.size


class Flights:
    """Lets one thread at a time do what is known by a key; others wait and find it done."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._flights: dict[str, threading.Lock] = {}

    @contextmanager
    def alone(self, key: str) -> Iterator[None]:
        """Wait for whoever does it now."""
        with self._lock:
            flight = self._flights.setdefault(key, threading.Lock())
        try:
            with flight:
                yield
        finally:
            with self._lock:
                self._flights.pop(key, None)


@functools.lru_cache(maxsize=512)  # browsers send a handful of them
def encoding_for(accepted: str) -> str:
    """Return the best of ENCODINGS for an `Accept-Encoding` (RFC 9110, section 12.5.3).

    :param accepted: the header; empty where a browser sends none, and gets the plain page.
    """
    return parse_accept_header(accepted).best_match(ENCODINGS, "identity") or "identity"
