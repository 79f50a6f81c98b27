"""Background jobs: as durable as what caused them, tried again, never run by two at once."""

import json
import os
import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine

from discuss import create_app
from discuss.base import jobs
from discuss.base.db import session
from discuss.base.pagecache import Clock, tick
from tests.plumbing.databases import dispose, settings_for
from tests.plumbing.services import REPO_ROOT, started, wait_until

NOON = datetime(2025, 11, 22, 12, tzinfo=UTC)


@jobs.task
def tick_clock(name):
    tick(name)


@jobs.task
def tick_and_fail(name):
    tick(name)
    raise ValueError("the mail server is away")


@jobs.periodic(timedelta(minutes=10))
def sweep():
    tick("swept")


def ticks(name):
    session.expire_all()
    return session.scalar(sa.select(Clock.value).where(Clock.name == name)) or 0


def test_a_job_runs_once_its_cause_is_committed(app):
    jobs.enqueue(tick_clock, "said")
    ran_before = jobs.run_due(app)
    session.commit()

    ran = [jobs.run_due(app), jobs.run_due(app)]

    assert (ran_before, ran, ticks("said")) == (0, [1, 0], 1)
    assert session.scalars(sa.select(jobs.Job)).all() == []


def test_a_job_goes_with_its_cause_when_that_is_rolled_back(app):
    jobs.enqueue(tick_clock, "said")
    session.rollback()

    assert jobs.run_due(app) == 0


def test_only_a_task_can_be_queued(app):
    with pytest.raises(LookupError, match="is no task"):
        jobs.enqueue(len, "said")


def test_a_job_can_wait(app):
    with time_machine.travel(NOON, tick=False) as watch:
        jobs.enqueue(tick_clock, "later", after=timedelta(hours=1))
        session.commit()
        ran_early = jobs.run_due(app)
        watch.shift(3600)

        assert (ran_early, jobs.run_due(app)) == (0, 1)


def test_a_job_that_fails_leaves_nothing_and_comes_back_after_growing_pauses(app):
    with time_machine.travel(NOON, tick=False) as watch:
        jobs.enqueue(tick_and_fail, "half")
        session.commit()
        pauses = []
        for _ in range(3):
            jobs.run_due(app)
            due_at = session.scalars(sa.select(jobs.Job.due_at)).one()
            pauses.append((due_at - datetime.now(UTC)).seconds)
            watch.move_to(due_at)

    assert (pauses, ticks("half")) == ([30, 60, 120], 0)


def test_a_job_that_never_works_is_given_up_and_written_down(app, caplog):
    with time_machine.travel(NOON, tick=False) as watch:
        jobs.enqueue(tick_and_fail, "hopeless")
        session.commit()
        for _ in range(jobs.ATTEMPTS):
            jobs.run_due(app)
            watch.shift(jobs.LONGEST_PAUSE)

        left = session.scalar(sa.select(sa.func.count()).select_from(jobs.Job))

    assert left == 0
    assert "gave up tests.base.test_jobs.tick_and_fail('hopeless',)" in caplog.text


def test_a_job_whose_consumer_died_is_taken_again_when_its_lease_is_over(app):
    with time_machine.travel(NOON, tick=False) as watch:
        jobs.enqueue(tick_clock, "survives")
        session.commit()
        app.extensions["jobs"].dequeue()  # and dies before it runs
        ran_at_once = jobs.run_due(app)
        watch.shift(jobs.LEASE)

        ran = jobs.run_due(app)

    assert (ran_at_once, ran, ticks("survives")) == (0, 1, 1)


def test_a_job_of_another_release_waits_instead_of_stopping_the_rest(app):
    session.add(jobs.Job(id="x", name="discuss.gone", arguments=[], due_at=NOON))
    jobs.enqueue(tick_clock, "rest")
    session.commit()

    assert (jobs.run_due(app), ticks("rest")) == (2, 1)


def test_consumers_side_by_side_never_take_the_same_job(app):
    for number in range(40):
        jobs.enqueue(tick_clock, f"n{number}")
    session.commit()
    taken = []

    def take_all():
        while (call := app.extensions["jobs"].dequeue()) is not None:
            taken.append(call.id)

    consumers = [threading.Thread(target=take_all) for _ in range(4)]
    for consumer in consumers:
        consumer.start()
    for consumer in consumers:
        consumer.join()

    assert (len(taken), len(set(taken))) == (40, 40)


def test_a_periodic_job_has_one_row_and_runs_again_and_again(app):
    with time_machine.travel(NOON, tick=False) as watch:
        jobs.plan_periodic()
        jobs.plan_periodic()  # another node
        jobs.run_due(app)
        ran_too_early = jobs.run_due(app)
        first = ticks("swept")
        watch.shift(600)
        jobs.run_due(app)

        assert (first, ran_too_early, ticks("swept")) == (1, 0, 2)


def test_a_periodic_job_that_becomes_more_frequent_does_not_wait_for_its_old_turn(app):
    with time_machine.travel(NOON, tick=False):
        jobs.plan_periodic()
        row = session.get(jobs.Job, "tests.base.test_jobs.sweep")
        row.due_at = NOON + timedelta(days=1)
        session.commit()

        jobs.plan_periodic()

        assert row.due_at == NOON + timedelta(minutes=10)


def test_redis_wakes_the_consumer_when_the_job_is_committed(database, redis_url):
    app = create_app(settings_for(database, redis_url=redis_url))
    bell = app.extensions["jobs"].bell
    with app.app_context():
        jobs.enqueue(tick_clock, "woken")
        rung_before = bell._ringer.llen(bell._key)
        session.commit()

        assert (rung_before, bell._ringer.llen(bell._key), bell.wait(5)) == (0, 1, True)
    dispose(app)


def test_a_redis_that_is_away_costs_no_job(database):
    app = create_app(settings_for(database, redis_url="redis://127.0.0.1:1/0"))
    with app.app_context():
        jobs.enqueue(tick_clock, "anyway")
        session.commit()

        assert (jobs.run_due(app), ticks("anyway")) == (1, 1)
        assert not app.extensions["jobs"].bell.wait(5)
    dispose(app)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_worker_command_runs_jobs_and_stops_when_asked(app, database, number):
    jobs.enqueue(tick_clock, "by the worker")
    session.commit()
    # The command imports this module first, as a package of ours would have been imported.
    run = "import sys, tests.base.test_jobs; from flask.cli import main; sys.exit(main())"
    settings = {
        "DISCUSS_DATABASE_URL": database.url,
        "DISCUSS_DATA_DIR": str(database.data_dir),
        "DISCUSS_DEMO": "off",
    }

    command = [sys.executable, "-c", run, "--app", "wsgi", "worker"]
    with started(
        command, env=os.environ | settings, cwd=REPO_ROOT, stdout=subprocess.PIPE
    ) as process:
        wait_until(lambda: ticks("by the worker"), "the job")
        process.send_signal(number)
        said, _ = process.communicate(timeout=60)

    assert (process.returncode, said) == (0, "")


def test_arguments_are_stored_as_readable_json(app):
    jobs.enqueue(tick_clock, "plain")
    session.commit()

    stored = session.execute(sa.text("SELECT arguments FROM jobs")).scalar_one()

    assert (json.loads(stored) if isinstance(stored, str) else stored) == ["plain"]
