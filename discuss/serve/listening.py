"""The port that the service answers at, opened and held by the parent.

Workers come and go, and the parent itself may start anew: whoever comes meanwhile waits a moment
and is not refused. Every worker has a socket of its own on the one port: with one socket for all,
the worker that wakes quickest takes most connections (measured: 32 of 32) and the others idle.
"""

import errno
import fcntl
import os
import resource
import signal
import socket
import sys
from pathlib import Path

from discuss.base.config import Settings

Listener = socket.socket

BACKLOG = 2048  # connections that wait while a worker is away; the kernel may allow fewer
FIRST_PASSED = 3  # the first descriptor that systemd's protocol passes on, sd_listen_fds(3)
MOST_FILES = 65_536  # open files, a connection each; beyond that some kernels' tables grow large


class PortTaken(Exception):
    """Another program listens there, or this one may not."""


def open_port(settings: Settings, count: int) -> list[Listener]:
    """Return the sockets that listen where the settings say.

    :param settings: the host and the port; 0 asks the kernel for one.
    :param count: how many workers there will be; on some systems they share one socket.
    :raises PortTaken: it cannot listen there; says what to do.
    """
    _raise_file_limit()
    listeners = _inherited(settings.port)
    if not listeners:
        port = refuse_taken_port(settings.host, settings.port, "DISCUSS_PORT")
        listeners.append(_bound(settings.host, port, shared=True))
    host, port = listeners[0].getsockname()[:2]
    while len(listeners) < count and _is_shared(listeners[0]):
        listeners.append(_bound(host, port, shared=True))
    for spare in listeners[count:]:
        spare.close()
    for listener in listeners[:count]:
        listener.listen(BACKLOG)
        listener.setblocking(False)
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listeners[:count]


def refuse_taken_port(host: str, port: int, setting: str) -> int:
    """Find out whether a port is free; a socket that is to share it would not notice.

    :returns: the port, or the one that the kernel chose for 0.
    :raises PortTaken: it is not.
    """
    try:
        with _bound(host, port, shared=False) as probe:
            probe.listen()
            number: int = probe.getsockname()[1]
            return number
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise PortTaken(
                f"port {port} of {host} is taken; stop what listens there or set {setting}"
            ) from None
        raise PortTaken(f"{host}:{port}: {error.strerror}; see {setting}") from None


def start_anew(listeners: list[Listener], bequest: dict[str, str]) -> None:
    """Replace this process by a new one of the same number, with today's code and settings.

    :param listeners: the sockets, which stay open.
    :param bequest: more of its environment, which tells it of the workers that go on meanwhile.
    """
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # kept by exec: the next one must not kill a start
    beyond = FIRST_PASSED + len(listeners)  # first out of the way of those that they become
    numbers = [fcntl.fcntl(listener, fcntl.F_DUPFD, beyond) for listener in listeners]
    for passed, number in enumerate(numbers, start=FIRST_PASSED):
        os.dup2(number, passed)
        os.set_inheritable(passed, True)
    environment = {
        "LISTEN_FDS": str(len(numbers)),
        "LISTEN_PID": str(os.getpid()),
        **bequest,
    }
    command = [sys.executable, *sys.orig_argv[1:]]
    os.execve(sys.executable, command, os.environ | environment)  # noqa: S606  # our own command


def accept_no_more(listener: Listener) -> None:
    """Leave new connections to the other processes that listen at the same socket.

    The server has copies of the socket of its own, which it polls. In each one's place comes a
    socket that nobody can connect to: it finds nothing there, and what it has goes on.

    :param listener: the socket, which stays as it is for the others.
    """
    address = listener.getsockname()
    with socket.socket(socket.AF_UNIX) as nowhere:
        nowhere.setblocking(False)
        nowhere.bind("")  # the kernel's choice of a name that is no file, unix(7)
        nowhere.listen()
        for number in _open_files():
            if _listens_at(number, address):
                os.dup2(nowhere.fileno(), number, inheritable=False)


def _open_files() -> list[int]:
    folder = Path("/proc/self/fd")
    return [int(name.name) for name in folder.iterdir()] if folder.exists() else []


def _listens_at(number: int, address: object) -> bool:
    try:
        with socket.socket(fileno=os.dup(number)) as found:
            listens = found.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)
            return bool(listens) and found.getsockname() == address
    except OSError:  # no socket
        return False


def _inherited(port: int) -> list[Listener]:
    """Take over the sockets that our forerunner or systemd passes on."""
    meant_for = os.environ.pop("LISTEN_PID", None)
    count = int(os.environ.pop("LISTEN_FDS", "0"))
    if meant_for != str(os.getpid()):
        return []
    listeners = [socket.socket(fileno=FIRST_PASSED + index) for index in range(count)]
    for listener in listeners:
        listener.set_inheritable(False)
    if listeners and port not in {0, listeners[0].getsockname()[1]}:
        for listener in listeners:
            listener.close()
        return []
    return listeners


def _bound(host: str, port: int, *, shared: bool) -> Listener:
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # the last run's TIME_WAIT
    if shared and sys.platform == "linux":  # elsewhere the last socket would get everything
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    try:
        listener.bind((host, port))
    except OSError:
        listener.close()
        raise
    return listener


def _is_shared(listener: Listener) -> bool:
    return bool(
        sys.platform == "linux" and listener.getsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT)
    )


def _raise_file_limit() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, MOST_FILES)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
