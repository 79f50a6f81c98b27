"""What a node counts, in one table that all its processes share; prometheus.py shows it.

The table is memory that the parent maps before it forks. Every process has a row of its own, so
counting takes no lock and no system call, and one that dies and comes back goes on with its row.
Within a process threads share the row: `+= 1` on a cell is one step between two looks of CPython
at who runs next; should that change, a count in a million is lost and nothing else.
"""

import itertools
import math
import mmap
import os
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import sqlalchemy as sa
from flask import Flask, current_app
from sqlalchemy.orm import Session

from discuss.base.db import db, session

CELL_BYTES = 8
ALONE = "server"  # the one process that there is without `discuss.serve`
PID = 0  # the first cell of every row
BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)  # seconds
SUM = len(BOUNDS) + 1  # the cell after those of the bounds and of what took longer: nanoseconds

_BOUNDS = [int(bound * 1e9) for bound in BOUNDS]


@dataclass(frozen=True)
class Family:
    """One thing that is counted, with a cell in every row for each combination of its labels."""

    name: str
    meaning: str
    kind: Literal["counter", "gauge"]
    labels: dict[str, dict[str, int]]
    """The values of each label, with how many cells each is away from the first value."""
    first: int

    def cell(self, *values: str) -> int:
        """Return where to count.

        :param values: one of the known ones for each label.
        """
        steps = zip(self.labels.values(), values, strict=True)
        return self.first + sum(away[value] for away, value in steps)

    def cells(self) -> Iterator[tuple[tuple[str, ...], int]]:
        """Yield each combination of values and where it is counted."""
        combinations = itertools.product(*self.labels.values())
        return zip(combinations, itertools.count(self.first), strict=False)

    @property
    def size(self) -> int:
        """How many combinations there are."""
        return math.prod(len(values) for values in self.labels.values())


@dataclass(frozen=True)
class Histogram:
    """How long something took: in every row, for each value of its label, a cell for each bound."""

    name: str
    meaning: str
    label: str
    first: dict[str, int]
    """Where the cells of a value begin."""


class Metrics:
    """The table. Families are added first, then it is opened, then it is counted in."""

    def __init__(self) -> None:
        self.families: dict[str, Family] = {}
        self.histograms: list[Histogram] = []
        self.width = PID + 1
        self.rows: dict[str, memoryview] = {}
        shelf = self.counter(
            "discuss_shelf_answers_total",
            "Public pages asked for: already made, made now, or unchanged since the reader’s copy.",
            answer=("hit", "miss", "unchanged"),
        )
        self.shelf_hit = shelf.cell("hit")
        self.shelf_miss = shelf.cell("miss")
        self.shelf_unchanged = shelf.cell("unchanged")

    def counter(self, name: str, meaning: str, **labels: Sequence[str]) -> Family:
        """Add something that only grows.

        :param name: in Prometheus, with the ending `_total`.
        :param meaning: a sentence for who operates the site.
        :param labels: each label with all of its values.
        """
        return self._add(name, meaning, "counter", labels)

    def gauge(self, name: str, meaning: str) -> Family:
        """Add something that comes and goes within a process; it is 0 in a new one."""
        return self._add(name, meaning, "gauge", {})

    def histogram(self, name: str, meaning: str, label: str, values: Iterable[str]) -> Histogram:
        """Add durations.

        :param name: in Prometheus, with the ending `_seconds`.
        :param meaning: a sentence for who operates the site.
        :param label: by what they are told apart.
        :param values: all of the label's.
        """
        first = {value: self._reserve(SUM + 1) for value in values}
        histogram = Histogram(name, meaning, label, first)
        self.histograms.append(histogram)
        return histogram

    def open(self, *names: str) -> None:
        """Map the table, everything 0, and count in its first row.

        :param names: of the processes, before they are forked.
        """
        length = self.width * CELL_BYTES
        cells = memoryview(mmap.mmap(-1, length * len(names))).cast("q")
        self.rows = {
            name: cells[index * self.width : (index + 1) * self.width]
            for index, name in enumerate(names)
        }
        self.enter(names[0])

    def enter(self, name: str) -> None:
        """Count in this row from now on; a new process calls it.

        :param name: of the process.
        """
        self._own = self.rows[name]
        self._own[PID] = os.getpid()
        for family in self.families.values():
            if family.kind == "gauge":
                self._own[family.cell()] = 0

    def count(self, cell: int, by: int = 1) -> None:
        """Count one more; some 70 ns.

        :param cell: from `Family.cell`.
        :param by: how many, or below 0 for a gauge that falls.
        """
        self._own[cell] += by

    def observe(self, first: int, nanoseconds: int) -> None:
        """Note how long something took.

        :param first: from `Histogram.first`.
        :param nanoseconds: what it took.
        """
        self._own[first + bisect_left(_BOUNDS, nanoseconds)] += 1
        self._own[first + SUM] += nanoseconds

    def total(self, cell: int) -> int:
        """Return what all processes counted together."""
        return sum(row[cell] for row in self.rows.values())

    def _add(
        self,
        name: str,
        meaning: str,
        kind: Literal["counter", "gauge"],
        labels: dict[str, Sequence[str]],
    ) -> Family:
        away: dict[str, dict[str, int]] = {}
        size = 1
        for label, values in reversed(labels.items()):
            away[label] = {value: index * size for index, value in enumerate(values)}
            size *= len(values)
        in_order = {label: away[label] for label in labels}
        family = Family(name, meaning, kind, in_order, self._reserve(size))
        self.families[name] = family
        return family

    def _reserve(self, count: int) -> int:
        first = self.width
        self.width += count
        return first


def init_app(app: Flask) -> None:
    """Give the application its table, which create_app opens when every package has added to it."""
    app.extensions["metrics"] = Metrics()
    with app.app_context():
        sa.event.listen(db.sessionmaker, "after_commit", _count_committed)
        sa.event.listen(db.sessionmaker, "after_rollback", _forget)


def of(app: Flask) -> Metrics:
    """Return an application's table."""
    found: Metrics = app.extensions["metrics"]
    return found


def count(name: str, *values: str) -> None:
    """Count one more in the application that serves now.

    :param name: of a family.
    :param values: one for each of its labels.
    """
    metrics = of(current_app)
    metrics.count(metrics.families[name].cell(*values))


def count_committed(name: str, *values: str) -> None:
    """Count one more once the transaction is through, and not at all when it is rolled back."""
    session.info.setdefault("counted", []).append((name, *values))


def _count_committed(session: Session) -> None:
    for counted in session.info.pop("counted", ()):
        count(*counted)


def _forget(session: Session) -> None:
    session.info.pop("counted", None)
