"""Calls to a provider that cannot hurt the site: bounded in time, in bytes, in how many at once.

An errand runs in a thread of its own, for no timeout of a socket bounds a slow name server or a
head that comes a byte at a time.
"""

import contextlib
import io
import queue
import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

import requests
import urllib3
from authlib.integrations.requests_client import OAuth2Session
from requests.adapters import HTTPAdapter

SECONDS_A_CALL = 5
SECONDS_IN_ALL = 8  # discovery, token, keys and profile together; a page is due within ten
SECONDS_FOR_A_PLACE = 1
AT_ONCE = 4  # of a process's threads; the others serve pages while a provider is slow
LARGEST_ANSWER = 256 * 1024  # bytes; Google's largest is 4 KB
PIECE = 16 * 1024  # bytes

T = TypeVar("T")


class TooMany(Exception):
    """Every place in which this process may wait for this provider is taken."""


class TooSlow(Exception):
    """The provider did not come to an end in time."""


class Errands:
    """The places in which one process waits for one provider."""

    def __init__(self, at_once: int = AT_ONCE, seconds: float = SECONDS_IN_ALL) -> None:
        """Make the places.

        :param at_once: how many.
        :param seconds: how long somebody waits for an errand in all.
        """
        self._places = threading.BoundedSemaphore(at_once)
        self._seconds = seconds

    def run(self, errand: Callable[[], T]) -> T:
        """Return what an errand brings, or raise what it raises.

        One that is given up keeps its place until it ends, which every call in it does.

        :param errand: works without Flask's contexts and without the database.
        :raises TooMany: no place came free within a second.
        :raises TooSlow: it took longer than it may.
        """
        if not self._places.acquire(timeout=SECONDS_FOR_A_PLACE):
            raise TooMany
        done: queue.SimpleQueue[tuple[T | None, Exception | None]] = queue.SimpleQueue()

        def go() -> None:
            try:
                done.put((errand(), None))
            except Exception as error:
                done.put((None, error))
            finally:
                self._places.release()

        # A daemon, so that a provider that hangs cannot keep the process from ending.
        threading.Thread(target=go, name="errand", daemon=True).start()
        try:
            brought, error = done.get(timeout=self._seconds)
        except queue.Empty:
            raise TooSlow from None
        if error is not None:
            raise error
        return brought  # type: ignore[return-value]  # None only where the errand brings None


class BoundedAdapter(HTTPAdapter):
    """Reads each answer whole, up to a size and a deadline, and follows no redirect."""

    def send(
        self, request: requests.PreparedRequest, *args: Any, **kwargs: Any
    ) -> requests.Response:
        """Send a request and read its answer.

        :raises requests.RequestException: also where the answer is too large, too slow, packed, or
            a redirect, for a client's secret goes to the configured address alone.
        """
        ends_at = time.monotonic() + SECONDS_A_CALL
        response = super().send(request, *args, **kwargs)
        with contextlib.closing(response.raw) as raw:
            if response.is_redirect:
                raise requests.TooManyRedirects("the answer is a redirect")
            try:
                response.raw = io.BytesIO(_read(raw, ends_at))
            except urllib3.exceptions.HTTPError as error:
                raise requests.ConnectionError(type(error).__name__) from error
        response.encoding = "utf-8"  # JSON's only one; else 256 KB of rubbish are guessed at
        return response


def bounded_client() -> requests.Session:
    """Return a client for an address of the operator's: bounded, and on its own."""
    client = requests.Session()
    client.trust_env = False  # a proxy or a .netrc of the machine's is none of ours
    for scheme in ("https://", "http://"):
        client.mount(scheme, BoundedAdapter())
    return client


class BoundedSession(OAuth2Session):  # type: ignore[misc]  # Authlib has no types
    """Authlib's client over bounded HTTP."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, default_timeout=SECONDS_A_CALL, **kwargs)
        # Packed answers are refused: 50 KB of gzip can hold 50 MB.
        self.headers["Accept-Encoding"] = "identity"
        for scheme in ("https://", "http://"):
            self.mount(scheme, BoundedAdapter())


def _read(raw: urllib3.HTTPResponse, ends_at: float) -> bytes:
    if raw.headers.get("Content-Encoding", "identity") != "identity":
        raise requests.exceptions.ContentDecodingError("the answer is packed")
    body = b""
    while piece := raw.read1(PIECE):  # what has arrived, where read() would wait for it all
        body += piece
        if len(body) > LARGEST_ANSWER:
            raise requests.exceptions.ContentDecodingError("the answer is too large")
        if time.monotonic() > ends_at:
            raise requests.ReadTimeout("the answer takes too long")
    return body
