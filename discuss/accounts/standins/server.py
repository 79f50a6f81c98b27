"""Serves the stand-ins: as a process of their own in the demo, in a thread inside tests."""

import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, cast
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from discuss.accounts.standins.app import create_standins
from discuss.accounts.standins.state import Standins

HOST = "127.0.0.1"
TEST_POLL_SECONDS = 0.01  # how soon a stop is noticed: tests start and stop hundreds of these


class _Quiet(WSGIRequestHandler):
    """Keeps no access log: addresses hold codes and states."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


def serve(app: Flask) -> None:
    """Serve the app at its own address until SIGTERM or SIGINT; call it from the main thread.

    Exits with werkzeug's one line when the port is taken.
    """
    here: Standins = app.extensions["standins"]
    address = urlsplit(here.address)
    server = _server(app, cast(str, address.hostname), address.port or 80)

    def stop(*_: Any) -> None:
        threading.Thread(target=server.shutdown).start()  # it waits for the loop it interrupts

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    server.serve_forever()
    here.release()


@contextmanager
def running(
    site_url: str, seed: str = "", now: Callable[[], datetime] | None = None
) -> Iterator[Standins]:
    """Serve stand-ins for a site in a thread, on a port from the kernel.

    :returns: their state: the `address`, the switches and the `visits`.
    """
    with socket.create_server((HOST, 0)) as listener:
        port = listener.getsockname()[1]
        app = create_standins(site_url, f"http://{HOST}:{port}", seed, now)
        server = _server(app, HOST, port, listener.fileno())
    thread = threading.Thread(target=server.serve_forever, args=(TEST_POLL_SECONDS,), daemon=True)
    thread.start()
    here: Standins = app.extensions["standins"]
    try:
        yield here
    finally:
        here.behave()
        server.shutdown()
        thread.join()


def _server(app: Flask, host: str, port: int, fd: int | None = None) -> BaseWSGIServer:
    return make_server(host, port, app, threaded=True, request_handler=_Quiet, fd=fd)
