"""How fast one account may write, counted in the database: right in every worker and node."""

from datetime import timedelta

import sqlalchemy as sa

from discuss.accounts.models import Account
from discuss.base import clock
from discuss.base.config import settings
from discuss.base.db import session
from discuss.base.errors import TooFast
from discuss.comments.models import Comment, HeldComment

PACES = (
    (timedelta(minutes=1), 20),  # a quick exchange among a few people; more is a machine
    (timedelta(hours=1), 120),  # a long evening's argument
)


def refuse_if_too_fast(author: Account) -> None:
    """Refuse a comment of an account that wrote too many just now.

    :raises TooFast: with the seconds until the oldest of them is old enough.
    """
    if not settings().pace or author.is_moderator:
        return
    now = clock.now()
    for window, most in PACES:
        times = [
            time
            for table in (Comment, HeldComment)
            for time in session.scalars(
                sa.select(table.posted_at)
                .where(table.account_id == author.id, table.posted_at > now - window)
                .order_by(table.posted_at.desc())
                .limit(most)
            )
        ]
        if len(times) >= most:
            oldest = sorted(times, reverse=True)[most - 1]
            raise TooFast(retry_after=max(1, int((oldest + window - now).total_seconds()) + 1))
