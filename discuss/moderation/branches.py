"""Locking one branch of a thread: nothing more can be said under a comment, all else goes on."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from discuss.accounts.models import Account
from discuss.base import clock
from discuss.base.db import is_sqlite, session
from discuss.comments.models import BranchLock
from discuss.letters import actions as letters
from discuss.letters.models import Letter
from discuss.moderation.actions import comment_here
from discuss.moderation.decisions import record, refuse_unless_moderator
from discuss.moderation.models import Act, Decision


def lock(
    letter: Letter, moderator: Account, number: int, *, undoes: Decision | None = None
) -> Decision | None:
    """Let nobody answer a comment, nor what stands under it.

    :param undoes: the unlocking that this undoes.
    :returns: the decision; nothing when it is locked already.
    :raises CommentDeleted: its author has deleted it.
    """
    refuse_unless_moderator(moderator)
    changed = letters.tick(letter)
    comment = comment_here(letter, number)
    insert: Any = (sqlite.insert if is_sqlite() else postgresql.insert)(BranchLock)
    new = insert.values(letter_id=letter.id, number=number, since=clock.now())
    if session.scalar(new.on_conflict_do_nothing().returning(BranchLock.number)) is None:
        return None
    comment.changed = changed
    return _record(letter, moderator, number, Act.BRANCH_LOCKED, undoes, comment.account_id)


def unlock(
    letter: Letter, moderator: Account, number: int, *, undoes: Decision | None = None
) -> Decision | None:
    """Let a branch be answered again.

    :param undoes: the lock that this undoes.
    :returns: the decision; nothing when it was not locked.
    """
    refuse_unless_moderator(moderator)
    changed = letters.tick(letter)
    comment = comment_here(letter, number)
    gone = sa.delete(BranchLock).where(
        BranchLock.letter_id == letter.id, BranchLock.number == number
    )
    if session.scalar(gone.returning(BranchLock.number)) is None:
        return None
    comment.changed = changed
    return _record(letter, moderator, number, Act.BRANCH_UNLOCKED, undoes, comment.account_id)


def _record(
    letter: Letter,
    moderator: Account,
    number: int,
    act: Act,
    undoes: Decision | None,
    subject_id: int | None,
) -> Decision:
    session.flush()
    states = ("open", "locked") if act is Act.BRANCH_LOCKED else ("locked", "open")
    return record(
        moderator,
        act,
        f"branch {letter.id}/{number}",
        states,
        undoes=undoes,
        letter_id=letter.id,
        number=number,
        subject_id=subject_id,
    )
