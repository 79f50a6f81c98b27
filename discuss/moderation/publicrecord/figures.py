"""The public record's figures by month: counted in the background, so no reader waits."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from discuss.base import clock, jobs, pagecache
from discuss.base.db import Base, session
from discuss.comments.models import Comment, HeldComment
from discuss.moderation.models import Act, Decision, Report
from discuss.moderation.redress.models import Appeal

MONTHS_SHOWN = 12
MOST = 0.9  # the part of all decisions that "most" means


class Month(Base):
    """What happened in a month, as far as it was over when it was counted last."""

    __tablename__ = "record_months"

    month: Mapped[date] = mapped_column(primary_key=True)
    comments: Mapped[int]
    removals: Mapped[dict[str, int]] = mapped_column(sa.JSON)
    """How many there were, by the reason."""
    decided: Mapped[int]
    """How many waiting things were decided about."""
    half_within: Mapped[int]
    """Seconds in which half of them were, and those in which nine of ten were."""
    most_within: Mapped[int]
    upheld: Mapped[int]
    rejected: Mapped[int]


def months() -> list[Month]:
    """Return the last twelve months, the oldest first; none before the first count."""
    wanted = sa.select(Month).order_by(Month.month.desc()).limit(MONTHS_SHOWN)
    return list(reversed(session.scalars(wanted).all()))


@jobs.periodic(every=timedelta(hours=1))
def count_months() -> None:
    """Count the months that are shown anew: what was imported or erased changes old ones too."""
    before = {one.month: _figures(one) for one in session.scalars(sa.select(Month))}
    last = clock.now().date().replace(day=1)
    after = {month: counted(month) for month in _back_from(last)}
    for month, figures in after.items():
        session.merge(Month(month=month, **figures))
    session.flush()
    if any(before.get(month) != figures for month, figures in after.items()):
        pagecache.tick("record")


def counted(month: date) -> dict[str, Any]:
    """Return the figures of one month, each by an index over its days."""
    begin = datetime(month.year, month.month, 1, tzinfo=UTC)
    span = (begin, datetime(*_next(month).timetuple()[:3], tzinfo=UTC))
    acts = _acts(span)
    waits = sorted(_waits(span))
    removals: dict[str, int] = {}
    for act, reason, count in acts:
        if act in {Act.REMOVED, Act.REFUSED}:
            removals[reason.value] = removals.get(reason.value, 0) + count
    return {
        "comments": _comments(span),
        "removals": removals,
        "decided": len(waits),
        "half_within": _within(waits, 0.5),
        "most_within": _within(waits, MOST),
        "upheld": sum(count for act, _, count in acts if act is Act.APPEAL_UPHELD),
        "rejected": sum(count for act, _, count in acts if act is Act.APPEAL_REJECTED),
    }


Span = tuple[datetime, datetime]


def _comments(span: Span) -> int:
    wanted = sa.select(sa.func.count()).select_from(Comment)
    return session.scalar(wanted.where(*_in(Comment.posted_at, span), Comment.number > 0)) or 0


def _acts(span: Span) -> list[Any]:
    wanted = sa.select(Decision.act, Decision.reason, sa.func.count())
    rows = session.execute(
        wanted.where(*_in(Decision.at, span)).group_by(Decision.act, Decision.reason)
    )
    return list(rows)


def _waits(span: Span) -> Iterable[int]:
    """Give how many seconds each thing waited that was decided about in these days."""
    reported = sa.select(Report.at, Decision.at).join(Decision, Decision.id == Report.decision_id)
    approved = sa.select(Comment.posted_at, Decision.at).join(
        Comment,
        sa.and_(Comment.letter_id == Decision.letter_id, Comment.number == Decision.number),
    )
    refused = sa.select(HeldComment.posted_at, Decision.at).join(
        HeldComment, HeldComment.id == Decision.held_id
    )
    appealed = sa.select(Appeal.at, Decision.at).join(Decision, Decision.id == Appeal.answer_id)
    for wanted in (
        reported,
        appealed,
        approved.where(Decision.act == Act.APPROVED),
        refused.where(Decision.act == Act.REFUSED),
    ):
        for since, at in session.execute(wanted.where(*_in(Decision.at, span))):
            yield max(0, int((at - since).total_seconds()))


def _in(column: Any, span: Span) -> tuple[sa.ColumnElement[bool], ...]:
    return column >= span[0], column < span[1]


def _within(waits: list[int], part: float) -> int:
    return waits[min(len(waits) - 1, int(len(waits) * part))] if waits else 0


def _back_from(month: date) -> list[date]:
    found = [month]
    while len(found) < MONTHS_SHOWN:
        found.append((found[-1] - timedelta(days=1)).replace(day=1))
    return found


def _next(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)


def _figures(month: Month) -> dict[str, Any]:
    columns = Month.__table__.columns.keys()
    return {name: getattr(month, name) for name in columns if name != "month"}
