"""Whole answers that go wrong: 500, HTML, late, cut off, endless, huge."""

import gzip
import socket
from collections.abc import Callable, Iterator
from functools import wraps

from flask import Response, current_app, request
from flask.typing import ResponseReturnValue

from discuss.accounts.standins.misbehaviour import Misbehaviour
from discuss.accounts.standins.state import Standins, provider, standins

View = Callable[[], ResponseReturnValue]
MEGABYTE = 1_000_000
HUGE_MEGABYTES = 50
DRIP_SECONDS = 0.2  # between two bytes: under any read timeout, so that only a deadline helps
ENDLESS = 10_000  # bytes; at one a drip nobody sees the end


def at(address: str) -> Callable[[View], View]:
    """Count the visits of a view, and let it go wrong as the switches say.

    :param address: what it is: discovery, jwks, token or profile.
    """

    def with_faults(view: View) -> View:
        @wraps(view)
        def answer() -> ResponseReturnValue:
            here = standins()
            here.count_visit(provider(), address)
            for name, fault in FAULTS.items():
                if here.does(provider(), Misbehaviour[f"{address.upper()}_{name}"]):
                    return fault(here, view)
            return view()

        return answer

    return with_faults


def _error_500(_here: Standins, _view: View) -> ResponseReturnValue:
    return Response("<h1>Internal Server Error</h1>", 500)


def _html(_here: Standins, _view: View) -> ResponseReturnValue:
    return Response("<!doctype html><title>Sorry</title><p>We will be back soon.", 200)


def _list(_here: Standins, _view: View) -> ResponseReturnValue:
    return Response('["not", "an", "object"]', 200, mimetype="application/json")


def _late(here: Standins, view: View) -> ResponseReturnValue:
    here.wait()
    return view()


def _drips(here: Standins, _view: View) -> ResponseReturnValue:
    def drops() -> Iterator[bytes]:
        for _ in range(ENDLESS):
            yield b" "
            if here.wait(DRIP_SECONDS):
                break
        yield b"{}"

    return Response(drops(), 200, mimetype="application/json")


def _closes(_here: Standins, _view: View) -> ResponseReturnValue:
    connection: socket.socket = request.environ["werkzeug.socket"]
    connection.shutdown(socket.SHUT_RDWR)
    return Response()  # goes nowhere; the server takes the broken pipe in its stride


def _huge(_here: Standins, view: View) -> ResponseReturnValue:
    return Response(_padded(view), 200, mimetype="application/json")


def _bomb(_here: Standins, view: View) -> ResponseReturnValue:
    answer = Response(gzip.compress(b"".join(_padded(view)), 1), mimetype="application/json")
    answer.headers["Content-Encoding"] = "gzip"
    return answer


def _padded(view: View) -> Iterator[bytes]:
    honest = current_app.make_response(view()).get_data()  # so who reads it all is none the wiser

    def parts() -> Iterator[bytes]:
        yield b'{"padding": "'
        for _ in range(HUGE_MEGABYTES):
            yield b"n" * MEGABYTE
        yield b'", ' + honest.lstrip().removeprefix(b"{")

    return parts()


FAULTS: dict[str, Callable[[Standins, View], ResponseReturnValue]] = {
    "500": _error_500,
    "HTML": _html,
    "LIST": _list,
    "LATE": _late,
    "DRIPS": _drips,
    "CLOSES": _closes,
    "HUGE": _huge,
    "BOMB": _bomb,
}
