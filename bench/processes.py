"""Programs that are started, watched and ended; what they cost is read from /proc."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

PATIENCE = 60  # seconds; only how long something broken takes to say so
ENDING = 15  # seconds that a program has to end before it is killed
TICKS = os.sysconf("SC_CLK_TCK")


class Failed(Exception):
    """Something that is measured does not work, so its figure would be none."""


@contextlib.contextmanager
def started(command: list[Any], log: Path, **options: Any) -> Iterator[subprocess.Popen[str]]:
    """Run a program, in a session of its own, for as long as the block lasts.

    :param command: the program and its arguments.
    :param log: where its words go.
    :param options: more for `subprocess.Popen`.
    """
    with log.open("a") as said:
        process = subprocess.Popen(
            [str(word) for word in command],
            **{"stdin": subprocess.DEVNULL, "stdout": said, "stderr": said, **options},
            text=True,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(ENDING)
        except subprocess.TimeoutExpired:
            kill(process)


def kill(process: subprocess.Popen[str]) -> None:
    """End a program that `started` began, and its children, without asking."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def wait_until(is_so: Callable[[], Any], what: str, pause: float = 0.02) -> Any:
    """Wait for a condition and return its value.

    :param is_so: asked again and again until what it returns is true.
    :param what: named when it never comes.
    :param pause: seconds between the questions.
    :raises Failed: it never came.
    """
    end = time.monotonic() + PATIENCE
    while not (value := is_so()):
        if time.monotonic() > end:
            raise Failed(f"waited in vain for {what}")
        time.sleep(pause)
    return value


def family(pids: Iterable[int]) -> set[int]:
    """Return processes and all that descend from them."""
    parents = {pid: int(fields[1]) for pid in _everybody() if (fields := _stat(pid))}
    wanted = set(pids)
    while more := {pid for pid, parent in parents.items() if parent in wanted} - wanted:
        wanted |= more
    return wanted


def cpu_seconds(pids: Iterable[int]) -> float:
    """Return the processor time of processes and their descendants so far, ended ones included."""
    used = [fields[11:15] for pid in family(pids) if (fields := _stat(pid))]
    return sum(int(ticks) for both in used for ticks in both) / TICKS


def memory_mb(pids: Iterable[int]) -> float:
    """Return the memory of processes and their descendants, shared pages counted once (PSS)."""
    kilobytes = 0
    for pid in family(pids):
        with contextlib.suppress(OSError):
            told = Path(f"/proc/{pid}/smaps_rollup").read_text()
            lines = [line for line in told.splitlines() if line.startswith("Pss:")]
            kilobytes += sum(int(line.split()[1]) for line in lines)
    return kilobytes / 1024


def _everybody() -> list[int]:
    return [int(name) for name in os.listdir("/proc") if name.isdigit()]


def _stat(pid: int) -> list[str]:
    """Return what proc(5) says of a process from its state on; nothing once it is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []
