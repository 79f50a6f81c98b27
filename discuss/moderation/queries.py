"""Reading for moderators: what waits and what is reported, and a comment in its context.

The pages of the queue are in `waiting`; no statement here reads more than it gives, or counts
further than is shown.
"""

from collections.abc import Iterable
from dataclasses import dataclass
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
from discuss.moderation import scope
from discuss.moderation.models import Report
from discuss.moderation.wording import MOST_COUNTED

LETTERS_OFFERED = 200  # in the menu of letters; an older one is reached from its own page

_ABOVE = orm.aliased(Comment, name="above")
_ABOVE_AUTHOR = orm.aliased(Account, name="above_author")
_EARLIER = orm.aliased(Report, name="earlier")

OF_COMMENT: tuple[Any, ...] = (
    Comment.number,
    Comment.state,
    Comment.removed_for,
    Comment.edited_at,
    Comment.reply_count,
    Comment.gone_count,
)


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

    def of(self, tab: str) -> int:
        """Return how much is left in a tab of the queue."""
        return {"held": self.held, "reported": self.reported}.get(tab, self.waiting)


def counts() -> Counts:
    """Return how much waits, in one statement."""
    held = waiting(HeldComment.posted_at.label("at")).order_by(
        HeldComment.posted_at, HeldComment.id
    )
    reported = open_reports(Report.at.label("at")).order_by(Report.id)
    first, second = (_counted(statement) for statement in (held, reported))
    row = session.execute(sa.select(*first.c, *second.c).select_from(first.join(second, sa.true())))
    held_count, held_oldest, reported_count, reported_oldest = row.one()
    oldest = min(filter(None, (held_oldest, reported_oldest)), default=None)
    return Counts(held_count, reported_count, oldest)


def waiting(*columns: Any) -> sa.Select[Any]:
    """Return these columns of held comments that wait, on letters that readers can open.

    The letter is asked for row by row: joined, it would tempt a planner to begin with the letters
    and sort all that waits.
    """
    is_open = sa.exists().where(
        Letter.id == HeldComment.letter_id, Letter.state == LetterState.PUBLISHED
    )
    return sa.select(*columns).where(
        HeldComment.refused_at.is_(None), is_open, scope.here(HeldComment.letter_id)
    )


def open_reports(*columns: Any) -> sa.Select[Any]:
    """Return these columns of the first open report of each comment that readers can see.

    A deleted comment needs no answer.
    """
    is_seen = sa.exists().where(
        Comment.letter_id == Report.letter_id,
        Comment.number == Report.number,
        Comment.state == State.VISIBLE,
    )
    is_open = sa.exists().where(
        Letter.id == Report.letter_id, Letter.state == LetterState.PUBLISHED
    )
    has_earlier = sa.exists().where(
        _EARLIER.letter_id == Report.letter_id,
        _EARLIER.number == Report.number,
        _EARLIER.decision_id.is_(None),
        _EARLIER.id + 0 < Report.id,  # a sum: to go along the letter's reports would be far longer
    )
    return sa.select(*columns).where(
        Report.decision_id.is_(None),
        is_seen,
        is_open,
        sa.not_(has_earlier),
        scope.here(Report.letter_id),
    )


def letters_offered() -> list[tuple[str, str]]:
    """Return slug and headline of the newest published letters."""
    rows = session.execute(
        sa.select(Letter.slug, Letter.headline)
        .where(Letter.state == LetterState.PUBLISHED, scope.here(Letter.id))
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
        wanted = with_context(HeldComment, HeldComment.id, HeldComment.reason)
        wanted = wanted.where(HeldComment.id == held_id, scope.here(HeldComment.letter_id))
        row = session.execute(wanted).one_or_none()
    if row is None:
        raise NotFound
    return row


def comment_in_context(letter: Letter, number: int) -> Any:
    """Return a comment with its context, tombstones included.

    :raises NotFound: no comment of this letter has that number.
    """
    key = (letter.id, number)
    found = comments_at([key]).get(key) if 0 < number < 2**31 else None
    if found is None:
        raise NotFound
    return found


def _counted(statement: sa.Select[Any]) -> sa.Subquery:
    """Return how many rows a statement gives, as far as is shown, and the earliest `at` of them."""
    some = statement.limit(MOST_COUNTED + 1).subquery()
    return sa.select(sa.func.count(), sa.func.min(some.c.at)).subquery()


def with_context(table: Any, *columns: Any) -> sa.Select[Any]:
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


def at(table: Any, keys: Iterable[tuple[int, int]]) -> sa.ColumnElement[bool]:
    """Return the condition that a row is about one of these comments.

    Letter by letter: for pairs of both SQLite reads the whole table.

    :param table: one with `letter_id` and `number`.
    :param keys: letters and numbers.
    """
    numbers: dict[int, list[int]] = {}
    for letter_id, number in keys:
        numbers.setdefault(letter_id, []).append(number)
    return sa.or_(
        sa.false(),
        *(
            sa.and_(table.letter_id == letter_id, table.number.in_(some))
            for letter_id, some in numbers.items()
        ),
    )


def comments_at(keys: list[tuple[int, int]]) -> dict[tuple[int, int], Any]:
    """Return comments with their context, tombstones included, by letter and number."""
    rows = session.execute(with_context(Comment, *OF_COMMENT).where(at(Comment, keys)))
    return {(row.letter_id, row.number): row for row in rows}
