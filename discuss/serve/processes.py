"""Keeps child processes alive: starts them, starts them again, and ends them together."""

import functools
import logging
import os
import signal
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from discuss.base import logs
from discuss.serve.forerunners import STOP_SECONDS, Forerunners, exit_code, signal_all
from discuss.serve.forking import SIGNALS, fork, signals_held_back
from discuss.serve.selfpipe import SelfPipe

log = logging.getLogger("discuss.serve")

QUICK_DEATH = 1.0  # seconds; who dies sooner than this after its start waits before the next
FIRST_PAUSE = 0.05
LONGEST_PAUSE = 1.0


@dataclass
class Child:
    """A process that is to run for as long as the service does."""

    name: str
    run: Callable[[], None]
    is_relieved: bool = False  # at a new start it works until another of its kind does
    pid: int = 0
    started_at: float = 0.0
    pause: float = 0.0
    due_at: float = 0.0  # when to start it, while it does not run


class Supervisor:
    """The parent of the service's processes; `run` returns when the service is to end."""

    def __init__(
        self,
        children: Iterable[Child],
        forerunners: Forerunners,
        on_death: Callable[[Child], None],
    ) -> None:
        """Begin with nothing started.

        :param children: what is to run.
        :param forerunners: those that these children relieve.
        :param on_death: called for one that died though nobody asked it to.
        """
        self.starts_anew = False
        self._children = list(children)
        self._forerunners = forerunners
        self._on_death = on_death
        self._ends = False
        self._signals = SelfPipe()

    @property
    def unrelieved(self) -> list[int]:
        """The process ids of those that still work after `run`, for whoever starts anew."""
        return [child.pid for child in self._children if child.pid] + self._forerunners.pids

    def run(self) -> None:
        """Keep the children alive until SIGINT, SIGTERM or SIGHUP, then end them.

        At SIGHUP those that are to be relieved go on.
        """
        self._listen_for_signals()
        self._start_missing()
        self._forerunners.dismiss()
        while not self._ends:
            self._start_missing()
            self._signals.wait(self._next_start())
            self._bury()
        if self.starts_anew:
            self._end([child for child in self._children if not child.is_relieved])
        if not self.starts_anew:  # or no longer: a SIGTERM may have come meanwhile
            self._end(self._children)
            self._forerunners.end()

    def _listen_for_signals(self) -> None:
        for number in SIGNALS:
            signal.signal(number, self._note)
        # A terminal that goes away hangs up too, and means an end.
        self._hang_up_ends = sys.stdin is not None and sys.stdin.isatty()

    def _note(self, number: int, _frame: object) -> None:
        if number == signal.SIGHUP and not self._hang_up_ends:
            self.starts_anew = not self._ends
            self._ends = True
        elif number != signal.SIGCHLD:
            self.starts_anew = False
            self._ends = True

    def _start_missing(self) -> None:
        for child in self._children:
            if not child.pid and child.due_at <= time.monotonic():
                self._start(child)

    def _start(self, child: Child) -> None:
        child.started_at = time.monotonic()
        with signals_held_back():
            child.pid = fork(child.name, functools.partial(self._run, child))

    def _run(self, child: Child) -> None:
        self._signals.close()
        child.run()

    def _next_start(self) -> float | None:
        due = [child.due_at for child in self._children if not child.pid]
        due += self._forerunners.due
        return max(0.0, min(due) - time.monotonic()) if due else None

    def _bury(self) -> None:
        """Take note of the children that died, and plan when to start them again."""
        self._forerunners.bury()
        for child in self._children:
            if not child.pid or (code := exit_code(child.pid)) is None:
                continue
            if not self._ends:
                known = logs.facts(child_pid=child.pid, exit_code=code)
                log.warning("%s died and is started again", child.name, extra=known)
                self._on_death(child)
            child.pid = 0
            now = time.monotonic()
            if now - child.started_at < QUICK_DEATH:
                child.pause = min(max(child.pause * 2, FIRST_PAUSE), LONGEST_PAUSE)
            else:
                child.pause = 0.0
            child.due_at = now + child.pause

    def _end(self, children: list[Child]) -> None:
        """Ask these to finish, and kill what does not in time."""
        signal_all(signal.SIGTERM, [child.pid for child in children])
        deadline = time.monotonic() + STOP_SECONDS
        while (pids := [child.pid for child in children if child.pid]) and (
            left := deadline - time.monotonic()
        ) > 0:
            self._signals.wait(left)
            self._bury()
        signal_all(signal.SIGKILL, pids)
        for child in children:
            if child.pid:
                log.warning("%s was killed: it did not end in %s s", child.name, STOP_SECONDS)
                os.waitpid(child.pid, 0)
                child.pid = 0
