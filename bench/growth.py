"""What a page costs as its thread grows, beside Isso, which sends a thread whole."""

import requests

from bench import crowd, isso, service, wrk
from bench.million import KINDS, Cost, costs_in_turn
from bench.plots import Line, Plot, Points
from bench.processes import cpu_seconds
from bench.run import Bench
from bench.wrk import Target

ISSO_SIZES = (10, 100, 1_000)  # its answer for the next one takes some ten seconds
ISSO_REQUESTS = 3


def plot(bench: Bench) -> Plot:
    """Measure the processor time of a page in letters of every size."""
    first = KINDS[0]
    lines = [Line("Isso", _isso(bench))]
    for database in bench.databases:
        costs = costs_in_turn(bench, database, crowd.SIZES, (first,))
        points = [(float(size), costs[first, size].cpu_ms) for size in crowd.SIZES]
        lines.append(Line(f"Discuss, rendered, {database}", points))
    lines.append(Line("Discuss, kept, SQLite", _kept(bench)))
    return Plot(
        "cost-by-thread",
        "Processor time of a page, by the size of its thread",
        "comments in the thread",
        "milliseconds a request",
        lines,
    )


def _kept(bench: Bench) -> Points:
    """Load the first page of each letter for readers without a session."""
    points: Points = []
    with crowd.place(bench, "SQLite") as place, service.running(place) as site:
        for size in crowd.SIZES:
            url = f"{site.url}/letters/{crowd.slug_of(size)}"
            target = Target("Discuss", url, site.pids, {"Accept-Encoding": "gzip"})
            target.check()
            load = wrk.window(target, 1 if bench.quick else bench.seconds)
            points.append((float(size), load.cpu / 1000))
    return points


def _isso(bench: Bench) -> Points:
    points: Points = []
    with bench.folder() as folder, isso.running(folder) as peer:
        for size in ISSO_SIZES:
            peer.fill(f"letter-{size}", size)
            cost = Cost()
            used = cpu_seconds([peer.pid])
            for _ in range(ISSO_REQUESTS):
                cost.walls.append(_seconds(peer.thread(f"letter-{size}").url))
            cost.cpu = cpu_seconds([peer.pid]) - used
            points.append((float(size), cost.cpu_ms))
    return points


def _seconds(url: str) -> float:
    return requests.get(url, timeout=60).elapsed.total_seconds()
