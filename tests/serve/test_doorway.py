"""The doorway before the application: whole bodies, bounded waiting, bounded company."""

import io
import threading

import pytest
from werkzeug.exceptions import ClientDisconnected
from werkzeug.test import Client, EnvironBuilder
from werkzeug.wrappers import Request, Response

from discuss.base.db import POOL_SIZE
from discuss.base.security import LARGEST_REQUEST
from discuss.serve import doorway
from discuss.serve.doorway import Doorway
from tests.plumbing.services import wait_until


@Doorway
@Request.application
def echo(request):
    return Response(request.form["body"])


def environ(body, length=None, **more):
    made = EnvironBuilder(method="POST", data={"body": "x"}).get_environ()
    own = {"wsgi.input": body, "CONTENT_LENGTH": str(length), "wsgi.input_terminated": True}
    return made | own | more


def test_a_whole_body_reaches_the_application():
    answer = Client(echo).post("/", data={"body": "I disagree."})

    assert answer.text == "I disagree."


def test_a_body_cut_off_on_its_way_is_refused():
    cut_off = environ(io.BytesIO(b"body=half+a"), length=20)
    app = Doorway(lambda environ, _start: [Request(environ).form["body"].encode()])

    with pytest.raises(ClientDisconnected):
        app(cut_off, None)


@pytest.mark.row("37", "F15")
def test_a_body_in_chunks_is_refused_unread():
    answer = Client(echo).post("/", headers={"Transfer-Encoding": "chunked"})

    assert answer.status_code == 411


class Unread(io.RawIOBase):
    """A body that nobody may touch."""

    def read(self, size=-1):
        raise AssertionError("it was read")


@pytest.mark.row("30", "F15")
def test_a_body_that_is_too_large_is_left_to_the_application_unread():
    app = Doorway(lambda environ, _start: [environ["CONTENT_LENGTH"].encode()])
    large = environ(Unread(), length=LARGEST_REQUEST + 1)

    assert app(large, None) == [str(LARGEST_REQUEST + 1).encode()]


class Slow(io.RawIOBase):
    """A body that comes when the test says so."""

    def __init__(self, gate):
        self.gate = gate

    def read(self, size=-1):
        self.gate.wait()
        return b"body=x".ljust(size, b"x")


def run_all(app, environs):
    threads = [threading.Thread(target=app, args=(made, lambda *_: None)) for made in environs]
    for thread in threads:
        thread.start()
    return threads


@pytest.mark.row("F16")
def test_slow_senders_are_sent_away_when_there_are_too_many_while_pages_go_on():
    gate = threading.Event()
    entered = []
    app = Doorway(lambda environ, _start: entered.append(environ["REQUEST_METHOD"]) or [])
    slow = [environ(Slow(gate), length=10) for _ in range(doorway.MOST_BODIES)]
    threads = run_all(app, slow)
    wait_until(lambda: app._bodies == doorway.MOST_BODIES, "the slow senders")

    statuses = []
    app(environ(Slow(gate), length=10), lambda status, _heads: statuses.append(status))
    app(EnvironBuilder().get_environ(), None)
    entered_meanwhile = list(entered)
    gate.set()
    for thread in threads:
        thread.join()

    assert (statuses, entered_meanwhile) == (["503 Service Unavailable"], ["GET"])
    assert (len(entered), app._bodies, app._bytes) == (doorway.MOST_BODIES + 1, 0, 0)


@pytest.mark.row("30")
def test_bodies_that_are_taken_in_together_are_bounded_in_bytes():
    gate = threading.Event()
    app = Doorway(lambda _environ, _start: [])
    fit = doorway.MOST_BYTES // LARGEST_REQUEST
    threads = run_all(app, [environ(Slow(gate), length=LARGEST_REQUEST) for _ in range(fit)])
    wait_until(lambda: app._bodies == fit, "the large bodies")

    statuses = []
    app(environ(Slow(gate), length=10), lambda status, _heads: statuses.append(status))
    gate.set()
    for thread in threads:
        thread.join()

    assert statuses == ["503 Service Unavailable"]


def test_no_more_are_inside_than_the_database_has_connections_for():
    gate = threading.Event()
    inside, most = [], []

    def app(_environ, _start):
        inside.append(1)
        most.append(len(inside))
        gate.wait()
        inside.pop()
        return []

    around = Doorway(app)
    threads = run_all(around, [EnvironBuilder().get_environ() for _ in range(3 * POOL_SIZE)])
    wait_until(lambda: len(inside) == POOL_SIZE, "those inside")
    gate.set()
    for thread in threads:
        thread.join()

    assert max(most) == POOL_SIZE


def writers_inside(app_gate):
    """Return a doorway whose application waits for a gate, and the list of those inside."""
    inside = []

    def app(environ, _start):
        inside.append(environ["REQUEST_METHOD"])
        app_gate.wait()
        return []

    return Doorway(app), inside


def test_one_writes_at_a_time_while_others_read(monkeypatch):
    monkeypatch.setattr(doorway, "LONGEST_TURN", 60)
    gate = threading.Event()
    around, inside = writers_inside(gate)

    writers = [EnvironBuilder(method="POST").get_environ() for _ in range(3)]
    threads = run_all(around, writers)
    wait_until(lambda: inside, "the first writer")
    threads += run_all(around, [EnvironBuilder().get_environ()])
    wait_until(lambda: len(inside) == 2, "a reader")
    entered_meanwhile = list(inside)
    gate.set()
    for thread in threads:
        thread.join()

    assert entered_meanwhile == ["POST", "GET"]
    assert sorted(inside) == ["GET", "POST", "POST", "POST"]


def test_a_writer_that_takes_long_keeps_no_other_out(monkeypatch):
    monkeypatch.setattr(doorway, "LONGEST_TURN", 0.01)
    gate = threading.Event()
    around, inside = writers_inside(gate)

    threads = run_all(around, [EnvironBuilder(method="POST").get_environ() for _ in range(2)])
    wait_until(lambda: len(inside) == 2, "the second writer")
    gate.set()
    for thread in threads:
        thread.join()

    assert not around._writes.locked()
