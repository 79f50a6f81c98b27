"""Reading for moderators: what waits and what is reported, in its context.

A page takes the same few statements however much it shows.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from discuss.accounts.models import Account
from discuss.base.db import session
from discuss.base.errors import NotFound
from discuss.comments.models import Comment, HeldComment, State
from discuss.letters.models import Letter
from discuss.letters.models import State as LetterState
from discuss.moderation.models import Report
from discuss.moderation.records import AuthorRecord, records

PAGE_SIZE = 30  # items; what a moderator decides in a quarter of an hour
LETTERS_OFFERED = 200  # in the menu of "All comments"; an older one is reached from its own page

_ABOVE = orm.aliased(Comment, name="above")
_ABOVE_AUTHOR = orm.aliased(Account, name="above_author")


@dataclass(frozen=True)
class Counts:
    """What waits for moderators, and since when the oldest of it does."""

    held: int
    reported: int
    oldest: datetime | None

    @property
    def waiting(self) -> int:
        """Held and reported comments together."""
        return self.held + self.reported


@dataclass
class Item:
    """One comment as the queue shows it: a row with its context, who reported it, its author."""

    row: Any
    reports: list[Any] = field(default_factory=list)
    author: AuthorRecord | None = None


@dataclass(frozen=True)
class PageOfItems:
    """Some of the queue, and where the rest begins."""

    items: list[Item]
    next: int | None


def counts() -> Counts:
    """Return how much waits, in one statement."""
    held = (
        _waiting()
        .with_only_columns(
            sa.func.count().label("count"), sa.func.min(HeldComment.posted_at).label("oldest")
        )
        .subquery("held")
    )
    each = (
        _reported()
        .with_only_columns(sa.func.min(Report.at).label("at"))
        .group_by(Report.letter_id, Report.number)
        .subquery("each")
    )
    reported = sa.select(
        sa.func.count().label("count"), sa.func.min(each.c.at).label("oldest")
    ).subquery("reported")
    row = session.execute(sa.select(*held.c, *reported.c).join_from(held, reported, sa.true()))
    held_count, held_oldest, reported_count, reported_oldest = row.one()
    oldest = min(filter(None, (held_oldest, reported_oldest)), default=None)
    return Counts(held_count, reported_count, oldest)


def held_comments(after: int = 0) -> PageOfItems:
    """Return held comments, the one that has waited longest first.

    :param after: the id of the last one on the page before.
    """
    rows = _with_context(HeldComment, HeldComment.id, HeldComment.reason).where(
        HeldComment.refused_at.is_(None),
        Letter.state == LetterState.PUBLISHED,
        HeldComment.id > after,
    )
    found = session.execute(rows.order_by(HeldComment.id).limit(PAGE_SIZE + 1)).all()
    return _page([Item(row) for row in found], lambda item: int(item.row.id))


def reported_comments(after: int = 0) -> PageOfItems:
    """Return comments with open reports, the one reported first before the others.

    :param after: the id of the first report of the last comment on the page before.
    """
    first = sa.func.min(Report.id)
    groups = session.execute(
        _reported()
        .with_only_columns(Report.letter_id, Report.number, first.label("first"))
        .group_by(Report.letter_id, Report.number)
        .having(first > after)
        .order_by(first)
        .limit(PAGE_SIZE + 1)
    ).all()
    keys = [(group.letter_id, group.number) for group in groups]
    rows = _comments_at(keys)
    reports = _open_reports(keys)
    items = [Item(rows[key], reports[key]) for key in keys]
    firsts = {key: group.first for key, group in zip(keys, groups, strict=True)}
    return _page(items, lambda item: firsts[item.row.letter_id, item.row.number])


def latest_comments(letter: Letter, before: int | None = None) -> PageOfItems:
    """Return a letter's comments, newest first, tombstones of removed ones included.

    :param before: the number of the last one on the page before.
    """
    rows = _with_context(Comment, *_OF_COMMENT).where(
        Comment.letter_id == letter.id, Comment.number > 0, Comment.state != State.DELETED
    )
    if before is not None:
        rows = rows.where(Comment.number < before)
    found = session.execute(rows.order_by(Comment.number.desc()).limit(PAGE_SIZE + 1)).all()
    return _page([Item(row) for row in found], lambda item: int(item.row.number))


def letters_offered() -> list[tuple[str, str]]:
    """Return slug and headline of the newest published letters."""
    rows = session.execute(
        sa.select(Letter.slug, Letter.headline)
        .where(Letter.state == LetterState.PUBLISHED)
        .order_by(Letter.id.desc())
        .limit(LETTERS_OFFERED)
    )
    return [(slug, headline) for slug, headline in rows]


def held_comment(held_id: int) -> Any:
    """Return a held comment with its context, refused ones included.

    :raises NotFound: there is none.
    """
    row = None
    if 0 < held_id < 2**31:
        wanted = _with_context(HeldComment, HeldComment.id, HeldComment.reason)
        row = session.execute(wanted.where(HeldComment.id == held_id)).one_or_none()
    if row is None:
        raise NotFound
    return row


def comment_in_context(letter: Letter, number: int) -> Any:
    """Return a comment with its context, tombstones included.

    :raises NotFound: no comment of this letter has that number.
    """
    key = (letter.id, number)
    found = _comments_at([key]).get(key) if 0 < number < 2**31 else None
    if found is None:
        raise NotFound
    return found


_OF_COMMENT: tuple[Any, ...] = (
    Comment.number,
    Comment.state,
    Comment.removed_for,
    Comment.edited_at,
    Comment.reply_count,
    Comment.gone_count,
)


def _waiting() -> sa.Select[Any]:
    return (
        sa.select(HeldComment.id)
        .select_from(HeldComment)
        .join(Letter, Letter.id == HeldComment.letter_id)
        .where(HeldComment.refused_at.is_(None), Letter.state == LetterState.PUBLISHED)
    )


def _reported() -> sa.Select[Any]:
    """Open reports of comments that readers can see; a deleted comment needs no answer."""
    return (
        sa.select(Report.id)
        .select_from(Report)
        .join(
            Comment,
            sa.and_(
                Comment.letter_id == Report.letter_id,
                Comment.number == Report.number,
                Comment.state == State.VISIBLE,
            ),
        )
        .join(Letter, Letter.id == Report.letter_id)
        .where(Report.decision_id.is_(None), Letter.state == LetterState.PUBLISHED)
    )


def _with_context(table: Any, *columns: Any) -> sa.Select[Any]:
    """Return the columns of comments, held or not, with their letter and what they answer."""
    name: Any = Account.name
    if table is Comment:
        name = sa.func.coalesce(Account.name, Comment.author_name)
    return (
        sa.select(
            *columns,
            table.letter_id,
            table.parent,
            table.account_id,
            table.posted_at,
            table.html,
            table.quote,
            name.label("name"),
            Account.role,
            Letter.slug,
            Letter.headline,
            _ABOVE.html.label("above_html"),
            _ABOVE.state.label("above_state"),
            sa.func.coalesce(_ABOVE_AUTHOR.name, _ABOVE.author_name).label("above_name"),
        )
        .select_from(table)
        .join(Letter, Letter.id == table.letter_id)
        .outerjoin(Account, Account.id == table.account_id)
        .outerjoin(
            _ABOVE,
            sa.and_(
                _ABOVE.letter_id == table.letter_id,
                _ABOVE.number == table.parent,
                _ABOVE.number > 0,
            ),
        )
        .outerjoin(_ABOVE_AUTHOR, _ABOVE_AUTHOR.id == _ABOVE.account_id)
    )


def _comments_at(keys: list[tuple[int, int]]) -> dict[tuple[int, int], Any]:
    rows = session.execute(
        _with_context(Comment, *_OF_COMMENT).where(
            sa.tuple_(Comment.letter_id, Comment.number).in_(keys)
        )
    )
    return {(row.letter_id, row.number): row for row in rows}


def _open_reports(keys: list[tuple[int, int]]) -> dict[tuple[int, int], list[Any]]:
    found: dict[tuple[int, int], list[Any]] = {key: [] for key in keys}
    for row in session.execute(
        sa.select(Report.letter_id, Report.number, Report.reason, Report.note, Account.name)
        .join(Account, Account.id == Report.account_id)
        .where(sa.tuple_(Report.letter_id, Report.number).in_(keys), Report.decision_id.is_(None))
        .order_by(Report.id)
    ):
        found[row.letter_id, row.number].append(row)
    return found


def _page(items: list[Item], place: Any) -> PageOfItems:
    shown = items[:PAGE_SIZE]
    authors = records({item.row.account_id for item in shown if item.row.account_id})
    for item in shown:
        item.author = authors.get(item.row.account_id)
    return PageOfItems(shown, place(shown[-1]) if len(items) > PAGE_SIZE else None)
