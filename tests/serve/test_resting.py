"""The process that waits for jobs: it looks at the table as the driver gives it."""

from datetime import timedelta

from discuss.base import jobs
from discuss.base.db import db, session
from discuss.serve import resting


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
