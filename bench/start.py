"""From the start of `script/serve` to its first page, on a database that was left by SIGKILL."""

import statistics
import time
from collections.abc import Iterator

from bench import machine, run
from bench.figures import Figure, number
from bench.processes import kill, started, wait_until
from bench.run import Bench
from bench.service import LETTER, Place, answers

TIMES = 5
POLL = 0.002  # seconds; what the figure may be too large by


def measure(bench: Bench) -> Iterator[Figure]:
    """Kill a service that answers, and start the next, several times."""
    for database in bench.databases:
        with bench.place(database) as place:
            took = [_start(place) for _ in range(TIMES + 1)][1:]  # the first makes the database
        yield Figure(
            f"cold start to the first page, {database}",
            "s",
            statistics.median(took),
            floor=1,
            goal=0.5,
            beside=f"of {TIMES} starts the slowest took {number(max(took))} s",
        )


def _start(place: Place) -> float:
    command = [machine.ROOT / "script" / "serve"]
    began = time.perf_counter()
    with started(command, place.folder / "said.txt", env=place.environment) as process:
        wait_until(lambda: answers(place.url, f"/letters/{LETTER}"), place.url, POLL)
        took = time.perf_counter() - began
        kill(process)
    return took


if __name__ == "__main__":
    run.command(measure)
