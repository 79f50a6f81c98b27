"""Figures for moderators: how much was decided by whom, and how long it took."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median

import sqlalchemy as sa

from discuss.accounts.models import Account
from discuss.base import clock
from discuss.base.db import session
from discuss.comments.models import Comment, HeldComment
from discuss.moderation import scope
from discuss.moderation.models import Act, Decision, Report

DAYS = 7  # of decisions; a week shows its rhythm, and its columns fit the page
MOST = 20_000  # decisions that are looked at; a site with more knows its rhythm from these


@dataclass(frozen=True)
class Figures:
    """What was decided lately."""

    days: list[date]
    by_moderator: list[tuple[str, list[int]]]
    """Names with how much each decided, day by day, the busiest first."""
    held: timedelta | None
    """The median time that a held comment waited for its decision."""
    reported: timedelta | None
    """The same from a comment's first report."""


def of_last_days(moderator: Account) -> Figures:
    """Return the figures of the last week, of the letters that somebody moderates."""
    today = clock.now().date()
    days = [today - timedelta(days=ago) for ago in range(DAYS)]
    since = clock.now() - timedelta(days=DAYS)
    return Figures(
        days,
        _by_moderator(moderator, since, days),
        _median(_held_waits(moderator, since)),
        _median(_report_waits(moderator, since)),
    )


def _by_moderator(
    moderator: Account, since: datetime, days: list[date]
) -> list[tuple[str, list[int]]]:
    rows = session.execute(
        sa.select(Account.id, Account.name, Decision.at)
        .join(Decision, Decision.actor_id == Account.id)
        .where(Decision.at > since, scope.within(moderator, Decision.letter_id))
        .order_by(Decision.id.desc())
        .limit(MOST)
    )
    names: dict[int, str] = {}
    by_id: dict[int, Counter[date]] = {}
    for account_id, name, at in rows:
        names[account_id] = name
        by_id.setdefault(account_id, Counter())[at.date()] += 1
    found = [(names[one], [by_id[one][day] for day in days]) for one in by_id]
    return sorted(found, key=lambda row: -sum(row[1]))


def _held_waits(moderator: Account, since: datetime) -> list[timedelta]:
    """Return how long comments were held that were approved or refused."""
    written = sa.func.coalesce(HeldComment.posted_at, Comment.posted_at)
    rows = session.execute(
        sa.select(Decision.at, written)
        .select_from(Decision)
        .outerjoin(HeldComment, HeldComment.id == Decision.held_id)
        .outerjoin(
            Comment,
            sa.and_(Comment.letter_id == Decision.letter_id, Comment.number == Decision.number),
        )
        .where(
            Decision.at > since,
            Decision.act.in_((Act.APPROVED, Act.REFUSED)),
            scope.within(moderator, Decision.letter_id),
        )
        .order_by(Decision.id.desc())
        .limit(MOST)
    )
    return [decided - began for decided, began in rows if began is not None]


def _report_waits(moderator: Account, since: datetime) -> list[timedelta]:
    """Return how long the first report of what was decided waited."""
    rows = session.execute(
        sa.select(Decision.at, sa.func.min(Report.at))
        .join(Report, Report.decision_id == Decision.id)
        .where(Decision.at > since, scope.within(moderator, Decision.letter_id))
        .group_by(Decision.id, Decision.at)
        .order_by(Decision.id.desc())
        .limit(MOST)
    )
    return [decided - began for decided, began in rows]


def _median(waits: list[timedelta]) -> timedelta | None:
    return timedelta(seconds=median(one.total_seconds() for one in waits)) if waits else None
