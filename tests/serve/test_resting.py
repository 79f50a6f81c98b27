"""The process that waits for jobs: it looks at the table as the driver gives it."""

import os
import signal
from datetime import timedelta

import pytest

from discuss.base import jobs
from discuss.base.db import db, session
from discuss.serve import resting
from discuss.serve.forking import fork


@pytest.fixture
def watcher(app):
    handler, wakeup = signal.getsignal(signal.SIGTERM), signal.set_wakeup_fd(-1)
    watcher = resting.Watcher(app)
    yield watcher
    watcher._signals.close()
    signal.set_wakeup_fd(wakeup)
    signal.signal(signal.SIGTERM, handler)


@jobs.task
def yawn():
    """Do nothing."""


def test_a_job_is_due_when_its_time_has_come(app):
    jobs.run_due(app)
    at_first = resting.is_due(db.engine)
    jobs.enqueue(yawn, after=timedelta(minutes=1))
    session.commit()
    too_early = resting.is_due(db.engine)
    jobs.enqueue(yawn)
    session.commit()

    assert (at_first, too_early, resting.is_due(db.engine)) == (False, False, True)


def test_who_was_asked_to_end_while_it_looked_starts_nobody(watcher, monkeypatch):
    started = []

    def start(name, _):
        started.append(name)
        return fork(name, lambda: None)

    monkeypatch.setattr(resting, "fork", start)
    monkeypatch.setattr(resting, "is_due", lambda _: os.kill(os.getpid(), signal.SIGTERM) or True)

    watcher.run()

    assert len(started) == 1  # the first, of before it looked
    assert signal.SIGTERM not in signal.pthread_sigmask(signal.SIG_BLOCK, [])
