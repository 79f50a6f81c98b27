"""What a sweep is, and its steps: comments out of their threads, and the very same ones back.

A step takes comments of one letter, no more than its row may be locked for, and notes which. Put
back is exactly what was noted: nothing that a moderator or its author decided anew since.
"""

from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from discuss.base import clock
from discuss.base.db import Base, enum_text, session
from discuss.comments.models import Comment, HeldComment, SealedWords, State
from discuss.letters import actions as letters
from discuss.letters.models import Letter
from discuss.moderation.models import Act, Decision, Report

AT_ONCE = 200  # comments of a step, all of one letter, whose row is locked meanwhile
_MOVED = ("source", "html", "quote", "quote_prefix", "quote_suffix")


class Way(StrEnum):
    """What a sweep is at."""

    REMOVING = "removing"
    REMOVED = "removed"
    RESTORING = "restoring"
    RESTORED = "restored"


class Sweep(Base):
    """Everything of one account, on its way out or back in."""

    __tablename__ = "sweeps"

    decision_id: Mapped[int] = mapped_column(ForeignKey("decisions.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    ban_id: Mapped[int | None] = mapped_column(ForeignKey("decisions.id"))
    way: Mapped[Way] = mapped_column(enum_text(Way), default=Way.REMOVING)


class Swept(Base):
    """A comment that a sweep removed from its thread."""

    __tablename__ = "swept_comments"
    __table_args__ = (
        ForeignKeyConstraint(["letter_id", "number"], ["comments.letter_id", "comments.number"]),
        Index("swept_comments_by_comment", "letter_id", "number"),
    )

    decision_id: Mapped[int] = mapped_column(ForeignKey("sweeps.decision_id"), primary_key=True)
    letter_id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)


class SweptHeld(Base):
    """A held comment that a sweep refused; a bare number, for its row may go."""

    __tablename__ = "swept_held_comments"

    decision_id: Mapped[int] = mapped_column(ForeignKey("sweeps.decision_id"), primary_key=True)
    held_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


def remove_some(swept: Sweep) -> bool:
    """Remove comments of one letter, and once none is left what is held; whether more is left."""
    letter_id = next_letter(swept.account_id)
    decision = session.get_one(Decision, swept.decision_id)
    if letter_id is None:
        _refuse_held(swept)
        return False
    letter = session.get_one(Letter, letter_id)
    changed = letters.tick(letter)
    numbers = list(
        session.scalars(
            _visible(swept.account_id, letter_id).order_by(Comment.number).limit(AT_ONCE)
        )
    )
    these = sa.and_(Comment.letter_id == letter_id, Comment.number.in_(numbers))
    moved = [getattr(Comment, name) for name in _MOVED]
    sealed = sa.select(
        Comment.letter_id, Comment.number, *moved, sa.literal(State.REMOVED.value)
    ).where(these)
    session.execute(
        sa.insert(SealedWords).from_select(["letter_id", "number", *_MOVED, "why"], sealed)
    )
    empty: dict[str, Any] = dict.fromkeys(_MOVED, "")
    session.execute(
        sa.update(Comment)
        .where(these)
        .values(**empty, state=State.REMOVED, removed_for=decision.reason, changed=changed)
        .execution_options(synchronize_session=False)
    )
    noted = sa.select(sa.literal(swept.decision_id), Comment.letter_id, Comment.number).where(these)
    session.execute(sa.insert(Swept).from_select(["decision_id", "letter_id", "number"], noted))
    session.execute(
        sa.update(Report)
        .where(
            Report.letter_id == letter_id,
            Report.number.in_(numbers),
            Report.decision_id.is_(None),
        )
        .values(decision_id=swept.decision_id)
    )
    letter.comment_count -= len(numbers)
    session.flush()
    if next_letter(swept.account_id) is not None:
        return True
    _refuse_held(swept)
    return False


def restore_some(swept: Sweep) -> bool:
    """Restore comments of one letter, and once none is left what was held; whether more is left."""
    if (letter_id := _next_to_restore(swept)) is None:
        _put_back_held(swept)
        return False
    letter = session.get_one(Letter, letter_id)
    changed = letters.tick(letter)
    here = (Swept.decision_id == swept.decision_id, Swept.letter_id == letter_id)
    numbers = list(
        session.scalars(sa.select(Swept.number).where(*here).order_by(Swept.number).limit(AT_ONCE))
    )
    still = _still_as_swept(swept, letter_id, numbers)
    session.execute(
        sa.update(Comment)
        .where(Comment.letter_id == letter_id, Comment.number.in_(still))
        .values(
            **{name: _sealed(name) for name in _MOVED},
            state=State.VISIBLE,
            removed_for=None,
            changed=changed,
        )
        .execution_options(synchronize_session=False)
    )
    session.execute(
        sa.delete(SealedWords).where(
            SealedWords.letter_id == letter_id, SealedWords.number.in_(still)
        )
    )
    session.execute(
        sa.update(Report)
        .where(
            Report.decision_id == swept.decision_id,
            Report.letter_id == letter_id,
            Report.number.in_(numbers),
        )
        .values(decision_id=None)
    )
    session.execute(sa.delete(Swept).where(*here, Swept.number.in_(numbers)))
    letter.comment_count += len(still)
    session.flush()
    if _next_to_restore(swept) is not None:
        return True
    _put_back_held(swept)
    return False


def _still_as_swept(swept: Sweep, letter_id: int, numbers: list[int]) -> list[int]:
    """Return which of these nobody has decided about since."""
    decided = sa.exists().where(
        Decision.letter_id == letter_id,
        Decision.number == Comment.number,
        Decision.act.in_((Act.REMOVED, Act.RESTORED)),
        Decision.id > swept.decision_id,
    )
    has_words = sa.exists().where(
        SealedWords.letter_id == letter_id, SealedWords.number == Comment.number
    )
    return list(
        session.scalars(
            sa.select(Comment.number).where(
                Comment.letter_id == letter_id,
                Comment.number.in_(numbers),
                Comment.state == State.REMOVED,
                has_words,
                ~decided,
            )
        )
    )


def _sealed(name: str) -> sa.ScalarSelect[Any]:
    return (
        sa.select(getattr(SealedWords, name))
        .where(SealedWords.letter_id == Comment.letter_id, SealedWords.number == Comment.number)
        .correlate(Comment)
        .scalar_subquery()
    )


def _visible(account_id: int, letter_id: int | None = None) -> sa.Select[Any]:
    wanted = sa.select(Comment.number if letter_id else Comment.letter_id).where(
        Comment.account_id == account_id, Comment.state == State.VISIBLE
    )
    return wanted.where(Comment.letter_id == letter_id) if letter_id else wanted


def next_letter(account_id: int) -> int | None:
    """Return the first letter under which an account has something to be read."""
    found: int | None = session.scalar(_visible(account_id).order_by(Comment.letter_id).limit(1))
    return found


def _next_to_restore(swept: Sweep) -> int | None:
    left = sa.select(Swept.letter_id).where(Swept.decision_id == swept.decision_id)
    found: int | None = session.scalar(left.order_by(Swept.letter_id).limit(1))
    return found


def has_held(account_id: int) -> bool:
    """Whether something of an account waits for a moderator."""
    held = sa.select(HeldComment.id).filter_by(account_id=account_id, refused_at=None).limit(1)
    return session.scalar(held) is not None


def _refuse_held(swept: Sweep) -> None:
    refused = session.scalars(
        sa.update(HeldComment)
        .where(HeldComment.account_id == swept.account_id, HeldComment.refused_at.is_(None))
        .values(refused_at=clock.now())
        .returning(HeldComment.id)
        .execution_options(synchronize_session=False)
    ).all()
    session.add_all(SweptHeld(decision_id=swept.decision_id, held_id=one) for one in refused)
    session.flush()


def _put_back_held(swept: Sweep) -> None:
    own = sa.select(SweptHeld.held_id).where(SweptHeld.decision_id == swept.decision_id)
    session.execute(
        sa.update(HeldComment)
        .where(HeldComment.id.in_(own), HeldComment.account_id == swept.account_id)
        .values(refused_at=None)
        .execution_options(synchronize_session=False)
    )
    session.execute(sa.delete(SweptHeld).where(SweptHeld.decision_id == swept.decision_id))
