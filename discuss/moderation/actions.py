"""What a moderator does to a comment in the thread, to the thread, and to an account.

Each act writes one line of the log, or nothing where it was so already: then it returns None.
The letter's row is taken first, here as in every package. Functions flush; the boundary commits.
"""

from datetime import datetime

import sqlalchemy as sa

from discuss.accounts.models import Account, Role
from discuss.base import clock
from discuss.base.db import connection, session
from discuss.comments import queries, sealing
from discuss.comments.errors import CommentDeleted
from discuss.comments.models import Comment, Reason, SealedWords, State
from discuss.letters import actions as letters
from discuss.letters.models import Letter
from discuss.moderation import reports
from discuss.moderation.decisions import record, refuse_unless_moderator, taken
from discuss.moderation.errors import CannotBan, NoteNeeded, WordsGone
from discuss.moderation.models import Act, Ban, Decision

_STANDS = (
    Ban.account_id == sa.bindparam("account"),
    sa.or_(Ban.until.is_(None), Ban.until > sa.bindparam("now")),
)
_STANDING_BAN = sa.select(Ban.reason, Ban.until).where(*_STANDS)
IS_BANNED = sa.exists().where(*_STANDS)
"""Whether `account` may not comment, `now`."""


def remove(
    letter: Letter,
    moderator: Account,
    number: int,
    reason: Reason,
    note: str = "",
    *,
    undoes: Decision | None = None,
) -> Decision | None:
    """Take a comment's words out of the thread; a tombstone with the reason stays.

    :param letter: whose thread.
    :param moderator: who decides.
    :param number: the comment.
    :param reason: shown on the tombstone.
    :param note: for the log alone.
    :param undoes: the restoration that this undoes.
    :returns: the decision; nothing when it was removed already, whatever for.
    :raises CommentDeleted: its author was faster.
    :raises NoteNeeded: the reason is "other" and nothing says which.
    """
    refuse_unless_moderator(moderator)
    refuse_without_note(reason, note)
    if queries.comment(letter, number).state is State.REMOVED:
        return None  # without a tick: pressing twice makes no page stale
    changed = letters.tick(letter)
    comment = comment_here(letter, number)
    if comment.state is State.REMOVED:
        return None
    sealing.seal(comment, State.REMOVED)
    comment.state, comment.removed_for, comment.changed = State.REMOVED, reason, changed
    letter.comment_count -= 1
    session.flush()
    decision = record(
        moderator,
        Act.REMOVED,
        thing(comment),
        (State.VISIBLE, State.REMOVED),
        undoes=undoes,
        reason=reason,
        note=note,
        letter_id=letter.id,
        number=number,
        subject_id=comment.account_id,
    )
    reports.close(decision)
    return decision


def restore(
    letter: Letter, moderator: Account, number: int, *, undoes: Decision | None = None
) -> Decision | None:
    """Put a removed comment's words back into the thread.

    Reports that the removal answered are open again only where the removal itself is undone: a
    moderator who restores after an appeal has answered them a second time.

    :param undoes: the removal that this undoes.
    :returns: the decision; nothing when the comment can be read already.
    :raises CommentDeleted: its author has deleted it, which no moderator takes back.
    :raises WordsGone: none were kept, or they wait in the queue.
    """
    refuse_unless_moderator(moderator)
    if queries.comment(letter, number).state is State.VISIBLE:
        return None
    changed = letters.tick(letter)
    comment = comment_here(letter, number)
    if comment.state is State.VISIBLE:
        return None
    if session.get(SealedWords, (letter.id, number), populate_existing=True) is None:
        raise WordsGone
    sealing.unseal(comment)
    comment.state, comment.removed_for, comment.changed = State.VISIBLE, None, changed
    letter.comment_count += 1
    session.flush()
    if undoes is not None:
        reports.reopen_closed_by(undoes)
    return record(
        moderator,
        Act.RESTORED,
        thing(comment),
        (State.REMOVED, State.VISIBLE),
        undoes=undoes,
        letter_id=letter.id,
        number=number,
        subject_id=comment.account_id,
    )


def lock(letter: Letter, moderator: Account, *, undoes: Decision | None = None) -> Decision | None:
    """Let a thread take no more comments.

    :param undoes: the unlocking that this undoes.
    :returns: the decision; nothing when a moderator has locked it already.
    """
    return _set_lock(letter, moderator, locked=True, undoes=undoes)


def unlock(
    letter: Letter, moderator: Account, *, undoes: Decision | None = None
) -> Decision | None:
    """Let a locked thread take comments again, as far as its policy and its end allow.

    :param undoes: the lock that this undoes.
    :returns: the decision; nothing when no moderator has locked it.
    """
    return _set_lock(letter, moderator, locked=False, undoes=undoes)


def ban(
    account: Account,
    moderator: Account,
    reason: Reason,
    note: str = "",
    until: datetime | None = None,
    *,
    undoes: Decision | None = None,
) -> Decision | None:
    """Stop an account from commenting, from its next request on.

    :param account: whom.
    :param moderator: who decides.
    :param reason: told to whom it concerns.
    :param note: for the log alone.
    :param until: when it ends by itself; nothing means not at all.
    :param undoes: the lifting that this undoes.
    :returns: the decision; nothing when a ban stands already: lift it first to change it.
    :raises CannotBan: see `may_ban`.
    :raises NoteNeeded: the reason is "other" and nothing says which.
    """
    refuse_unless_moderator(moderator)
    refuse_without_note(reason, note)
    (account,) = taken(Account.role, Account.id == account.id)
    if not may_ban(moderator, account.role):
        raise CannotBan
    if standing_ban(account.id) is not None:
        return None
    session.merge(
        Ban(account_id=account.id, reason=reason, note=note, since=clock.now(), until=until)
    )
    return record(
        moderator,
        Act.BANNED,
        f"ban {account.id}",
        ("free", "banned"),
        undoes=undoes,
        reason=reason,
        note=note,
        until=until,
        subject_id=account.id,
    )


def unban(
    account: Account, moderator: Account, *, undoes: Decision | None = None
) -> Decision | None:
    """Let an account comment again.

    :param undoes: the ban that this undoes.
    :returns: the decision; nothing when no ban stands, or it has ended by itself.
    """
    refuse_unless_moderator(moderator)
    (account,) = taken(Account.role, Account.id == account.id)
    if standing_ban(account.id) is None:
        return None
    if not may_ban(moderator, account.role):
        raise CannotBan
    session.execute(sa.delete(Ban).where(Ban.account_id == account.id))
    return record(
        moderator,
        Act.UNBANNED,
        f"ban {account.id}",
        ("banned", "free"),
        undoes=undoes,
        subject_id=account.id,
    )


def may_ban(moderator: Account, role: Role) -> bool:
    """Whether somebody may ban accounts of a role: no administrator's, and none of their own."""
    if role is Role.ADMINISTRATOR or not moderator.moderates_site:
        return False
    return moderator.is_administrator or role is not Role.MODERATOR


def standing_ban(account_id: int) -> sa.Row[Reason, datetime | None] | None:
    """Return why an account may not comment now, and until when; nothing where it may."""
    asked = {"account": account_id, "now": clock.now()}
    return connection().execute(_STANDING_BAN, asked).one_or_none()


def refuse_without_note(reason: Reason, note: str) -> None:
    """Refuse the reason that says nothing by itself.

    :raises NoteNeeded: it is "other", and there is no note.
    """
    if reason is Reason.OTHER and not note:
        raise NoteNeeded


def thing(comment: Comment) -> str:
    """Return a comment's name in the log's `about`."""
    return f"comment {comment.letter_id}/{comment.number}"


def comment_here(letter: Letter, number: int) -> Comment:
    """Return a comment as it is under the letter's lock; what its author deleted is gone."""
    comment = session.get_one(Comment, (letter.id, number), populate_existing=True)
    if comment.state is State.DELETED:
        raise CommentDeleted
    return comment


def _set_lock(
    letter: Letter, moderator: Account, *, locked: bool, undoes: Decision | None
) -> Decision | None:
    refuse_unless_moderator(moderator)
    if (letter.locked_at is not None) is locked:
        return None
    letters.tick(letter)
    if (letter.locked_at is not None) is locked:
        return None
    letter.locked_at = clock.now() if locked else None
    states = ("open", "locked") if locked else ("locked", "open")
    return record(
        moderator,
        Act.LOCKED if locked else Act.UNLOCKED,
        f"lock {letter.id}",
        states,
        undoes=undoes,
        letter_id=letter.id,
    )
