"""How a process of the service is forked: no signal is lost, and it never outlives its parent."""

import ctypes
import logging
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NoReturn

log = logging.getLogger("discuss.serve")

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD)
PR_SET_PDEATHSIG = 1  # prctl(2)


@contextmanager
def signals_held_back() -> Iterator[None]:
    """Let no handler run within the block: what comes meanwhile comes after it."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def fork(name: str, run: Callable[[], None]) -> int:
    """Run a function in a process of its own, which ends with it.

    Call it while signals are held back: else one that is for the child could reach the parent's
    handler, which the child has for a moment, and one that is to be passed on nobody yet known.

    :param name: told when it breaks.
    :param run: what the process is for; SIGTERM ends it, and Ctrl-C reaches its parent alone.
    :returns: its id.
    """
    parent = os.getpid()
    return os.fork() or _become(name, run, parent)


def die_with(parent: int) -> None:
    """Let the kernel kill this process when its parent dies, however that happens.

    :param parent: its process id, to notice that it died before we asked.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def _become(name: str, run: Callable[[], None], parent: int) -> NoReturn:
    """Be that process; never returns."""
    code = 1
    try:
        for number in SIGNALS:
            signal.signal(number, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all; the parent decides
        die_with(parent)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
        run()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException:
        log.critical("%s broke", name, exc_info=True)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)  # what the parent registered for its own end is not ours
