"""What a moderator does with a comment that waits: approve it, refuse it, put it back.

A held comment is not in the thread. Approved, it gets its number there; when the approval is
undone, the words wait again and the number is kept for them, a tombstone in their place.
"""

import sqlalchemy as sa
from flask_babel import gettext as _

from discuss.accounts.models import Account
from discuss.base import clock
from discuss.base.db import session
from discuss.base.errors import NotFound
from discuss.comments import actions as comments
from discuss.comments.errors import (
    CommentDeleted,
    NoSuchParent,
    ParentRemoved,
    ThreadLocked,
)
from discuss.comments.forms import Excerpt, Remark
from discuss.comments.models import (
    Comment,
    HeldComment,
    Reason,
    SealedWords,
    State,
    Submission,
)
from discuss.letters import actions as letters
from discuss.letters.models import Letter
from discuss.moderation.actions import refuse_without_note, thing
from discuss.moderation.decisions import record, refuse_unless_moderator, taken
from discuss.moderation.errors import AlreadyDecided, NotApproved
from discuss.moderation.models import Act, Decision
from discuss.moderation.queue import opinions
from discuss.moderation.taking_out import take_out

HELD, REFUSED = "held", "refused"  # states of a comment that is not in the thread


def approve(held_id: int, moderator: Account, *, undoes: Decision | None = None) -> Decision | None:
    """Put a held comment into the thread.

    It keeps the time at which it was written: that is what its author did then, and the quarter
    of an hour for edits must not begin anew after a moderator has read the words.

    :param held_id: the held comment.
    :param moderator: who decides.
    :param undoes: the decision to hold it that this undoes.
    :returns: the decision, which names the comment's number; nothing when it was approved before.
    :raises NotApproved: what it answers is gone, or the thread is locked.
    :raises AlreadyDecided: it was removed meanwhile.
    :raises NotFound: there is none; its author may have taken it back.
    """
    refuse_unless_moderator(moderator)
    held = _taken_held(held_id)
    if held is None:
        if _was_approved(held_id):
            return None
        raise NotFound
    if held.refused_at is not None:
        raise AlreadyDecided(_("It was removed. Undo that in the log to approve it."))
    letter = session.get_one(Letter, held.letter_id)
    place = place_of(held)
    comment = _published(letter, held) if place is None else _put_back(letter, place, held)
    session.execute(
        sa.update(Submission)
        .where(Submission.held_id == held.id, Submission.account_id == held.account_id)
        .values(number=comment.number, held_id=None)
    )
    opinions.carry(held, comment)
    session.delete(held)
    session.flush()
    return record(
        moderator,
        Act.APPROVED,
        thing(comment),
        (HELD, State.VISIBLE),
        undoes=undoes,
        note=held.reason,
        letter_id=letter.id,
        number=comment.number,
        held_id=held.id,
        subject_id=held.account_id,
    )


def refuse_held(
    held_id: int,
    moderator: Account,
    reason: Reason,
    note: str = "",
    *,
    undoes: Decision | None = None,
) -> Decision | None:
    """Keep a held comment out of the thread; its words are kept, so that this can be undone.

    :param held_id: the held comment.
    :param moderator: who decides.
    :param reason: why.
    :param note: for the log alone.
    :param undoes: the decision to hold it that this undoes.
    :returns: the decision; nothing when it was refused before.
    :raises AlreadyDecided: it was approved meanwhile.
    :raises NotFound: there is none; its author may have taken it back.
    :raises NoteNeeded: the reason is "other" and nothing says which.
    """
    refuse_unless_moderator(moderator)
    refuse_without_note(reason, note)
    held = _taken_held(held_id)
    if held is None and _was_approved(held_id):
        raise AlreadyDecided(_("It was approved. Remove it in the discussion."))
    if held is None:
        raise NotFound
    if held.refused_at is not None:
        return None
    held.refused_at = clock.now()
    place = place_of(held)
    if place is not None:
        _say_reason(held, place, reason)
    session.flush()
    return record(
        moderator,
        Act.REFUSED,
        _about(held, place),
        (HELD, REFUSED),
        undoes=undoes,
        reason=reason,
        note=note,
        letter_id=held.letter_id,
        number=place.number if place else None,
        held_id=held.id,
        subject_id=held.account_id,
    )


def put_back_refused(moderator: Account, refusal: Decision) -> Decision | None:
    """Undo a refusal: the words wait in the queue again.

    :returns: the decision; nothing when they wait already.
    :raises NotFound: their author has taken them back.
    """
    refuse_unless_moderator(moderator)
    held = _taken_held(refusal.held_id or 0)
    if held is None or held.account_id != refusal.subject_id:
        raise NotFound
    if held.refused_at is None:
        return None
    held.refused_at = None
    place = place_of(held)
    if place is not None:
        _say_reason(held, place, Reason.OTHER)
    session.flush()
    return _record_held(moderator, refusal, held, (REFUSED, HELD))


def put_back_approved(moderator: Account, approval: Decision) -> Decision | None:
    """Undo an approval: the words leave the thread and wait in the queue again.

    Whoever answered meanwhile keeps their place: the number stays, under a tombstone.

    :returns: the decision; nothing when the comment is not in the thread.
    :raises CommentDeleted: its author has deleted it.
    """
    refuse_unless_moderator(moderator)
    letter = session.get_one(Letter, approval.letter_id)
    changed = letters.tick(letter)
    comment = session.get_one(Comment, (letter.id, approval.number), populate_existing=True)
    if comment.state is State.DELETED or comment.account_id is None:
        raise CommentDeleted
    if comment.state is State.REMOVED:
        return None
    held = take_out(letter, comment, changed, approval.note, Reason.OTHER)
    return _record_held(moderator, approval, held, (State.VISIBLE, HELD))


def place_of(held: HeldComment) -> Comment | None:
    """Return the tombstone that keeps the number of a held comment which was approved once.

    Its words are in the held row and nowhere else, so none are sealed; author and time, to the
    microsecond, tell which it is.
    """
    return session.scalar(
        sa.select(Comment)
        .where(
            Comment.account_id == held.account_id,
            Comment.posted_at == held.posted_at,
            Comment.letter_id == held.letter_id,
            Comment.state == State.REMOVED,
            ~sa.exists().where(
                SealedWords.letter_id == Comment.letter_id, SealedWords.number == Comment.number
            ),
        )
        .limit(1)
    )


def forget_deleted(comment: Comment) -> None:
    """Drop the words that wait to go back under a number which their author has deleted."""
    gone = session.scalars(
        sa.delete(HeldComment)
        .where(
            HeldComment.letter_id == comment.letter_id,
            HeldComment.account_id == comment.account_id,
            HeldComment.posted_at == comment.posted_at,
        )
        .returning(HeldComment.id)
    )
    opinions.forget_held(gone)


def _taken_held(held_id: int) -> HeldComment | None:
    """Return a held comment, its letter's row locked first and then its own."""
    letter_id = session.scalar(sa.select(HeldComment.letter_id).where(HeldComment.id == held_id))
    if letter_id is None:
        return None
    taken(Letter.clock, Letter.id == letter_id)
    return next(iter(taken(HeldComment.reason, HeldComment.id == held_id)), None)


def _was_approved(held_id: int) -> bool:
    last = session.scalar(
        sa.select(Decision.act)
        .where(Decision.held_id == held_id)
        .order_by(Decision.id.desc())
        .limit(1)
    )
    return last is Act.APPROVED


def _published(letter: Letter, held: HeldComment) -> Comment:
    remark = Remark(source=held.source, parent=held.parent, excerpt=_excerpt(held))
    try:
        return comments.publish(
            letter, held.account_id, remark, held.html, posted_at=held.posted_at
        )
    except (ParentRemoved, NoSuchParent) as error:
        raise NotApproved(
            _(
                "The comment that it answers was removed or deleted meanwhile. "
                "Restore that one first, or remove this one too."
            )
        ) from error
    except ThreadLocked as error:
        raise NotApproved(
            _("Its discussion is closed. Unlock it first, or remove this comment.")
        ) from error


def _put_back(letter: Letter, place: Comment, held: HeldComment) -> Comment:
    """Give the words their old number back."""
    place.changed = letters.tick(letter, comments=1)
    place.source, place.html = held.source, held.html
    for name, value in _excerpt(held).columns().items():
        setattr(place, name, value)
    place.state, place.removed_for = State.VISIBLE, None
    return place


def _say_reason(held: HeldComment, place: Comment, reason: Reason) -> None:
    place.changed = letters.tick(session.get_one(Letter, held.letter_id))
    place.removed_for = reason


def _record_held(
    moderator: Account, undone: Decision, held: HeldComment, change: tuple[str, str]
) -> Decision:
    return record(
        moderator,
        Act.HELD,
        undone.about,
        change,
        undoes=undone,
        note=held.reason,
        letter_id=undone.letter_id,
        number=undone.number,
        held_id=held.id,
        subject_id=held.account_id,
    )


def _about(held: HeldComment, place: Comment | None) -> str:
    return f"held {held.id}" if place is None else thing(place)


def _excerpt(row: Comment | HeldComment) -> Excerpt:
    return Excerpt(row.passage, row.quote, row.quote_prefix, row.quote_suffix)
