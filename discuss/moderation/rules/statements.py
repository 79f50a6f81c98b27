"""What is asked of the database about a comment and its author, up to the moment of the comment."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from discuss.comments.models import Comment, HeldComment, State
from discuss.letters.models import Letter
from discuss.moderation.models import Act, Decision, Report

MOST_TWINS = 100  # earlier comments that a new one is compared with
MOST_STOOD = 1_000  # comments of one account that are counted; more is trusted by any rule
_AT: sa.BindParameter[Any] = sa.bindparam("at")
_SINCE: sa.BindParameter[Any] = sa.bindparam("since")
_INTEGER = {
    name: sa.bindparam(name, type_=sa.Integer)
    for name in ("most", "shortest", "longest", "letter", "number", "account")
}


def _written(table: Any) -> sa.Select[Any]:
    latest = (
        sa.select(table.posted_at.label("at"))
        .where(
            table.account_id == _INTEGER["account"], table.posted_at > _SINCE, table.posted_at < _AT
        )
        .order_by(table.posted_at.desc())
        .limit(_INTEGER["most"])
        .subquery()
    )
    return sa.select(latest.c.at)  # a part of a UNION has no order of its own on SQLite


def _twins(table: Any, number: Any, *conditions: Any) -> sa.Select[Any]:
    length = sa.func.length(table.source)
    recent = (
        sa.select(
            table.letter_id, number.label("number"), table.source, table.posted_at.label("at")
        )
        .where(
            table.posted_at > _SINCE,
            table.posted_at < _AT,
            length.between(_INTEGER["shortest"], _INTEGER["longest"]),
            *conditions,
        )
        .order_by(table.posted_at.desc())
        .limit(MOST_TWINS)
        .subquery()
    )
    return sa.select(recent)


def _all_twins() -> sa.Select[Any]:
    itself = sa.and_(Comment.letter_id == _INTEGER["letter"], Comment.number == _INTEGER["number"])
    both = sa.union_all(
        _twins(Comment, Comment.number, Comment.state == State.VISIBLE, sa.not_(itself)),
        _twins(HeldComment, sa.cast(sa.null(), sa.Integer)),
    ).subquery()
    return (
        sa.select(both.c.source, both.c.number, Letter.slug)
        .join(Letter, Letter.id == both.c.letter_id)
        .order_by(both.c.at.desc())
        .limit(MOST_TWINS)
    )


def _stood() -> sa.Select[Any]:
    standing = (
        sa.select(Comment.posted_at.label("at"))
        .where(
            Comment.account_id == _INTEGER["account"],
            Comment.state == State.VISIBLE,
            Comment.posted_at < _AT,
        )
        .limit(MOST_STOOD)
        .subquery()
    )
    for_long = sa.func.sum(sa.case((standing.c.at < sa.bindparam("day"), 1), else_=0))
    return sa.select(
        sa.func.count().label("now"), sa.func.coalesce(for_long, 0).label("for_long")
    ).select_from(standing)


def _removed() -> sa.Select[Any]:
    undoing = orm.aliased(Decision, name="undoing")
    return (
        sa.select(Decision.id)
        .where(
            Decision.subject_id == _INTEGER["account"],
            Decision.act.in_((Act.REMOVED, Act.REFUSED)),
            Decision.at > _SINCE,
            Decision.at < _AT,
            ~sa.exists().where(undoing.undoes_id == Decision.id),
        )
        .limit(1)
    )


def _reporters() -> sa.Select[Any]:
    return sa.select(sa.func.count(Report.id)).where(
        Report.letter_id == _INTEGER["letter"], Report.number == _INTEGER["number"]
    )


# Built once: building a statement takes as long as running it.
STOOD = _stood()
REMOVED = _removed()
WRITTEN = sa.union_all(_written(Comment), _written(HeldComment))
TWINS = _all_twins()
REPORTERS = _reporters()
OPEN_REPORTERS = _reporters().where(Report.decision_id.is_(None))
