"""Editing private information out of a comment; the earlier words are sealed, and can come back."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from discuss.accounts.models import Account
from discuss.base import clock, rendering
from discuss.base.db import UTC, Base, session
from discuss.comments.errors import EditedElsewhere
from discuss.comments.models import Comment, Reason, State
from discuss.letters import actions as letters
from discuss.letters.models import Letter
from discuss.moderation.actions import comment_here, refuse_without_note
from discuss.moderation.decisions import record, refuse_unless_moderator
from discuss.moderation.errors import AlreadyUndone, NotShown
from discuss.moderation.models import Act, Decision


class Redaction(Base):
    """What a comment said before a moderator changed it; moderators and its author read it."""

    __tablename__ = "redactions"
    __table_args__ = (
        ForeignKeyConstraint(["letter_id", "number"], ["comments.letter_id", "comments.number"]),
        Index("redactions_by_comment", "letter_id", "number", "decision_id"),
    )

    decision_id: Mapped[int] = mapped_column(ForeignKey("decisions.id"), primary_key=True)
    letter_id: Mapped[int]
    number: Mapped[int]
    source: Mapped[str]
    redacted_at: Mapped[datetime | None] = mapped_column(UTC)
    """The comment's own, as it was before."""


def redact(
    letter: Letter,
    moderator: Account,
    number: int,
    source: str,
    reason: Reason,
    note: str = "",
    *,
    seen: int | None = None,
) -> Decision | None:
    """Replace a comment's words by what may stay of them; a line says that a moderator did.

    :param letter: whose thread.
    :param moderator: who decides.
    :param number: the comment.
    :param source: what it is to say.
    :param reason: told to its author.
    :param note: for the log alone.
    :param seen: the comment's `changed` when the form was opened; nothing skips the comparison.
    :returns: the decision; nothing when it says so already.
    :raises CommentDeleted: its author was faster.
    :raises NotShown: it was removed.
    :raises EditedElsewhere: it was changed since the form was opened.
    :raises NoteNeeded: the reason is "other" and nothing says which.
    """
    refuse_unless_moderator(moderator)
    refuse_without_note(reason, note)
    changed = letters.tick(letter)
    comment = shown(letter, number)
    if comment.source == source:
        return None
    if seen is not None and comment.changed != seen:
        raise EditedElsewhere(comment.source)
    decision = _record(letter, moderator, comment, Act.REDACTED, reason=reason, note=note)
    _replace(comment, decision, source, clock.now(), changed)
    return decision


def swap_back(moderator: Account, decision: Decision) -> Decision | None:
    """Undo a moderator's edit, or the undoing of one: the words from before it come back.

    :raises CommentDeleted: its author has deleted it.
    :raises NotShown: it was removed; restore it first.
    :raises AlreadyUndone: what it said is not kept any more.
    """
    refuse_unless_moderator(moderator)
    letter = session.get_one(Letter, decision.letter_id)
    changed = letters.tick(letter)
    comment = shown(letter, decision.number or 0)
    if (before := session.get(Redaction, decision.id)) is None:
        raise AlreadyUndone
    act = Act.UNREDACTED if decision.act is Act.REDACTED else Act.REDACTED
    undoing = _record(
        letter, moderator, comment, act, undoes=decision, reason=decision.reason, note=decision.note
    )
    _replace(comment, undoing, before.source, before.redacted_at, changed)
    return undoing


def shown(letter: Letter, number: int) -> Comment:
    """Return a comment whose words can be read, as it is under the letter's lock.

    :raises NotShown: it was removed.
    """
    comment = comment_here(letter, number)
    if comment.state is not State.VISIBLE or number == 0:
        raise NotShown
    return comment


def earlier_words(letter_id: int, number: int) -> list[sa.Row[str, datetime, Reason | None]]:
    """Return what a comment said before each edit of a moderator's, and why, newest first."""
    wanted = (
        sa.select(Redaction.source, Decision.at, Decision.reason)
        .join(Decision, Decision.id == Redaction.decision_id)
        .where(
            Redaction.letter_id == letter_id,
            Redaction.number == number,
            Decision.act == Act.REDACTED,
        )
        .order_by(Redaction.decision_id.desc())
    )
    return list(session.execute(wanted))


def forget_deleted(comment: Comment) -> None:
    """Drop what a comment said before, once its author has deleted it."""
    session.execute(
        sa.delete(Redaction).where(
            Redaction.letter_id == comment.letter_id, Redaction.number == comment.number
        )
    )


def _record(
    letter: Letter,
    moderator: Account,
    comment: Comment,
    act: Act,
    *,
    undoes: Decision | None = None,
    reason: Reason | None,
    note: str,
) -> Decision:
    return record(
        moderator,
        act,
        f"words {letter.id}/{comment.number}",
        (State.VISIBLE, State.VISIBLE),
        undoes=undoes,
        reason=reason,
        note=note,
        letter_id=letter.id,
        number=comment.number,
        subject_id=comment.account_id,
    )


def _replace(
    comment: Comment, decision: Decision, source: str, at: datetime | None, changed: int
) -> None:
    session.add(
        Redaction(
            decision_id=decision.id,
            letter_id=comment.letter_id,
            number=comment.number,
            source=comment.source,
            redacted_at=comment.redacted_at,
        )
    )
    comment.source, comment.html = source, str(rendering.comment_html(source))
    comment.redacted_at, comment.changed = at, changed
    session.flush()
