"""Warnings: a moderator tells somebody what was wrong; they see it until they say they read it."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from discuss.accounts.models import Account
from discuss.base import clock
from discuss.base.db import UTC, Base, enum_text, session
from discuss.base.errors import NotFound
from discuss.comments.models import Reason
from discuss.moderation.actions import may_ban, refuse_without_note
from discuss.moderation.decisions import record, refuse_unless_moderator, taken
from discuss.moderation.errors import AlreadyUndone, CannotWarn
from discuss.moderation.models import LONGEST_NOTE, Act, Decision


class Warning(Base):
    """What a moderator told an account; shown to it until it is read, or withdrawn."""

    __tablename__ = "warnings"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    reason: Mapped[Reason] = mapped_column(enum_text(Reason))
    words: Mapped[str] = mapped_column(String(LONGEST_NOTE), default="")
    at: Mapped[datetime] = mapped_column(UTC, default=clock.now)
    read_at: Mapped[datetime | None] = mapped_column(UTC)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTC)


def warn(account: Account, moderator: Account, reason: Reason, words: str = "") -> Decision:
    """Tell somebody what was wrong, on every page of theirs until they have read it.

    :param account: whom.
    :param moderator: who decides.
    :param reason: which rule.
    :param words: what they read beside it; in the log as well.
    :raises CannotWarn: see `may_ban`.
    :raises NoteNeeded: the reason is "other" and nothing says which.
    """
    refuse_unless_moderator(moderator)
    refuse_without_note(reason, words)
    (account,) = taken(Account.role, Account.id == account.id)
    if not may_ban(moderator, account.role):
        raise CannotWarn
    warning = Warning(account_id=account.id, reason=reason, words=words)
    session.add(warning)
    session.flush()
    _show_what_is_open(account)
    return _record(moderator, warning, Act.WARNED)


def withdraw(moderator: Account, decision: Decision) -> Decision | None:
    """Undo a warning.

    :returns: the decision; nothing when it is withdrawn already.
    """
    return _set(moderator, decision, withdrawn=True)


def give_again(moderator: Account, decision: Decision) -> Decision | None:
    """Undo the withdrawal of a warning.

    :returns: the decision; nothing when it stands already.
    """
    return _set(moderator, decision, withdrawn=False)


def acknowledge(account: Account, warning_id: int) -> None:
    """Note that somebody has read a warning of theirs; a second time changes nothing.

    :raises NotFound: they have none like that.
    """
    found = session.get(Warning, warning_id)
    if found is None or found.account_id != account.id:
        raise NotFound
    (account,) = taken(Account.role, Account.id == account.id)
    found.read_at = found.read_at or clock.now()
    session.flush()
    _show_what_is_open(account)


def open_warnings(account: Account) -> list[Warning]:
    """Return what somebody has still to read, the oldest first."""
    wanted = sa.select(Warning).where(Warning.account_id == account.id, *_is_open())
    return list(session.scalars(wanted.order_by(Warning.id)))


def everything_of(account: Account) -> list[dict[str, Any]]:
    """Return what somebody was warned of, for their own file."""
    rows = session.scalars(
        sa.select(Warning).where(Warning.account_id == account.id).order_by(Warning.id)
    )
    return [{"at": one.at.isoformat(), "reason": one.reason, "words": one.words} for one in rows]


def forget(account: Account, *, keeps_words: bool) -> None:
    """Let go of what was said to somebody who leaves."""
    session.execute(sa.delete(Warning).where(Warning.account_id == account.id))
    account.has_warning = False


def _is_open() -> tuple[sa.ColumnElement[bool], ...]:
    return Warning.read_at.is_(None), Warning.withdrawn_at.is_(None)


def _show_what_is_open(account: Account) -> None:
    account.has_warning = bool(open_warnings(account))
    session.flush()


def _set(moderator: Account, decision: Decision, *, withdrawn: bool) -> Decision | None:
    refuse_unless_moderator(moderator)
    (account,) = taken(Account.role, Account.id == decision.subject_id)
    warning = session.get(Warning, int(decision.about.rpartition("/")[2]))
    if warning is None or warning.account_id != account.id:
        raise AlreadyUndone
    if (warning.withdrawn_at is not None) is withdrawn:
        return None
    warning.withdrawn_at = clock.now() if withdrawn else None
    session.flush()
    _show_what_is_open(account)
    return _record(moderator, warning, Act.UNWARNED if withdrawn else Act.WARNED, decision)


def _record(
    moderator: Account, warning: Warning, act: Act, undoes: Decision | None = None
) -> Decision:
    change = ("none", "warned") if act is Act.WARNED else ("warned", "none")
    return record(
        moderator,
        act,
        f"warning {warning.account_id}/{warning.id}",
        change,
        undoes=undoes,
        reason=warning.reason,
        note=warning.words,
        subject_id=warning.account_id,
    )
