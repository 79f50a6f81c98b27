"""What stands between granian and the application: whole bodies, and no more at once than it bears.

Granian gives every request a thread and lets it wait there for the body. Twenty slow senders would
take every thread of a small pool and with it the site. So threads are many and cheap, bodies are
taken in before the application is entered, and few threads at a time may be inside, of which one
writes.
"""

import threading
from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any

from discuss.base.db import POOL_SIZE
from discuss.base.security import LARGEST_REQUEST, SAFE_METHODS

MOST_BODIES = 200  # taken in at once; the next one is sent away, while pages go on
MOST_BYTES = 32 * 1024 * 1024  # of such bodies, by the length that each declares
# Of two that write at once in a worker one holds the letter's lock, and waits for the interpreter's
# after each statement while the other is busy. One that takes long keeps nobody out.
LONGEST_TURN = 0.25  # seconds
THREADS = MOST_BODIES + 56  # so that slow senders never hold the last one

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]


class Doorway:
    """A WSGI application around another."""

    def __init__(self, app: Application) -> None:
        """Stand in front of an application.

        :param app: it never waits for a database connection, for no more than the pool's may enter.
        """
        self._app = app
        self._inside = threading.Semaphore(POOL_SIZE)
        self._writes = threading.Lock()
        self._count = threading.Lock()
        self._bodies = 0
        self._bytes = 0

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request (PEP 3333)."""
        # Granian hands what arrived as if it were whole, and half a comment must not be posted. A
        # body in chunks has no length to compare with, and browsers send none (RFC 9110, 15.5.12).
        if "HTTP_TRANSFER_ENCODING" in environ:
            return _refuse(start_response, "411 Length Required", "Send a Content-Length.")
        # Where this is set werkzeug believes the end; else it counts, and refuses too few bytes.
        environ.pop("wsgi.input_terminated", None)
        length = _declared_length(environ)
        if 0 < length <= LARGEST_REQUEST:  # a larger one is refused unread
            if not self._take_place(length):
                head = ("Retry-After", "5")
                return _refuse(start_response, "503 Service Unavailable", "Try again soon.", head)
            try:
                environ["wsgi.input"] = BytesIO(environ["wsgi.input"].read(length))
            finally:
                self._give_place(length)
        if environ["REQUEST_METHOD"] in SAFE_METHODS:
            with self._inside:
                return self._app(environ, start_response)
        has_turn = self._writes.acquire(timeout=LONGEST_TURN)
        try:
            with self._inside:
                return self._app(environ, start_response)
        finally:
            if has_turn:
                self._writes.release()

    def _take_place(self, length: int) -> bool:
        with self._count:
            if self._bodies >= MOST_BODIES or self._bytes + length > MOST_BYTES:
                return False
            self._bodies += 1
            self._bytes += length
            return True

    def _give_place(self, length: int) -> None:
        with self._count:
            self._bodies -= 1
            self._bytes -= length


def _declared_length(environ: Environ) -> int:
    declared = environ.get("CONTENT_LENGTH") or "0"
    return int(declared) if declared.isascii() and declared.isdigit() else 0


def _refuse(
    start_response: StartResponse, status: str, message: str, *heads: tuple[str, str]
) -> Iterable[bytes]:
    start_response(status, [("Content-Type", "text/plain; charset=utf-8"), *heads])
    return [f"{message}\n".encode()]
