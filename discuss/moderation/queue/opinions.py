"""What programs think of a comment: moderators read it beside the comment, nobody else does."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from discuss.accounts.models import Account
from discuss.base import clock
from discuss.base.db import UTC, Base, enum_text, session
from discuss.comments.models import Comment, HeldComment
from discuss.moderation.queries import at

KEPT_FOR = timedelta(days=90)  # nobody decides about the comment any more
LONGEST_WORDS = 200  # characters of the words that moved a program, for a line


class Judge(StrEnum):
    """Who has an opinion."""

    ASSISTANT = "assistant"
    AKISMET = "akismet"


class Opinion(Base):
    """What a program thinks of a comment."""

    __tablename__ = "assistant_opinions"
    __table_args__ = (Index("assistant_opinions_by_comment", "letter_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    judge: Mapped[Judge] = mapped_column(enum_text(Judge))
    letter_id: Mapped[int] = mapped_column(ForeignKey("letters.id"))
    number: Mapped[int | None]
    held_id: Mapped[int | None] = mapped_column(index=True)
    """The held comment; a bare number, as the log has it."""
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    score: Mapped[int]
    """Per cent: how much it is like what was removed."""
    words: Mapped[str] = mapped_column(String(LONGEST_WORDS), default="")
    """Those that moved it, the strongest first."""
    at: Mapped[datetime] = mapped_column(UTC, default=clock.now, index=True)


def note(comment: Comment | HeldComment, judge: Judge, percent: int, words: str = "") -> None:
    """Keep what is thought of a comment, in place of what the same judge thought before."""
    session.execute(sa.delete(Opinion).where(Opinion.judge == judge, _is_of(comment)))
    session.add(
        Opinion(
            judge=judge,
            letter_id=comment.letter_id,
            account_id=comment.account_id,
            score=percent,
            words=words,
            **_place(comment),
        )
    )
    session.flush()


def carry(before: Comment | HeldComment, now: Comment | HeldComment) -> None:
    """Let what is thought of a comment follow it from the queue into its thread, or back."""
    judges = list(session.scalars(sa.select(Opinion.judge).where(_is_of(before))))
    if judges:
        session.execute(sa.delete(Opinion).where(Opinion.judge.in_(judges), _is_of(now)))
        session.execute(sa.update(Opinion).where(_is_of(before)).values(_place(now)))


def about(
    held_ids: Iterable[int], keys: Iterable[tuple[int, int]]
) -> dict[int | tuple[int, int], list[Opinion]]:
    """Return what is thought of held comments, by id, and of others, by letter and number."""
    wanted = sa.or_(Opinion.held_id.in_(list(held_ids)), at(Opinion, keys))
    found: dict[Any, list[Opinion]] = {}
    for one in session.scalars(sa.select(Opinion).where(wanted).order_by(Opinion.id)):
        name = one.held_id or (one.letter_id, one.number)
        found.setdefault(name, []).append(one)
    return found


def forget_old() -> None:
    """Forget what was thought long ago."""
    session.execute(sa.delete(Opinion).where(Opinion.at < clock.now() - KEPT_FOR))


def forget_deleted(comment: Comment) -> None:
    """Forget what was thought of a comment that its author deleted."""
    session.execute(sa.delete(Opinion).where(at(Opinion, [(comment.letter_id, comment.number)])))


def forget_held(held_ids: Iterable[int]) -> None:
    """Forget what was thought of held comments that are no more."""
    session.execute(sa.delete(Opinion).where(Opinion.held_id.in_(list(held_ids))))


def forget_withdrawn(held: HeldComment) -> None:
    """Forget what was thought of a held comment that its author took back."""
    forget_held([held.id])


def forget(account: Account, *, keeps_words: bool) -> None:
    """Forget what was thought of somebody's comments who leaves."""
    session.execute(sa.delete(Opinion).where(Opinion.account_id == account.id))


def _place(comment: Comment | HeldComment) -> dict[str, int | None]:
    if isinstance(comment, HeldComment):
        return {"held_id": comment.id, "number": None}
    return {"held_id": None, "number": comment.number}


def _is_of(comment: Comment | HeldComment) -> sa.ColumnElement[bool]:
    if isinstance(comment, HeldComment):
        return Opinion.held_id == comment.id
    return at(Opinion, [(comment.letter_id, comment.number)])


def opinion_line(opinion: Opinion) -> str:
    """Return what is thought of a comment, as the queue says it to moderators."""
    if opinion.judge is Judge.AKISMET:
        return _("takes it for spam.") if opinion.score else _("takes it for no spam.")
    said = _("%(n)s %% like what was removed here before.", n=opinion.score)
    return f"{said} {_('Words: %(words)s.', words=opinion.words)}" if opinion.words else said
