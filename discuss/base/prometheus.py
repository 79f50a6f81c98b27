"""`/metrics`: the figures of this node as Prometheus reads them, for who is here or has a token."""

import os
import platform
import time
from collections.abc import Iterable, Iterator
from hmac import compare_digest
from ipaddress import ip_address
from itertools import accumulate
from pathlib import Path
from urllib.parse import urlsplit

import sqlalchemy as sa
from flask import Flask, Response, current_app, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from discuss.base import jobs, metrics
from discuss.base.config import LOOPBACK, Settings, settings
from discuss.base.db import POOL_SIZE, db, session
from discuss.base.errors import NotFound
from discuss.base.metrics import BOUNDS, PID, SUM, Family, Histogram

# What proxies add. One on this machine has a loopback address, and whom it speaks for has not.
FORWARDED = ("Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP")
LARGE_FAMILY = 50  # series; of a larger one those that never counted are left out

_began_at = time.time()
_tick = os.sysconf("SC_CLK_TCK")


def init_app(app: Flask, settings: Settings) -> None:
    """Answer at `/metrics`, and count the connections that the pool lends."""
    app.add_url_rule("/metrics", "metrics", show)
    table = metrics.of(app)
    in_use = table.gauge(
        "discuss_database_connections_in_use", "Database connections that requests and jobs hold."
    ).cell()
    with app.app_context():
        engine = db.engine
    sa.event.listen(engine, "checkout", lambda *_: table.count(in_use))
    sa.event.listen(engine, "checkin", lambda *_: table.count(in_use, -1))


def show() -> Response:
    """Answer a program that may read the figures.

    :raises NotFound: it may not.
    """
    if not may_read():
        raise NotFound
    registry = CollectorRegistry()
    registry.register(Node(current_app))
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def may_read() -> bool:
    """Whether the figures are for this caller: a program on this machine, or with the token."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if (token := settings().metrics_token) and compare_digest(given.encode(), token.encode()):
        return True
    # Not the address that trusted proxies forward: whatever came through one is not from here.
    # The host must be this machine's too, or a browser here could be led to read it for somebody.
    peer = request.environ.get("werkzeug.proxy_fix.orig", request.environ)["REMOTE_ADDR"]
    host = urlsplit(f"//{request.environ.get('HTTP_HOST', '')}").hostname
    is_direct = not any(name in request.headers for name in FORWARDED)
    return is_direct and host in LOOPBACK and ip_address(peer).is_loopback


class Node(Collector):
    """Everything that is known of this node at this moment."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._table = metrics.of(app)

    def collect(self) -> Iterable[Metric]:
        """Return every family."""
        for family in self._table.families.values():
            yield self._counted(family)
        for histogram in self._table.histograms:
            yield self._durations(histogram)
        yield from self._processes()
        yield from self._database()
        yield self._build()

    def _counted(self, family: Family) -> Metric:
        made = (CounterMetricFamily if family.kind == "counter" else GaugeMetricFamily)(
            family.name, family.meaning, labels=list(family.labels)
        )
        shows_zeros = family.size <= LARGE_FAMILY
        for values, cell in family.cells():
            if (count := self._table.total(cell)) or shows_zeros:
                made.add_metric(values, count)
        return made

    def _durations(self, histogram: Histogram) -> Metric:
        made = HistogramMetricFamily(histogram.name, histogram.meaning, labels=[histogram.label])
        bounds = [*(str(bound) for bound in BOUNDS), "+Inf"]
        for value, first in histogram.first.items():
            sums = list(accumulate(self._table.total(first + index) for index in range(SUM)))
            if sums[-1]:
                seconds = self._table.total(first + SUM) / 1e9
                made.add_metric([value], list(zip(bounds, sums, strict=True)), seconds)
        return made

    def _processes(self) -> Iterator[Metric]:
        """Return what the processes take; nothing on systems without Linux's /proc."""
        memory = GaugeMetricFamily(
            "discuss_memory_bytes",
            "Memory of a process; what several share counts in parts, so the sum is the node’s.",
            labels=["process"],
        )
        cpu = CounterMetricFamily(
            "discuss_cpu_seconds_total", "Processor time of a process.", labels=["process"]
        )
        for name, row in self._table.rows.items():
            if (pid := row[PID]) and (taken := taken_by(pid)):
                memory.add_metric([name], taken[0])
                cpu.add_metric([name], taken[1])
        yield memory
        yield cpu
        yield GaugeMetricFamily(
            "discuss_start_time_seconds", "When this node was started.", value=_began_at
        )

    def _database(self) -> Iterator[Metric]:
        yield GaugeMetricFamily(
            "discuss_database_connections_limit",
            "Database connections that one process may hold.",
            value=POOL_SIZE,
        )
        free = os.statvfs(settings().data_dir)
        yield GaugeMetricFamily(
            "discuss_data_dir_free_bytes",
            "Room left where the data dir lies.",
            value=free.f_bavail * free.f_frsize,
        )
        backlog = backlog_if_up()
        yield GaugeMetricFamily(
            "discuss_database_up", "1 while the database answers.", value=backlog is not None
        )
        if backlog is not None:
            yield GaugeMetricFamily(
                "discuss_jobs_waiting", "Background jobs in the queue.", value=backlog.waiting
            )
            yield GaugeMetricFamily(
                "discuss_jobs_failing", "Jobs tried more than once.", value=backlog.failing
            )
            yield GaugeMetricFamily(
                "discuss_jobs_late_seconds",
                "For how long the first job that is due has been waiting.",
                value=backlog.late,
            )

    def _build(self) -> Metric:
        facts = {
            "build": self._app.extensions["build"],
            "python": platform.python_version(),
            "database": db.engine.dialect.name,
        }
        return InfoMetricFamily("discuss_build", "What runs here.", value=facts)


def backlog_if_up() -> jobs.Backlog | None:
    """Return what waits in the queue of jobs, or nothing while the database does not answer."""
    try:
        return jobs.backlog()
    except SQLAlchemyError:
        session.rollback()
        return None


def taken_by(pid: int) -> tuple[int, float] | None:
    """Return the memory in bytes and the processor time in seconds that a process took.

    :param pid: of a process of this node.
    :returns: nothing when it has just ended.
    """
    folder = Path("/proc") / str(pid)
    try:
        memory = (folder / "smaps_rollup").read_text()
        state = (folder / "stat").read_text()
    except OSError:
        return None
    shared_out = next(line for line in memory.splitlines() if line.startswith("Pss:"))
    times = state.rpartition(")")[2].split()[11:15]  # its own and its ended children's, proc(5)
    return int(shared_out.split()[1]) * 1024, sum(int(time) for time in times) / _tick
