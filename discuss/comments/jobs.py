"""What threads sweep now and then; each call is an action's, made in the background."""

from datetime import timedelta

import sqlalchemy as sa

from discuss.base import clock, jobs
from discuss.base.db import session
from discuss.comments import drafts, submissions
from discuss.comments.models import SealedWords


@jobs.periodic(every=timedelta(hours=1))
def forget_what_is_over() -> None:
    """Delete drafts and submissions of yesterday, and sealed words whose time is over."""
    drafts.forget_old()
    submissions.forget_old()
    session.execute(sa.delete(SealedWords).where(SealedWords.until < clock.now()))
