"""A removal as something that is appealed against: whether it stands, and bringing back."""

import sqlalchemy as sa

from discuss.accounts.models import Account
from discuss.base.db import session
from discuss.comments.models import Comment, HeldComment, Reason, SealedWords, State
from discuss.letters.models import Letter
from discuss.moderation import actions, holding
from discuss.moderation.decisions import latest
from discuss.moderation.models import Act, Decision


def stands(decision: Decision) -> bool:
    """Whether what a removal took away is still away, and its author has not deleted it."""
    if _held(decision) is not None:
        return True
    number = number_of(decision)
    comment = session.get(Comment, (decision.letter_id, number)) if number else None
    last = latest(decision.about)
    is_last = decision.act is Act.REFUSED or (last is not None and last.id == decision.id)
    return is_last and comment is not None and comment.state is State.REMOVED


def words_of(decision: Decision) -> str | None:
    """Return what the comment said that a decision is about, nothing where that is not kept."""
    if (held := _held(decision) or _waiting(decision)) is not None:
        return held.source
    return session.scalar(
        sa.select(SealedWords.source).where(
            SealedWords.letter_id == decision.letter_id,
            SealedWords.number == number_of(decision),
            SealedWords.why == State.REMOVED,
        )
    )


def number_of(decision: Decision) -> int | None:
    """Return the number of the comment that a decision is about; a refused one may have none."""
    if decision.number is not None or decision.held_id is None:
        return decision.number
    return session.scalar(
        sa.select(Decision.number)
        .where(Decision.subject_id == decision.subject_id, Decision.held_id == decision.held_id)
        .order_by(Decision.number.desc().nulls_last())
        .limit(1)
    )


def bring_back(decision: Decision, moderator: Account) -> None:
    """Put what was removed, or not let in, into the discussion."""
    if (held := _held(decision) or _waiting(decision)) is not None:
        if held.refused_at is not None:
            holding.put_back_refused(moderator, _refusal_of(held))
        holding.approve(held.id, moderator)
    elif (number := number_of(decision)) is not None:
        actions.restore(session.get_one(Letter, decision.letter_id), moderator, number)


def remove_again(decision: Decision, moderator: Account, note: str) -> None:
    """Take out again what was brought back, for the same reason.

    :param note: for the log, where the removal has none any more.
    """
    if (number := number_of(decision)) is not None:
        letter = session.get_one(Letter, decision.letter_id)
        reason = decision.reason or Reason.OTHER
        actions.remove(letter, moderator, number, reason, decision.note or note or "–")


def _held(decision: Decision) -> HeldComment | None:
    """Return the refused comment whose words still wait apart from the thread."""
    if decision.act is not Act.REFUSED or decision.held_id is None:
        return None
    held = session.get(HeldComment, decision.held_id)
    is_it = held is not None and held.account_id == decision.subject_id
    return held if held is not None and is_it and held.refused_at is not None else None


def _waiting(decision: Decision) -> HeldComment | None:
    """Return the words that went from the thread into the queue: their approval was undone."""
    number = number_of(decision)
    comment = session.get(Comment, (decision.letter_id, number)) if number else None
    if comment is None or comment.state is not State.REMOVED:
        return None
    return session.scalar(
        sa.select(HeldComment).where(
            HeldComment.letter_id == comment.letter_id,
            HeldComment.account_id == comment.account_id,
            HeldComment.posted_at == comment.posted_at,
        )
    )


def _refusal_of(held: HeldComment) -> Decision:
    wanted = sa.select(Decision).where(Decision.held_id == held.id, Decision.act == Act.REFUSED)
    return session.scalars(wanted.order_by(Decision.id.desc()).limit(1)).one()
