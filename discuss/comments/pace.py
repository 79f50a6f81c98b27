"""How fast one account may write, counted in the database: right in every worker and node."""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from discuss.accounts.models import Account
from discuss.base import clock
from discuss.base.config import settings
from discuss.base.db import connection
from discuss.base.errors import TooFast
from discuss.comments.models import Comment, HeldComment

PACES = (
    (timedelta(minutes=1), 20),  # a quick exchange among a few people; more is a machine
    (timedelta(hours=1), 120),  # a long evening's argument
)
LONGEST = max(window for window, _most in PACES)
MOST = max(most for _window, most in PACES)


def refuse_if_too_fast(author: Account) -> None:
    """Refuse a comment of an account that wrote too many just now.

    :raises TooFast: with the seconds until the oldest of them is old enough.
    """
    if not settings().pace or author.moderates_site:
        return
    now = clock.now()
    asked = {"account": author.id, "since": now - LONGEST}
    times = sorted(connection().scalars(_LATEST, asked), reverse=True)
    for window, most in PACES:
        if len(times) >= most and (oldest := times[most - 1]) > now - window:
            raise TooFast(retry_after=max(1, int((oldest + window - now).total_seconds()) + 1))


def _latest_of(table: type[Comment | HeldComment]) -> sa.Select[Any]:
    latest = (
        sa.select(table.posted_at)
        .where(table.account_id == sa.bindparam("account"), table.posted_at > sa.bindparam("since"))
        .order_by(table.posted_at.desc())
        .limit(MOST)
        .subquery()
    )
    return sa.select(latest.c.posted_at)  # a part of a UNION has no order of its own on SQLite


_LATEST = sa.union_all(_latest_of(Comment), _latest_of(HeldComment))
