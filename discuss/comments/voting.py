"""Votes: what they make of a score at once, and of the pages a moment later."""

from datetime import timedelta

import sqlalchemy as sa

from discuss.accounts.models import Account
from discuss.base import clock
from discuss.base.db import session
from discuss.base.errors import Invalid
from discuss.comments.errors import CommentDeleted, OwnComment
from discuss.comments.models import Comment, State, Vote
from discuss.letters.models import Letter

SHOW_AFTER = timedelta(seconds=5)  # one render a window, however many vote in it


def vote(letter: Letter, voter: Account, number: int, value: int) -> int:
    """Say that a comment adds something (1), or not (-1), or take that back (0).

    :returns: the comment's score with this vote.
    :raises OwnComment: the voter wrote it.
    :raises Invalid: the value is none of the three.
    """
    if value not in {1, 0, -1}:
        raise Invalid
    show_soon(letter)  # the letter's row first, here as everywhere
    comment = session.get(
        Comment, (letter.id, number), with_for_update=True, populate_existing=True
    )
    if comment is None or comment.state is not State.VISIBLE or number == 0:
        raise CommentDeleted
    if comment.account_id == voter.id:
        raise OwnComment
    key = (letter.id, number, voter.id)
    old = session.get(Vote, key, populate_existing=True)
    comment.score += value - (old.value if old else 0)
    if old is not None and value:
        old.value = value
    elif old is not None:
        session.delete(old)
    elif value:
        session.add(Vote(letter_id=letter.id, number=number, account_id=voter.id, value=value))
    session.flush()
    return comment.score


def show_soon(letter: Letter) -> None:
    """Let the first reader after the window take one tick for all that happened in it."""
    soon = clock.now() + SHOW_AFTER
    session.execute(
        sa.update(Letter)
        # A later tick may be due by itself, when the discussion closes.
        .where(Letter.id == letter.id, sa.or_(Letter.due.is_(None), Letter.due > soon))
        .values(due=soon)
        .execution_options(synchronize_session=False)
    )
