"""How long readers wait as more of them come: requests at a fixed rate, not as fast as answered."""

import subprocess
from dataclasses import replace

from bench import isso, machine, nginx, people
from bench.plots import Line, Plot
from bench.processes import Failed
from bench.reading import COMMENTS, page
from bench.run import Bench
from bench.wrk import Target

RATES = (3, 10, 30, 100, 300, 1_000, 3_000, 10_000, 20_000, 30_000, 40_000)
MOST_CONNECTIONS = 64
A_CONNECTION = 50  # requests a second; all connections ask at the same moments
KEPT_UP = 0.9  # of the rate that was asked for; a server that answers less is past its limit
SLOW = 1_000  # milliseconds of the median, beyond which nobody waits


def plot(bench: Bench) -> Plot:
    """Ask each server at rising rates, until it falls behind."""
    with bench.folder() as folder, isso.running(folder) as peer:
        peer.fill("letter", COMMENTS)
        lines = [_line(bench, replace(peer.thread("letter"), name="Isso, JSON of the thread"))]
    with bench.site("SQLite", COMMENTS) as site:
        (reader,) = people.signed_in(site.place)
        ours = page(bench, site)
        with bench.folder() as folder, nginx.serving(ours.check(), folder) as limit:
            targets = (
                replace(ours, name="Discuss, signed in", headers=reader.headers),
                replace(ours, name="Discuss, signed out"),
                replace(limit, name="nginx, the same bytes"),
            )
            lines += [_line(bench, target) for target in targets]
    return Plot(
        "latency-by-rate",
        f"A letter with {COMMENTS} comments: median (drawn) and 99th percentile (dashed)",
        "requests a second",
        "milliseconds until the whole answer",
        lines,
    )


def _line(bench: Bench, target: Target) -> Line:
    line = Line(target.name, [], [])
    for rate in RATES:
        times = _times(bench, target, rate)
        if len(times) + 1 < KEPT_UP * rate * bench.seconds:
            break
        middle, last = (times[int(share * len(times))] for share in (0.5, 0.99))
        line.points.append((rate, middle))
        line.twin.append((rate, last))
        if middle > SLOW:
            break
    return line


def _times(bench: Bench, target: Target, rate: int) -> list[float]:
    """Return how many milliseconds each answer took, in order of these."""
    connections = max(1, min(MOST_CONNECTIONS, rate // A_CONNECTION))
    with bench.folder() as folder:
        log = folder / "log"
        options = ["--h1", "-t1", "-m1", f"-c{connections}", f"--rps={rate / connections}"]
        options += [f"-D{bench.seconds}", f"--log-file={log}"]
        for name, value in target.headers.items():
            options += ["-H", f"{name}: {value}"]
        program = machine.program("h2load", "nghttp2-client")
        command = [str(program), *options, target.url]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise Failed(f"h2load at {target.name}: {done.stdout}{done.stderr}")
        rows = [line.split("\t") for line in log.read_text().splitlines()]
    wrong = [row[1] for row in rows if row[1] != "200"]
    if wrong:
        raise Failed(f"{target.name}: {len(wrong)} of {len(rows)} answers were {wrong[0]}")
    return sorted(int(row[2]) / 1000 for row in rows)
