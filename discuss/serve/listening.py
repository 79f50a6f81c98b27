"""The port that the service answers at: opened once by the parent, shared by its children.

They all take connections from the one queue of this socket, so that none is refused while a child
is away, or while the parent starts anew.
"""

import errno
import os
import resource
import signal
import socket
import sys

from discuss.base.config import Settings

Listener = socket.socket

BACKLOG = 2048  # connections that wait while every worker is away; the kernel may allow fewer
PASSED_ON = 3  # the first descriptor that systemd's protocol passes, sd_listen_fds(3)
MOST_FILES = 65_536  # open files, a connection each; beyond that some kernels' tables grow large


class PortTaken(Exception):
    """Another program listens there, or this one may not."""


def open_port(settings: Settings) -> Listener:
    """Return the socket that listens where the settings say.

    :raises PortTaken: it cannot, and what to do.
    """
    _raise_file_limit()
    listener = _inherited(settings.port) or _bound(settings.host, settings.port, "DISCUSS_PORT")
    listener.listen(BACKLOG)
    listener.setblocking(False)
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def refuse_taken_port(host: str, port: int, setting: str) -> None:
    """Find out early whether a child will be able to listen.

    :raises PortTaken: it won't.
    """
    _bound(host, port, setting).close()


def start_anew(listener: Listener) -> None:
    """Replace this process by a new one of the same number, with today's code and settings."""
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # kept by exec: the next one must not kill a start
    os.dup2(listener.fileno(), PASSED_ON)
    os.set_inheritable(PASSED_ON, True)  # by itself, for dup2 does nothing when it has that number
    environment = os.environ | {"LISTEN_FDS": "1", "LISTEN_PID": str(os.getpid())}
    command = [sys.executable, *sys.orig_argv[1:]]
    os.execve(sys.executable, command, environment)  # noqa: S606  # our own command line


def _inherited(port: int) -> Listener | None:
    """Take over the socket that our forerunner or systemd passes on."""
    meant_for = os.environ.pop("LISTEN_PID", None)
    count = os.environ.pop("LISTEN_FDS", None)
    if meant_for != str(os.getpid()) or count != "1":
        return None
    listener = socket.socket(fileno=PASSED_ON)
    listener.set_inheritable(False)
    if port not in {0, listener.getsockname()[1]}:
        listener.close()
        return None
    return listener


def _bound(host: str, port: int, setting: str) -> Listener:
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # the last run's TIME_WAIT
    try:
        listener.bind((host, port))
        listener.listen()  # two may bind with SO_REUSEADDR; one may listen
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise PortTaken(
                f"port {port} of {host} is taken; stop what listens there or set {setting}"
            ) from None
        raise PortTaken(f"{host}:{port}: {error.strerror}; see {setting}") from None
    return listener


def _raise_file_limit() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, MOST_FILES)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
