"""Memory of the service before and after minutes of load: its parent, workers and background jobs.

The demo's stand-in providers are off. Shared pages count once (PSS), for all processes together.
"""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from bench import people, run, service, wrk
from bench.figures import Figure, number
from bench.people import Person
from bench.processes import Failed, memory_mb
from bench.reading import COMMENTS, page
from bench.run import Bench
from bench.service import Service
from bench.writers import paced

WARM_UP = 0.25  # minutes, until every worker has seen every kind of page
COMMENTS_A_SECOND = 10
CONNECTIONS = 8
GROWTH = 1.1  # of the memory in the middle of the time, beyond which it grows


def measure(bench: Bench) -> Iterator[Figure]:
    """Load all kinds of page and post, and weigh the service at the start, halfway, at the end."""
    database = bench.databases[0]  # the default service's, unless another was asked for
    with bench.site(database, COMMENTS) as site:
        reader, writer = people.signed_in(site.place, 2)
        weights = []
        for minutes in (WARM_UP, bench.minutes / 2, bench.minutes / 2):
            _load(bench, site, reader, writer, minutes)
            weights.append(memory_mb(site.pids))
    start, middle, end = weights
    yield Figure(
        f"memory after {number(bench.minutes)} minutes of load, {database}",
        "MB",
        end,
        floor=220,
        goal=150,
        beside=f"{number(start)} MB at the start, {number(middle)} MB halfway",
    )
    yield Figure(
        f"memory at the end beside halfway, {database}", "times", end / middle, floor=GROWTH
    )


def _load(bench: Bench, site: Service, reader: Person, writer: Person, minutes: float) -> None:
    """Read as many people, signed in and out, and write as one, for a while."""
    seconds = max(1, round(minutes * 60))
    signed_out = replace(page(bench, site), others=_paths(), connections=CONNECTIONS)
    signed_in = replace(signed_out, headers=reader.headers)
    with ThreadPoolExecutor() as pool:
        loads = [pool.submit(wrk.window, target, seconds) for target in (signed_out, signed_in)]
        _write(site, writer, seconds)
        for load in loads:
            load.result()


def _write(site: Service, writer: Person, seconds: int) -> None:
    path = f"/letters/{service.LETTER}/comments"
    slots = iter(range(COMMENTS_A_SECOND * seconds))
    for answer in paced(writer, path, slots, COMMENTS_A_SECOND, time.perf_counter()):
        if answer.status != 303:
            raise Failed(f"{site.url}: {answer.status} {answer.words[:200]}")


def _paths() -> tuple[str, ...]:
    letter = f"/letters/{service.LETTER}"
    orders = tuple(f"{letter}?sort={order}" for order in ("best", "newest", "oldest"))
    permalinks = tuple(f"{letter}/comments/{number + 2}" for number in range(COMMENTS))
    return ("/", "/feed.atom", f"{letter}/feed.atom", *orders, *permalinks)


if __name__ == "__main__":
    run.command(measure)
