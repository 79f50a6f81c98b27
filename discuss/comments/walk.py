"""One page of a thread from one recursive statement, breadth first, so that no cut makes an orphan.

The letter's page, "Continue this thread", more replies and a permalink are all this walk, begun at
another comment. It costs the same in a thread of ten and of a million: every step is a range of an
index. docs/decisions/0003-threads.md has the measurements.
"""

import functools
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from discuss.accounts.models import Account
from discuss.base.db import is_sqlite, session
from discuss.base.errors import NotFound
from discuss.comments.models import Comment, State

PAGE_SIZE = 100  # comments on a page; some twenty screens on a phone
WIDTH = 50  # of them at the top level, so that half a page is left for what was answered
REPLIES_AT_ONCE = 8  # of one comment, before others get their turn
LEVELS_SHOWN = 9  # deeper replies are slivers on a phone; "Continue this thread" goes on
END = 2**31 - 1
_CHILD = orm.aliased(Comment, name="child")


class Sort(StrEnum):
    """The orders a thread can be read in."""

    BEST = "best"
    NEWEST = "newest"
    OLDEST = "oldest"


_ORDERS: dict[Sort, Callable[[Any], tuple[int, ...]]] = {
    Sort.BEST: lambda row: (-row.score, -row.number),
    Sort.NEWEST: lambda row: (-row.number,),
    Sort.OLDEST: lambda row: (row.number,),
}


@dataclass(frozen=True)
class Cursor:
    """A place among the replies of one comment, in one order: what follows it comes next."""

    sort: Sort
    number: int
    score: int = 0

    def __str__(self) -> str:
        score = f"{self.score}." if self.sort is Sort.BEST else ""
        return f"{self.sort.value[0]}{score}{self.number}"

    @classmethod
    def parse(cls, sort: Sort, word: str | None) -> "Cursor | None":
        """Read what `str()` wrote.

        :raises NotFound: it is no cursor of this order.
        """
        if not word:
            return None
        found = re.fullmatch(r"([bno])(?:(-?[0-9]{1,10})\.)?([0-9]{1,10})", word)
        if found is None or found[1] != sort.value[0] or (found[2] is None) == (sort is Sort.BEST):
            raise NotFound
        cursor = cls(sort, int(found[3]), int(found[2] or 0))
        if cursor.number > END or abs(cursor.score) > END:
            raise NotFound
        return cursor

    @classmethod
    def of(cls, sort: Sort, row: Any) -> "Cursor":
        """Return the place of a comment."""
        return cls(sort, row.number, row.score if sort is Sort.BEST else 0)

    @classmethod
    def start(cls, sort: Sort) -> "Cursor":
        """Return the place before the first reply."""
        return cls(sort, 0) if sort is Sort.OLDEST else cls(sort, END, END)


COLUMNS: tuple[Any, ...] = (
    Comment.number,
    Comment.parent,
    Comment.changed,
    Comment.reply_count,
    Comment.gone_count,
    Comment.score,
    Comment.account_id,
    sa.func.coalesce(Account.name, Comment.author_name).label("name"),
    Account.role,
    Comment.posted_at,
    Comment.edited_at,
    Comment.redacted_at,
    Comment.state,
    Comment.removed_for,
    Comment.html,
    Comment.passage,
    Comment.quote,
)


def walk(
    letter_id: int,
    top: int = 0,
    sort: Sort = Sort.BEST,
    after: Cursor | None = None,
    *,
    limit: int = PAGE_SIZE,
    levels: int = LEVELS_SHOWN,
) -> list[Any]:
    """Return one page of what stands under a comment, with each row's level.

    :param letter_id: whose thread.
    :param top: the comment whose replies are wanted; 0 is the letter.
    :param sort: the order, at every level.
    :param after: where the page before ended.
    :param limit: most rows.
    :param levels: how deep below `top`.
    :returns: rows with the attributes of `COLUMNS`, `level` (1 for the replies of `top`) and
        `source`; a parent always comes with its reply, the order is the caller's to make.
    """
    values = {
        "letter": letter_id,
        "top": top,
        "width": min(WIDTH, limit),
        "replies": REPLIES_AT_ONCE,
        "levels": levels,
        "limit": limit,
    }
    if after is not None:
        values |= {"number": after.number, "score": after.score}
    statement = _statement(sort, after is not None, is_sqlite())
    rows = list(session.execute(statement, values))
    return _whole_groups(rows, top) if len(rows) == limit else rows


def order(sort: Sort) -> Callable[[Any], tuple[int, ...]]:
    """Return the key that puts rows of one level into their order, as the statement does."""
    return _ORDERS[sort]


def drawn(table: Any) -> sa.ColumnElement[bool]:
    """Return the condition that a row is shown: all but the deleted with nothing under them."""
    return sa.or_(table.state != State.DELETED, table.reply_count > table.gone_count)


def _whole_groups(rows: list[Any], top: int) -> list[Any]:
    """Leave out the one group of siblings that the cut went through.

    SQLite hands the replies of a comment over in the order of their numbers whatever the sort, so
    a part of them need not be the first part, and the cursor behind it would skip the rest.
    """
    shown = Counter(row.parent for row in rows)
    cut = {
        row.number
        for row in rows
        if 0 < shown[row.number] < min(REPLIES_AT_ONCE, row.reply_count - row.gone_count)
    }
    return [row for row in rows if row.parent == top or row.parent not in cut]


@functools.cache  # building it costs four times what running it does
def _statement(sort: Sort, goes_on: bool, sqlite: bool) -> sa.Select[Any]:
    letter: sa.BindParameter[int] = sa.bindparam("letter", type_=sa.Integer)
    roots = _children(sort, sa.bindparam("top", type_=sa.Integer))
    if goes_on:
        roots = roots.where(_beyond(sort))
    first = roots.limit(sa.bindparam("width", type_=sa.Integer)).subquery("roots")
    page = sa.select(first.c.number, sa.literal(1).label("level")).cte("page", recursive=True)
    replies = _children(sort, page.c.number).limit(sa.bindparam("replies", type_=sa.Integer))
    deeper = page.c.level < sa.bindparam("levels", type_=sa.Integer)
    if sqlite:
        reply = orm.aliased(Comment, name="reply")
        step = (
            sa.select(reply.number, page.c.level + 1)
            .select_from(page)
            .join(
                reply,
                sa.and_(
                    reply.letter_id == letter,
                    reply.number.in_(replies.correlate(page).scalar_subquery()),
                ),
            )
            .where(deeper)
        )
    else:
        beneath = replies.correlate(page).lateral("beneath")
        step = (
            sa.select(beneath.c.number, page.c.level + 1)
            .select_from(page)
            .join(beneath, sa.true())
            .where(deeper)
        )
    page = page.union_all(step)
    cut = (
        sa.select(page.c.number, page.c.level)
        .limit(sa.bindparam("limit", type_=sa.Integer))
        .subquery("cut")
    )
    return (
        sa.select(*COLUMNS, Comment.source, cut.c.level)
        .select_from(cut)
        .join(Comment, sa.and_(Comment.letter_id == letter, Comment.number == cut.c.number))
        .outerjoin(Account, Account.id == Comment.account_id)
    )


def _children(sort: Sort, parent: Any) -> sa.Select[Any]:
    child = _CHILD
    order = {
        Sort.BEST: (child.score.desc(), child.number.desc()),
        Sort.NEWEST: (child.number.desc(),),
        Sort.OLDEST: (child.number.asc(),),
    }
    return (
        sa.select(child.number)
        .where(
            child.letter_id == sa.bindparam("letter", type_=sa.Integer),
            child.parent == parent,
            drawn(child),
        )
        .order_by(*order[sort])
    )


def _beyond(sort: Sort) -> sa.ColumnElement[bool]:
    child = _CHILD
    number: sa.BindParameter[int] = sa.bindparam("number", type_=sa.Integer)
    if sort is Sort.OLDEST:
        return child.number > number
    if sort is Sort.NEWEST:
        return child.number < number
    score: sa.BindParameter[int] = sa.bindparam("score", type_=sa.Integer)
    return sa.tuple_(child.score, child.number) < sa.tuple_(score, number)
