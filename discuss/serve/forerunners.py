"""The workers of before a new start: they answer until those who relieve them do."""

import contextlib
import os
import signal
import time
from collections.abc import Iterable

from discuss.serve import farewell

STOP_SECONDS = 8  # for requests in flight; systemd and docker kill after 10
FAREWELL_SECONDS = 1.0  # in which most connections come to their last answer
LOOK_EVERY = 0.02  # seconds

_VARIABLE = "FORERUNNERS"


class Forerunners:
    """Children that this process had already when it became the program that it is."""

    def __init__(self, pids: Iterable[int]) -> None:
        self.pids = list(pids)
        self._is_dismissed = False
        self._steps: list[tuple[float, int]] = []  # when to send which signal

    @property
    def due(self) -> list[float]:
        """When something is to be done about them, if anything is."""
        return [when for when, _ in self._steps[:1]] if self.pids else []

    def dismiss(self) -> None:
        """Ask them to bid their clients farewell, then to finish what they have begun."""
        if not self._is_dismissed:
            self._is_dismissed = True
            signal_all(farewell.SIGNAL, self.pids)
            end_at = time.monotonic() + FAREWELL_SECONDS
            self._steps = [(end_at, signal.SIGTERM), (end_at + STOP_SECONDS, signal.SIGKILL)]

    def bury(self) -> None:
        """Take note of those that ended, and do what is due about the others."""
        self.pids = [pid for pid in self.pids if exit_code(pid) is None]
        while self._steps and self._steps[0][0] <= time.monotonic():
            _, number = self._steps.pop(0)
            signal_all(number, self.pids)

    def end(self) -> None:
        """Dismiss them, and return when none is left."""
        self.dismiss()
        while self.pids:
            self.bury()
            time.sleep(LOOK_EVERY)


def inherited() -> Forerunners:
    """Return those that the program before this one, in the same process, left to it."""
    return Forerunners(int(pid) for pid in os.environ.pop(_VARIABLE, "").split())


def bequest(pids: Iterable[int]) -> dict[str, str]:
    """Return the environment in which the next program finds them."""
    return {_VARIABLE: " ".join(str(pid) for pid in pids)}


def signal_all(number: int, pids: Iterable[int]) -> None:
    """Send a signal to children of this process."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def exit_code(pid: int) -> int | None:
    """Return how a child ended, below 0 by a signal; nothing while it runs."""
    ended, status = os.waitpid(pid, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if ended else None
