"""What must always hold of the data: each a statement that counts the rows where it does not."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from discuss.comments.models import (
    Comment,
    HeldComment,
    SealedWords,
    State,
    Submission,
    Vote,
)
from discuss.letters.models import Letter

Broken = sa.Select[int]
"""A statement that counts the rows of which an invariant does not hold."""

REPLY = aliased(Comment, name="reply")


def wrong_comment_counts() -> Broken:
    """Count letters whose comment_count is not that of their visible comments."""
    visible = (
        _count(Comment)
        .where(Comment.letter_id == Letter.id, Comment.number > 0, Comment.state == State.VISIBLE)
        .scalar_subquery()
    )
    return _count(Letter).where(Letter.comment_count != visible)


def wrong_reply_counts() -> Broken:
    """Count comments whose reply_count is not that of the rows that name them."""
    return _count(Comment).where(Comment.reply_count != _replies().scalar_subquery())


def wrong_gone_counts() -> Broken:
    """Count comments whose gone_count is not that of their replies that are not drawn."""
    gone = _replies().where(REPLY.state == State.DELETED, REPLY.reply_count == REPLY.gone_count)
    return _count(Comment).where(Comment.gone_count != gone.scalar_subquery())


def wrong_scores() -> Broken:
    """Count comments whose score is not the one they came with and their votes."""
    votes = (
        sa.select(sa.func.coalesce(sa.func.sum(Vote.value), 0))
        .where(Vote.letter_id == Comment.letter_id, Vote.number == Comment.number)
        .scalar_subquery()
    )
    return _count(Comment).where(Comment.score != Comment.base_score + votes)


def numbers_beyond_the_clock() -> Broken:
    """Count comments with a number that their letter's clock has not reached."""
    return _with_letter().where(sa.or_(Comment.number < 0, Comment.number > Letter.clock))


def changes_beyond_the_clock() -> Broken:
    """Count comments that changed before they were posted, or after the letter's clock."""
    early, late = Comment.changed < Comment.number, Comment.changed > Letter.clock
    return _with_letter().where(sa.or_(early, late))


def parents_out_of_order() -> Broken:
    """Count comments that answer themselves or a later one, or nothing; row 0 alone may."""
    rootless = sa.or_(
        sa.and_(Comment.number == 0, Comment.parent.is_not(None)),
        sa.and_(Comment.number != 0, Comment.parent.is_(None)),
    )
    return _count(Comment).where(sa.or_(Comment.parent >= Comment.number, rootless))


def orphans() -> Broken:
    """Count comments whose parent is no row of their letter."""
    parent = aliased(Comment, name="parent")
    found = sa.exists().where(
        parent.letter_id == Comment.letter_id, parent.number == Comment.parent
    )
    return _count(Comment).where(Comment.parent.is_not(None), ~found)


def tombstones_with_words() -> Broken:
    """Count removed and deleted comments that still hold what was said."""
    words = (Comment.source, Comment.html, Comment.quote)
    return _count(Comment).where(
        Comment.state != State.VISIBLE, sa.or_(*(column != "" for column in words))
    )


def sealed_in_public() -> Broken:
    """Count sealed words of comments that can be read."""
    return (
        _count(SealedWords)
        .join(
            Comment,
            sa.and_(
                Comment.letter_id == SealedWords.letter_id, Comment.number == SealedWords.number
            ),
        )
        .where(Comment.state == State.VISIBLE)
    )


def held_in_public() -> Broken:
    """Count held comments that can be read in the thread."""
    shown = sa.exists().where(
        Comment.letter_id == HeldComment.letter_id,
        Comment.account_id == HeldComment.account_id,
        Comment.posted_at == HeldComment.posted_at,
        Comment.state == State.VISIBLE,
    )
    return _count(HeldComment).where(shown)


def submissions_of_nothing() -> Broken:
    """Count submissions that name a comment which is not there; a held one may be taken back."""
    posted = sa.exists().where(
        Comment.letter_id == Submission.letter_id, Comment.number == Submission.number
    )
    return _count(Submission).where(Submission.number.is_not(None), ~posted)


def letters_without_thread() -> Broken:
    """Count letters that no row 0 stands for."""
    row_0 = sa.exists().where(Comment.letter_id == Letter.id, Comment.number == 0)
    return _count(Letter).where(~row_0)


def _count(table: Any) -> Broken:
    return sa.select(sa.func.count()).select_from(table)


def _with_letter() -> Broken:
    return _count(Comment).join(Letter, Letter.id == Comment.letter_id)


def _replies() -> Broken:
    return _count(REPLY).where(REPLY.letter_id == Comment.letter_id, REPLY.parent == Comment.number)


INVARIANTS: tuple[tuple[str, Callable[[], Broken]], ...] = (
    ("every letter has its row 0", letters_without_thread),
    ("comment_count is how many comments readers can see", wrong_comment_counts),
    ("reply_count is how many rows name a comment as their parent", wrong_reply_counts),
    ("gone_count is how many replies are not drawn", wrong_gone_counts),
    ("score is what a comment came with and the sum of its votes", wrong_scores),
    ("no number is beyond its letter's clock", numbers_beyond_the_clock),
    ("no change is before its number or beyond its letter's clock", changes_beyond_the_clock),
    ("every parent is older than its reply", parents_out_of_order),
    ("every parent is a row of the same letter", orphans),
    ("removed and deleted comments hold no words", tombstones_with_words),
    ("sealed words are of comments that nobody can read", sealed_in_public),
    ("held comments are not in the thread", held_in_public),
    ("every submission leads to what it made", submissions_of_nothing),
)
