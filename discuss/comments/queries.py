"""Reading comments beside the walk: one of them, its ancestors, a reader's own, what changed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from discuss.accounts.models import Account
from discuss.base import clock
from discuss.base.db import connection, session
from discuss.base.errors import NotFound
from discuss.comments.errors import CommentDeleted
from discuss.comments.models import Comment, HeldComment, State, Vote
from discuss.comments.walk import COLUMNS, Cursor, Sort, order, walk
from discuss.letters.models import Letter, Policy

EDIT_MINUTES = 15  # long enough to mend a slip, too short to change what others answered
MOST_NEWS = 100  # comments that an open page hears of; who missed more loads the page anyway
OWN_SHOWN = 50  # of an account's latest comments on one page
ANCESTORS_SHOWN = 9  # as many as a page has levels; farther ones are a press away


@dataclass(frozen=True)
class PageOfThread:
    """The rows of one page and where the next begins."""

    rows: list[Any]
    next: Cursor | None


def page(letter_id: int, top: int, sort: Sort, after: Cursor | None, **bounds: int) -> PageOfThread:
    """Return one page of a thread and the cursor of the next, if there is more.

    :param letter_id: whose thread.
    :param top: the comment whose replies are wanted; 0 is the letter.
    :param sort: the order.
    :param after: where the page before ended.
    :param bounds: `limit` and `levels` of the walk.
    """
    rows = walk(letter_id, top, sort, after, **bounds)
    first = [row for row in rows if row.parent == top]
    if not first:
        return PageOfThread(rows, None)
    last = max(first, key=order(sort))
    cursor = Cursor.of(sort, last)
    return PageOfThread(rows, cursor if walk(letter_id, top, sort, cursor, limit=1) else None)


def comment(letter: Letter, number: int) -> Comment:
    """Return a comment of a letter, tombstones included.

    :raises NotFound: no comment of this letter has that number.
    """
    found = session.get(Comment, (letter.id, number)) if 0 < number < 2**31 else None
    if found is None:
        raise NotFound
    return found


def row(letter_id: int, number: int) -> Any:
    """Return one comment with the columns of a walk, or nothing."""
    return session.execute(
        sa.select(*COLUMNS, Comment.source, sa.literal(1).label("level"))
        .outerjoin(Account, Account.id == Comment.account_id)
        .where(Comment.letter_id == letter_id, Comment.number == number)
    ).one_or_none()


def row_in_public(letter_id: int, number: int) -> Any:
    """Return one comment for its own page.

    :raises NotFound: there never was one.
    :raises CommentDeleted: its author took it back and nothing stands under it.
    """
    found = row(letter_id, number) if 0 < number < 2**31 else None
    if found is None:
        raise NotFound
    if found.state is State.DELETED:
        raise CommentDeleted
    return found


def ancestors(letter_id: int, number: int) -> list[Any]:
    """Return the comments above one, nearest last, at most nine, with the columns of a walk."""
    up = (
        sa.select(Comment.parent.label("number"), sa.literal(1).label("steps"))
        .where(Comment.letter_id == letter_id, Comment.number == number)
        .cte("up", recursive=True)
    )
    up = up.union_all(
        sa.select(Comment.parent, up.c.steps + 1)
        .select_from(up)
        .join(Comment, sa.and_(Comment.letter_id == letter_id, Comment.number == up.c.number))
        .where(up.c.number > 0, up.c.steps < ANCESTORS_SHOWN)
    )
    return list(
        session.execute(
            sa.select(*COLUMNS, Comment.source)
            .select_from(up)
            .join(Comment, sa.and_(Comment.letter_id == letter_id, Comment.number == up.c.number))
            .outerjoin(Account, Account.id == Comment.account_id)
            .where(up.c.number > 0)  # not the comment's own: SQLite would go through the letter
            .order_by(up.c.steps.desc())
        )
    )


def newest_numbers(letter_id: int) -> list[int]:
    """Return the numbers of the newest comments that can be read, the newest first."""
    return list(
        session.scalars(
            sa.select(Comment.number)
            .where(
                Comment.letter_id == letter_id,
                Comment.number > 0,
                Comment.state == State.VISIBLE,
            )
            .order_by(Comment.number.desc())
            .limit(MOST_NEWS)
        )
    )


def scores_of(letter_id: int, numbers: list[int]) -> dict[int, int]:
    """Return the scores of these comments as they are now, votes that wait for a tick included."""
    found = connection().execute(_SCORES, {"letter": letter_id, "numbers": numbers})
    return dict(found.all())


def votes_of(account: Account, letter_id: int, numbers: list[int]) -> dict[int, int]:
    """Return an account's votes on these comments."""
    given = {"letter": letter_id, "account": account.id, "numbers": numbers}
    return dict(connection().execute(_VOTES, given).all())


def held_of(account: Account, letter_id: int) -> list[HeldComment]:
    """Return what an account has waiting for a moderator under a letter."""
    given = {"letter": letter_id, "account": account.id}
    return list(session.scalars(_HELD, given))


def own_comments(account: Account) -> list[Comment]:
    """Return an account's latest comments, newest first."""
    return list(
        session.scalars(
            sa.select(Comment)
            .where(Comment.account_id == account.id)
            .order_by(Comment.posted_at.desc(), Comment.number.desc())
            .limit(OWN_SHOWN)
        )
    )


def everything_of(account: Account) -> dict[str, Any]:
    """Return all that threads hold of somebody, as JSON can carry it: for their own file."""
    public = sa.select(Letter.slug, *_TAKEN_ALONG, Comment.number, Comment.state, Comment.edited_at)
    held = sa.select(Letter.slug, *_HELD_TAKEN_ALONG)
    votes = sa.select(Letter.slug, Vote.number, Vote.value)
    return {
        "posted": _plain(
            public.join(Letter, Letter.id == Comment.letter_id)
            .where(Comment.account_id == account.id)
            .order_by(Comment.posted_at)
        ),
        "waiting": _plain(
            held.join(Letter, Letter.id == HeldComment.letter_id)
            .where(HeldComment.account_id == account.id)
            .order_by(HeldComment.id)
        ),
        "votes": _plain(
            votes.join(Letter, Letter.id == Vote.letter_id)
            .where(Vote.account_id == account.id)
            .order_by(Letter.slug, Vote.number)
        ),
    }


def has_posted(author: Account) -> bool:
    """Whether an account has a comment that readers can see."""
    return (
        session.scalar(
            sa.select(Comment.number)
            .where(Comment.account_id == author.id, Comment.state == State.VISIBLE)
            .limit(1)
        )
        is not None
    )


def takes_comments(letter: Letter) -> bool:
    """Whether a letter's thread is open: no lock, no policy against it, its time not over."""
    is_over = letter.closes_at is not None and letter.closes_at <= clock.now()
    return letter.locked_at is None and letter.policy is not Policy.LOCKED and not is_over


def may_edit(comment: Any, account: Account | None) -> bool:
    """Whether somebody may still change the words of a comment."""
    return (
        account is not None
        and comment.account_id == account.id
        and comment.state is State.VISIBLE
        and comment.redacted_at is None
        and clock.now() < comment.posted_at + timedelta(minutes=EDIT_MINUTES)
    )


def passages(letter_id: int) -> dict[int, tuple[int, str]]:
    """Return, by paragraph, how many comments are about it and the best one's words as HTML."""
    rows = session.execute(_PASSAGES, {"letter": letter_id})
    return {passage: (count, html) for passage, count, html in rows}


def _passages() -> sa.Select[Any]:
    best = orm.aliased(Comment, name="best")
    is_cited = (Comment.passage.is_not(None), Comment.state == State.VISIBLE)
    return (
        sa.select(
            Comment.passage,
            sa.func.count(),
            sa.select(best.html)
            .where(
                best.letter_id == sa.bindparam("letter"),
                best.passage == Comment.passage,
                best.passage.is_not(None),  # lets SQLite see that the partial index covers it
                best.state == State.VISIBLE,
            )
            .order_by(best.score.desc(), best.number.desc())
            .limit(1)
            .correlate(Comment)
            .scalar_subquery(),
        )
        .where(Comment.letter_id == sa.bindparam("letter"), *is_cited)
        .group_by(Comment.passage)
    )


# Built once: building a statement takes as long as running it.
_PASSAGES = _passages()
_LETTER = sa.bindparam("letter", type_=sa.Integer)
_ACCOUNT = sa.bindparam("account", type_=sa.Integer)
_NUMBERS = sa.bindparam("numbers", expanding=True, type_=sa.Integer)
_SCORES = sa.select(Comment.number, Comment.score).where(
    Comment.letter_id == _LETTER, Comment.number.in_(_NUMBERS)
)
_VOTES = sa.select(Vote.number, Vote.value).where(
    Vote.letter_id == _LETTER, Vote.account_id == _ACCOUNT, Vote.number.in_(_NUMBERS)
)
_WAITS = (
    HeldComment.letter_id == _LETTER,
    HeldComment.account_id == _ACCOUNT,
    HeldComment.refused_at.is_(None),
)
_HELD = sa.select(HeldComment).where(*_WAITS).order_by(HeldComment.id)


HAS_WRITTEN = sa.or_(
    sa.exists().where(Comment.account_id == _ACCOUNT),
    sa.exists().where(HeldComment.account_id == _ACCOUNT),
)
"""Whether `account` has ever said something here, whatever became of it."""
HAS_VOTED = sa.exists().where(Vote.account_id == _ACCOUNT, Vote.letter_id == _LETTER)
"""Whether `account` has voted under `letter`."""
HAS_WAITING = sa.exists().where(*_WAITS)
"""Whether something of `account` waits for a moderator under `letter`."""

_TAKEN_ALONG = (Comment.parent, Comment.posted_at, Comment.source, Comment.quote, Comment.score)
_HELD_TAKEN_ALONG = (HeldComment.parent, HeldComment.posted_at, HeldComment.source)


def _plain(statement: sa.Executable) -> list[dict[str, Any]]:
    return [
        {
            name: value.isoformat() if isinstance(value, datetime) else value
            for name, value in row._mapping.items()
        }
        for row in session.execute(statement)
    ]
