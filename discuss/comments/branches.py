"""Branches of a thread that take no more replies, because a moderator locked a comment."""

import sqlalchemy as sa

from discuss.base.db import session
from discuss.comments.errors import BranchLocked
from discuss.comments.models import BranchLock, Comment
from discuss.letters.models import Letter

_LOCKS = sa.select(BranchLock.number).where(
    BranchLock.letter_id == sa.bindparam("letter", type_=sa.Integer)
)


def refuse_if_locked(letter: Letter, parent: int) -> None:
    """Refuse a reply in a part of a thread that takes no more.

    :raises BranchLocked: the parent, or a comment that it stands under, is locked.
    """
    if parent and is_in_locked_branch(letter.id, parent):
        raise BranchLocked


def locks_of(letter_id: int) -> frozenset[int]:
    """Return the numbers of a letter's comments under which no more can be said."""
    return frozenset(session.scalars(_LOCKS, {"letter": letter_id}))


def is_in_locked_branch(letter_id: int, number: int) -> bool:
    """Whether a comment, or one that it stands under, is locked.

    Where a letter has no locked branch, this is one look at an index.
    """
    if not (locks := locks_of(letter_id)):
        return False
    up = (
        sa.select(Comment.number, Comment.parent)
        .where(Comment.letter_id == letter_id, Comment.number == number)
        .cte("up", recursive=True)
    )
    up = up.union_all(
        sa.select(Comment.number, Comment.parent)
        .select_from(up)
        .join(Comment, sa.and_(Comment.letter_id == letter_id, Comment.number == up.c.parent))
    )
    found = sa.select(up.c.number).where(up.c.number.in_(locks)).limit(1)
    return session.scalar(found) is not None
