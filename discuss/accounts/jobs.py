"""What accounts sweep now and then; each call is an action's, made in the background."""

from datetime import timedelta

import sqlalchemy as sa

from discuss.accounts import leaving, links
from discuss.accounts.models import SignIn
from discuss.base import clock, jobs
from discuss.base.db import session
from discuss.base.security import DAYS_SIGNED_IN


@jobs.periodic(every=timedelta(hours=1))
def forget_what_is_over() -> None:
    """Delete links past their hour, and sessions that nobody has used for a month."""
    links.forget_old()
    unused = clock.now() - timedelta(days=DAYS_SIGNED_IN)
    session.execute(sa.delete(SignIn).where(SignIn.seen_at < unused))


@jobs.periodic(every=timedelta(minutes=10))
def let_due_ones_go() -> None:
    """Queue the accounts whose 14 days are over, each on its own: it may tick many letters."""
    for leaving_id in leaving.due():
        jobs.enqueue(let_go, leaving_id)


@jobs.task
def let_go(leaving_id: int) -> None:
    """Delete one of them."""
    leaving.go(leaving_id)
