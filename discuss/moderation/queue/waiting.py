"""The pages of the queue: what is held, what is reported, and everything.

Each page walks along an index from where the one before ended, and looks no further than it needs:
with 100,000 waiting it costs what it costs with a hundred. What no index finds (words, reasons) is
looked for in a stretch of the walk, and the page says where the next stretch begins.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from discuss.accounts.models import Account
from discuss.base import db
from discuss.base.db import LARGEST_NUMBER, is_sqlite, session
from discuss.base.errors import NotFound
from discuss.comments.models import Comment, HeldComment, Reason, State
from discuss.letters.models import Letter
from discuss.letters.models import State as LetterState
from discuss.moderation import queries, scope
from discuss.moderation.models import Report
from discuss.moderation.queue.filters import Filters
from discuss.moderation.queue.items import Item, Name, load

PAGE_SIZE = 30  # items; what a moderator decides in a quarter of an hour
STRETCH = 20_000  # comments that are searched for one page; a tenth of a second
WHYS_READ = 500  # of the longest held, whose explanations are offered to narrow by
WHYS_OFFERED = 20

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FAR = (datetime.max.replace(tzinfo=UTC) - _EPOCH) // timedelta(microseconds=1)


@dataclass(frozen=True)
class PageOfItems:
    """Some of the queue, and where the rest begins."""

    items: list[Item]
    next: str | None
    is_stretch: bool = False
    """Fewer than a page, for no more were found as far as was looked."""


@dataclass(frozen=True)
class Walk:
    """The way along a tab: an ordered statement, and what of it is not found by an index."""

    statement: sa.Select[Any]
    place: tuple[Any, ...]
    """The columns that it is ordered by; a page begins after their values."""
    name: Callable[[Any], Name]
    newest_first: bool = False
    sought: Callable[[Any], list[sa.ColumnElement[bool]]] = lambda _row: []


def page(filters: Filters, after: str | None, viewer: Account) -> PageOfItems:
    """Return a page of the queue, what has waited longest first; of everything, the newest first.

    :param filters: which tab of it, and what it is narrowed to.
    :param after: where the page before ended, as it said itself.
    :param viewer: the moderator who reads it.
    :raises NotFound: no page ended at `after`.
    """
    walk = _WALKS[filters.tab](filters)
    statement = walk.statement
    if after:
        values = _places(after, len(walk.place))
        behind, here = sa.tuple_(*walk.place), sa.tuple_(*values)
        statement = statement.where(behind < here if walk.newest_first else behind > here)
    statement = statement.order_by(*_order(walk.place, walk.newest_first))
    stretch = statement.limit(STRETCH).subquery("stretch")
    places = [stretch.c[column.key] for column in walk.place]
    sought = walk.sought(stretch.c)
    if sought:
        statement = sa.select(stretch).where(*sought)
        statement = statement.order_by(*_order(places, walk.newest_first))
    found = session.execute(statement.limit(PAGE_SIZE + 1)).all()
    items = load([walk.name(row) for row in found[:PAGE_SIZE]], viewer)
    if len(found) > PAGE_SIZE:
        return PageOfItems(items, _written(walk, found[PAGE_SIZE - 1]))
    if not sought:
        return PageOfItems(items, None)
    end = session.execute(sa.select(*places).offset(STRETCH - 1).limit(1)).one_or_none()
    return PageOfItems(items, _written(walk, end) if end else None, is_stretch=end is not None)


def whys(filters: Filters) -> list[str]:
    """Return what the longest held comments are held for, the most frequent first."""
    if filters.tab != "held":
        return []
    rows = session.scalars(
        queries.waiting(HeldComment.reason)
        .order_by(HeldComment.posted_at, HeldComment.id)
        .limit(WHYS_READ)
    )
    lines = Counter(line for reason in rows for line in set(reason.splitlines()) if line)
    offered = [line for line, _count in lines.most_common(WHYS_OFFERED)]
    return offered if not filters.why or filters.why in offered else [filters.why, *offered]


def _held(filters: Filters) -> Walk:
    columns = (HeldComment.posted_at, HeldComment.id, HeldComment.source, HeldComment.reason)
    statement = queries.waiting(*columns).where(*_narrowed(HeldComment, filters))

    def sought(row: Any) -> list[sa.ColumnElement[bool]]:
        pairs = ((row.source, filters.words), (row.reason, filters.why))
        return [_contains(column, words) for column, words in pairs if words]

    place = (HeldComment.posted_at, HeldComment.id)
    return Walk(statement, place, lambda row: Name(held_id=row.id), sought=sought)


def _reported(filters: Filters) -> Walk:
    columns = (Report.id, Report.at, Report.letter_id, Report.number)
    statement = queries.open_reports(*columns)
    if filters.letter is not None:
        statement = statement.where(Report.letter_id == filters.letter.id)

    def sought(row: Any) -> list[sa.ColumnElement[bool]]:
        of_comment = [Comment.letter_id == row.letter_id, Comment.number == row.number]
        found = _between(row.at, filters)
        if filters.author is not None:
            found.append(sa.exists().where(*of_comment, Comment.account_id == filters.author.id))
        if filters.words:
            found.append(sa.exists().where(*of_comment, _contains(Comment.source, filters.words)))
        if filters.why:
            found.append(
                sa.exists().where(
                    Report.letter_id == row.letter_id,
                    Report.number == row.number,
                    Report.decision_id.is_(None),
                    Report.reason == Reason(filters.why),
                )
            )
        return found

    return Walk(statement, (Report.id,), _in_thread, sought=sought)


def _everything(filters: Filters) -> Walk:
    """Comments in their threads, tombstones of removed ones included."""
    columns = (Comment.posted_at, Comment.letter_id, Comment.number, Comment.source)
    is_open = sa.exists().where(
        Letter.id == Comment.letter_id, Letter.state == LetterState.PUBLISHED
    )
    statement: Any = sa.select(*columns).where(
        Comment.number > 0,
        Comment.state != State.DELETED,
        is_open,
        scope.here(Comment.letter_id),
        *_narrowed(Comment, filters),
    )
    place: tuple[Any, ...] = (Comment.posted_at, Comment.letter_id, Comment.number)
    if filters.letter is not None and filters.author is None:
        place = (Comment.number,)  # as the table itself is ordered

    def sought(row: Any) -> list[sa.ColumnElement[bool]]:
        found = [_contains(row.source, filters.words)] if filters.words else []
        return found + (_between(row.posted_at, filters) if len(place) == 1 else [])

    return Walk(statement, place, _in_thread, newest_first=True, sought=sought)


_WALKS = {"held": _held, "reported": _reported, "all": _everything}


def _in_thread(row: Any) -> Name:
    return Name(letter_id=row.letter_id, number=row.number)


def _narrowed(table: Any, filters: Filters) -> list[sa.ColumnElement[bool]]:
    """Return the conditions that an index answers."""
    found = []
    if filters.letter is not None:
        found.append(table.letter_id == filters.letter.id)
    if filters.author is not None:
        found.append(table.account_id == filters.author.id)
    if table is HeldComment or filters.letter is None or filters.author is not None:
        found += _between(table.posted_at, filters)
    return found


def _between(column: Any, filters: Filters) -> list[sa.ColumnElement[bool]]:
    found = []
    if filters.since is not None:
        found.append(column >= filters.since)
    if filters.until is not None:
        found.append(column < filters.until)
    return found


def _contains(column: Any, words: str) -> sa.ColumnElement[bool]:
    """Whether a text has these words in it, in capitals or not; `%` and `_` are plain letters.

    SQLite knows the capitals of ASCII alone, so for other words it is asked for each spelling.
    """
    spellings = {words}
    if is_sqlite() and not words.isascii():
        spellings |= {words.lower(), words.upper(), words.capitalize(), words.title()}
    return sa.or_(*(column.icontains(spelling, autoescape=True) for spelling in spellings))


def _order(columns: Any, newest_first: bool) -> list[Any]:
    return [column.desc() if newest_first else column for column in columns]


def _written(walk: Walk, row: Any) -> str:
    """Return a place as an address holds it; moments as microseconds."""
    values = [row._mapping[column.key] for column in walk.place]
    return "-".join(
        str((value - _EPOCH) // timedelta(microseconds=1) if isinstance(value, datetime) else value)
        for value in values
    )


def _places(after: str, count: int) -> list[Any]:
    parts = after.split("-")
    if len(parts) != count or not all(p.isascii() and p.isdigit() and len(p) < 19 for p in parts):
        raise NotFound
    first, *others = map(int, parts)
    is_moment = count > 1
    most = _FAR if is_moment else LARGEST_NUMBER
    if first > most or any(other > LARGEST_NUMBER for other in others):
        raise NotFound
    if not is_moment:
        return [sa.literal(first)]
    moment = _EPOCH + timedelta(microseconds=first)
    return [sa.literal(moment, db.UTC()), *map(sa.literal, others)]
