"""Measures everything, prints the table, and writes it into docs/performance.md with the plots."""

import contextlib
import sys
import time
from collections.abc import Iterator
from types import ModuleType

from bench import (
    freshness,
    growth,
    memory,
    million,
    not_modified,
    posting,
    pressure,
    reading,
    report,
    signed_in,
    start,
    weight,
)
from bench.figures import Figure, table
from bench.plots import Plot
from bench.run import Bench, bench_of, parser

TABLE = (
    reading,
    not_modified,
    signed_in,
    million,
    posting,
    freshness,
    memory,
    start,
    weight,
)
PLOTS = (growth, pressure)


def main() -> int:
    """Measure; returns 1 when something could not be."""
    problems: list[str] = []
    with bench_of(parser()) as bench:
        heading = report.heading(bench)
        figures = [figure for part in TABLE for figure in _figures(part, bench, problems)]
        plots = [plot for part in PLOTS for plot in _plots(part, bench, problems)]
    print(heading, table(figures), *problems, sep="\n\n")
    if not bench.quick:
        report.write(heading, figures, problems, plots)
    return bool(problems)


def _figures(part: ModuleType, bench: Bench, problems: list[str]) -> Iterator[Figure]:
    """Take what can be measured, line by line; what cannot is told, and the rest goes on."""
    with _told(part, problems):
        for figure in part.measure(bench):
            print(*figure.cells, sep=" | ", file=sys.stderr, flush=True)
            yield figure


def _plots(part: ModuleType, bench: Bench, problems: list[str]) -> Iterator[Plot]:
    with _told(part, problems):
        yield part.plot(bench)


@contextlib.contextmanager
def _told(part: ModuleType, problems: list[str]) -> Iterator[None]:
    began = time.monotonic()
    try:
        yield
    except Exception as error:  # half an hour of other figures is not lost with this one
        problems.append(f"Not measured by {part.__name__}: {error}")
        print(problems[-1], file=sys.stderr)
    print(f"{part.__name__}: {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
