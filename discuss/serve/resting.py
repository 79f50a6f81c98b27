"""The consumer of jobs as the service runs it: there is none while no job is due.

Who has run jobs has copies of its own, some 20 MB, of pages that it shared with the parent. So each
rush of them gets a process, which ends a few seconds after the last; who waits for the next one
only looks at the table, and shares nearly all.
"""

import logging
import os
import signal
import sys
from contextlib import closing
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import Flask

from discuss.base import clock, jobs, metrics
from discuss.base.db import UTC, db
from discuss.serve.forerunners import signal_all
from discuss.serve.forking import fork, signals_held_back
from discuss.serve.selfpipe import SelfPipe

log = logging.getLogger("discuss.jobs")

CONSUMER = "consumer"  # its row in the table of figures

LOOK = str(sa.select(sa.func.min(jobs.Job.due_at)))  # for the driver: SQLAlchemy's way copies 10 MB


def work(app: Flask) -> None:
    """Have jobs run until SIGTERM; call it from the main thread.

    :raises SystemExit: a consumer broke.
    """
    Watcher(app).run()


class Watcher:
    """Waits for jobs, and starts who runs them."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        with app.app_context():
            self._engine = db.engine
        self._signals = SelfPipe()
        self._ends = False
        self._consumer = 0
        self._reads = True

    def run(self) -> None:
        """Watch until SIGTERM; what is due by then is left to the next."""
        signal.signal(signal.SIGTERM, self._end)
        self._consume()  # the first also plans what is periodic
        while not self._ends:
            if self._is_due():
                self._consume()
            else:
                self._wait()

    def _end(self, *_: object) -> None:
        self._ends = True
        signal_all(signal.SIGTERM, [self._consumer] if self._consumer else [])

    def _is_due(self) -> bool:
        """Whether a job waits to be run; not while the database does not answer."""
        try:
            found = is_due(self._engine)
        except (sa.exc.SQLAlchemyError, self._engine.dialect.loaded_dbapi.Error):
            if self._reads:
                log.exception("the queue cannot be read")
            self._reads = False
            return False
        self._reads = True
        return found

    def _wait(self) -> None:
        bell = self._app.extensions["jobs"].bell
        if bell is None or not bell.wait(jobs.LOOK_EVERY):
            self._signals.wait(jobs.LOOK_EVERY)

    def _consume(self) -> None:
        """Run jobs in a process of their own until none has been due for some seconds."""
        self._engine.dispose()  # a connection bears no fork
        with signals_held_back():
            if self._ends:  # SIGTERM came while we looked
                return
            self._consumer = fork("the consumer of jobs", self._run_jobs)
        _, status = os.waitpid(self._consumer, 0)
        self._consumer = 0
        if status and not self._ends:
            sys.exit(1)  # whoever started us tells, and starts us again

    def _run_jobs(self) -> None:
        self._signals.close()
        metrics.of(self._app).enter(CONSUMER)
        jobs.work(self._app, until_idle=True)


def is_due(engine: sa.Engine) -> bool:
    """Whether a job waits to be run.

    :param engine: of the site's database.
    :raises sa.exc.SQLAlchemyError: or the driver's own error: the database does not answer.
    """
    with closing(engine.raw_connection()) as connection:
        cursor = connection.cursor()
        cursor.execute(LOOK)
        first = _moment(cursor.fetchone(), engine.dialect)
    return first is not None and first <= clock.now()


def _moment(row: Any, dialect: sa.Dialect) -> datetime | None:
    (found,) = row
    if isinstance(found, str):  # SQLite has no times
        found = datetime.fromisoformat(found)
    return UTC().process_result_value(found, dialect)
