"""Background jobs: rows of the site's own database, queued in the transaction of their cause.

So a job exists exactly when its cause does: neither a rollback nor a kill between commit and queue
can part them, and Redis may go at any time (it only wakes the consumer sooner). A job runs at least
once: its row goes with the transaction of what it did, and comes back when its consumer dies.
Huey runs them; what it knows of queues is replaced by the table.
"""

import functools
import logging
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import uuid4

import click
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Mapped, Session, mapped_column

from discuss.base import clock, later, logs, metrics
from discuss.base.config import Settings
from discuss.base.db import UTC, Base, db, session
from discuss.base.huey_alone import BlackHoleStorage, Consumer, Huey, Task, Worker

if TYPE_CHECKING:
    from discuss.base.bell import Bell

log = logging.getLogger("discuss.jobs")

LEASE = timedelta(minutes=5)  # a job whose consumer died is taken again; no job may take longer
ATTEMPTS = 20  # with the pauses below a mail server may be away for most of a day
FIRST_PAUSE = timedelta(seconds=15)
LONGEST_PAUSE = timedelta(hours=1)
IDLE_AFTER = 5.0  # seconds without a job; who runs jobs until there are none ends then
LOOK_EVERY = 1.0  # seconds between looks at an empty queue, a read of one index each
RUNS = "discuss_jobs_run_total"

Function = TypeVar("Function", bound=Callable[..., object])

_functions: dict[str, Callable[..., object]] = {}
_periods: dict[str, timedelta] = {}


class Job(Base):
    """A call that waits for its time. Taken, it is due again when the lease is over."""

    __tablename__ = "jobs"

    id: Mapped[str] = mapped_column(sa.String(200), primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    arguments: Mapped[list[Any]] = mapped_column(sa.JSON)
    due_at: Mapped[datetime] = mapped_column(UTC, index=True)
    attempts: Mapped[int] = mapped_column(default=0)


def task(function: Function) -> Function:
    """Let a function be queued: it does slow work first and writes last, and bears a repetition.

    It is known by module and name, also to jobs queued before an upgrade: keep both.
    """
    _functions[_name(function)] = function
    return function


def periodic(every: timedelta) -> Callable[[Function], Function]:
    """Let a function without arguments run again and again, once for all nodes together.

    :param every: from the end of one run to the next.
    """

    def register(function: Function) -> Function:
        _periods[_name(function)] = every
        return task(function)

    return register


def enqueue(
    function: Callable[..., object], *arguments: int | str, after: timedelta | None = None
) -> None:
    """Queue a call in this transaction: it runs once the transaction is through.

    :param function: a `task`.
    :param arguments: what JSON carries as it is; ids rather than things that may change meanwhile.
    :param after: how long to wait at least.
    """
    name = _name(function)
    if name not in _functions:
        raise LookupError(f"{name} is no task")
    due_at = clock.now() + (after or timedelta())
    session.add(Job(id=uuid4().hex, name=name, arguments=list(arguments), due_at=due_at))
    session.info["rings"] = True


def init_app(app: Flask, settings: Settings) -> None:
    """Give the application its queue and the `worker` command."""
    bell: Bell | None = None
    if settings.redis_url:  # else nobody loads Redis' client: 7 MB
        bell = later.load("discuss.base.bell").Bell(settings.redis_url, "jobs")
    app.extensions["jobs"] = Queue(app, bell)
    metrics.of(app).counter(
        RUNS,
        "Background jobs by how a run of them ended.",
        outcome=("done", "failed", "given_up"),
    )
    if bell is not None:
        with app.app_context():
            sa.event.listen(db.sessionmaker, "after_commit", functools.partial(_ring, bell))
    app.cli.command("worker")(worker)


def worker() -> None:
    """Run background jobs until SIGTERM or Ctrl-C.

    The server has a consumer of its own; on more machines run one of these on each.

    Example: flask --app wsgi worker
    """
    context = click.get_current_context()
    work(context.obj.load_app())


def work(app: Flask, *, until_idle: bool = False) -> None:
    """Run jobs until SIGTERM or SIGINT; call it in the main thread.

    :param until_idle: end as well when there has been none for some seconds.
    """
    queue: Queue = app.extensions["jobs"]
    queue.ends_idle, queue.busy_at = until_idle, time.monotonic()
    with app.app_context():
        plan_periodic()
    _Consumer(queue).run()


def run_due(app: Flask) -> int:
    """Run every job that is due, here and now; for tests and one-off commands.

    :returns: how many were tried.
    """
    queue: Queue = app.extensions["jobs"]
    count = 0
    while (call := queue.dequeue()) is not None:
        call.execute()
        count += 1
    return count


@dataclass(frozen=True)
class Backlog:
    """What waits in the queue."""

    waiting: int
    """Jobs in all, but for periodic ones whose turn has not come."""
    failing: int
    """Those that were tried more than once."""
    late: float
    """Seconds since the first of those due was due."""


def backlog() -> Backlog:
    """Return what waits in the queue."""
    now = clock.now()
    waits = Job.name.not_in(_periods) | (Job.due_at <= now) | (Job.attempts > 0)
    failing = sa.func.count().filter(Job.attempts > 1)
    found = sa.select(sa.func.count(), failing, sa.func.min(Job.due_at)).where(waits)
    count, failing_count, first = session.execute(found).one()
    return Backlog(count, failing_count, max(0.0, (now - (first or now)).total_seconds()))


def plan_periodic() -> None:
    """Give each periodic function its one row; the first run is at once."""
    for name, every in _periods.items():
        if (job := session.get(Job, name)) is None:
            session.add(Job(id=name, name=name, arguments=[], due_at=clock.now()))
        elif job.due_at > clock.now() + every:  # an upgrade made it more frequent
            job.due_at = clock.now() + every
    try:
        session.commit()
    except sa.exc.IntegrityError:  # another node planned them meanwhile
        session.rollback()


class Queue(Huey):  # type: ignore[misc]  # huey has no types
    """Huey on the table of jobs; of its storage nothing is left to do."""

    storage_class = BlackHoleStorage

    def __init__(self, app: Flask, bell: "Bell | None") -> None:
        super().__init__("discuss", results=False)
        self.app = app
        self.bell = bell
        self.ends_idle = False
        self.busy_at = 0.0  # monotonic seconds

    def dequeue(self) -> "Call | None":
        """Take the job that has been due longest, or nothing."""
        with self.app.app_context():
            job = take()
            session.commit()
        if job is None:
            return None
        self.busy_at = time.monotonic()
        return Call(self.app, job)


class Call(Task):  # type: ignore[misc]  # huey has no types
    """One attempt at a job, in an app context and a transaction of its own."""

    def __init__(self, app: Flask, job: Job) -> None:
        super().__init__(args=tuple(job.arguments), id=job.id)
        self.app = app
        self.job = job

    def execute(self) -> None:
        """Run it; what it did and the end of its row are one commit."""
        with self.app.app_context(), logs.about(job=self.job.id):
            try:
                _functions[self.job.name](*self.job.arguments)
                finish(self.job)
                metrics.count_committed(RUNS, "done")
                session.commit()
            except Exception as error:
                session.rollback()
                outcome = put_off(self.job, error)
                metrics.count_committed(RUNS, outcome)
                session.commit()


def take() -> Job | None:
    """Lease the job that has been due longest; two consumers never take the same."""
    now = clock.now()
    first = sa.select(Job.id).where(Job.due_at <= now).order_by(Job.due_at).limit(1)
    if session.scalar(first) is None:  # on SQLite a look costs no lock, an UPDATE would
        return None
    return session.scalar(
        sa.update(Job)
        .where(Job.id == first.with_for_update(skip_locked=True).scalar_subquery())
        .values(due_at=now + LEASE, attempts=Job.attempts + 1)
        .returning(Job)
        .execution_options(synchronize_session=False)
    )


def finish(job: Job) -> None:
    """Delete what is done; a periodic one waits for its next turn."""
    if every := _periods.get(job.id):
        _update(job, due_at=clock.now() + every, attempts=0)
    else:
        session.execute(sa.delete(Job).where(Job.id == job.id))


def put_off(job: Job, error: Exception) -> str:
    """Try again after a pause that doubles, until there is no point in it any more.

    :returns: what became of it: "failed" for now, or "given_up".
    """
    if job.attempts >= ATTEMPTS:
        log.error("gave up %s%s", job.name, tuple(job.arguments), exc_info=error)
        finish(job)
        return "given_up"
    pause = min(FIRST_PAUSE * 2**job.attempts, LONGEST_PAUSE)
    log.warning("%s%s again in %s", job.name, tuple(job.arguments), pause, exc_info=error)
    _update(job, due_at=clock.now() + pause)
    return "failed"


def _update(job: Job, **values: Any) -> None:
    session.execute(sa.update(Job).where(Job.id == job.id).values(**values))


def _name(function: Callable[..., object]) -> str:
    return f"{function.__module__}.{function.__qualname__}"


def _ring(bell: "Bell", session: Session) -> None:
    if session.info.pop("rings", False):
        bell.ring()


class _Worker(Worker):  # type: ignore[misc]  # huey has no types
    def sleep(self) -> None:
        """Wait for the bell where there is one, else for a growing while."""
        bell: Bell | None = self.huey.bell
        if self.huey.ends_idle and time.monotonic() > self.huey.busy_at + IDLE_AFTER:
            self.stop_flag.set()
        elif bell is not None and bell.wait(LOOK_EVERY):
            self.delay *= self.backoff
        else:
            super().sleep()


class _Consumer(Consumer):  # type: ignore[misc]  # huey has no types
    worker_class = _Worker

    def __init__(self, queue: Queue) -> None:
        super().__init__(
            queue,
            periodic=False,  # periodic jobs are rows as well
            max_delay=LOOK_EVERY,
            scheduler_interval=60,
            shutdown_timeout=2,  # seconds; a job cut off is taken again
            graceful_signal="TERM",
        )
        # At a hang-up huey would run this program's command line anew; it means end here.
        del self._signal_actions[signal.SIGHUP]
