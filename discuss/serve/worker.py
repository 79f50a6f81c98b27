"""One process that answers requests: granian's WSGI worker on the socket of the parent.

Granian's own parent is left out. It hangs at SIGINT with `--respawn-failed-workers`, gives up
after two deaths in 5.5 seconds, and its workers own the sockets that they listen at, so that the
connections waiting for a dead one are lost. Its worker is no public name: requirements.txt pins it
and test_serve.py tries it.
"""

import functools
import os
import resource
import signal
import threading
from typing import Any

from flask import Flask
from granian._futures import _new_cbscheduler
from granian._granian import SocketHolder, WSGIWorker
from granian._loops import loops
from granian._signals import set_sync_signals
from granian.wsgi import _callback_wrapper

from discuss.base import pagecache
from discuss.serve import farewell
from discuss.serve.doorway import THREADS, Doorway
from discuss.serve.farewell import Farewell
from discuss.serve.listening import BACKLOG, Listener
from discuss.serve.selfpipe import SelfPipe

IDLE_SECONDS = 30  # then a thread ends that a rush had called for
MOST_CONNECTIONS = 8192  # of a worker; an open page that waits for news is one
OTHER_FILES = 64  # of a worker: the database, templates, its own plumbing


def cores() -> int:
    """Return how many processors this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on every system
        return os.cpu_count() or 1


def serve(app: Flask, listener: Listener, number: int) -> None:
    """Answer requests until SIGTERM or SIGINT, then finish those that have begun.

    :param app: the application.
    :param listener: where connections wait.
    :param number: the worker's, from 1.
    """
    signals = SelfPipe()
    asked_to_stop: Any = set_sync_signals()  # type: ignore[no-untyped-call]  # granian's
    stopped = threading.Event()
    asked_to_stop.add_cb(functools.partial(_stop, stopped, signals))
    loop = loops.get("auto")
    app_and_all = Farewell(pagecache.before(app, Doorway), listener)
    signal.signal(farewell.SIGNAL, app_and_all.begin)
    call = _callback_wrapper(app_and_all, {})
    scheduler: Any = _new_cbscheduler(loop, call, impl_asyncio=True)  # type: ignore[no-untyped-call]
    _granian(number, listener).serve_mtr(scheduler, loop, asked_to_stop)
    while not stopped.is_set():
        signals.wait()


def _stop(stopped: threading.Event, signals: SelfPipe) -> None:
    stopped.set()
    signals.ring()


def _granian(number: int, listener: Listener) -> Any:
    tls: tuple[Any, ...] = (False, None, None, None, "tls1.3", None, [], False)
    socket: tuple[Any, ...] = (listener.fileno(), False, BACKLOG)
    options: tuple[Any, ...] = (
        number,
        (None, SocketHolder(*socket)),
        None,  # no pipe to a parent, which would collect metrics
        1,  # threads of the event loop
        1,  # its own threads for files, which it serves none of
        THREADS,
        IDLE_SECONDS,
        _most_connections(),
        "1",
        None,  # HTTP/1: granian's own settings
        None,  # HTTP/2
        None,  # static files
        *tls,
        (None, None),  # metrics
    )
    made: Any = WSGIWorker(*options)  # granian's own types lag behind
    return made


def _most_connections() -> int:
    """Return how many to hold at once; others wait in the queue, where they cost no file."""
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if files == resource.RLIM_INFINITY:
        return MOST_CONNECTIONS
    return max(1, min(MOST_CONNECTIONS, files - OTHER_FILES))
