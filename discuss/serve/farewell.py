"""The last second of a worker that is relieved.

It takes no new connection, and says with every answer that the connection ends. One that is closed
while its first or next request is on the way would fail that request.
"""

import signal
from collections.abc import Callable, Iterable
from typing import Any

from discuss.serve.listening import Listener, accept_no_more

SIGNAL = signal.SIGUSR1  # asks a worker to begin

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]


class Farewell:
    """A WSGI application around all others."""

    def __init__(self, app: Application, listener: Listener) -> None:
        self._app = app
        self._listener = listener
        self._has_begun = False

    def begin(self, *_: object) -> None:
        """Leave new connections to others, and close the old ones; a handler of signals."""
        self._has_begun = True
        accept_no_more(self._listener)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request (PEP 3333)."""
        if self._has_begun:
            start_response = _closing(start_response)
        return self._app(environ, start_response)


def _closing(start_response: StartResponse) -> StartResponse:
    def start(status: str, headers: list[tuple[str, str]], *broken: Any) -> Any:
        return start_response(status, [*headers, ("Connection", "close")], *broken)

    return start
