"""Muting: an account's comments fold for one reader, who asked for it; nobody else sees it."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ForeignKey
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from discuss.accounts.models import Account
from discuss.base import clock
from discuss.base.db import UTC, Base, connection, is_sqlite, session
from discuss.base.errors import NotFound
from discuss.moderation.errors import MutedEnough, OwnMute

MOST = 1_000  # accounts that one reader mutes; each page of theirs reads them


class Mute(Base):
    """One reader folds what another account says."""

    __tablename__ = "mutes"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    muted_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True, index=True)
    since: Mapped[datetime] = mapped_column(UTC, default=clock.now)


def mute(reader: Account, muted_id: int | None) -> None:
    """Fold what an account says, for one reader; a second time changes nothing.

    :param muted_id: whose comments; imported ones have no account.
    :raises OwnMute: it is the reader's own.
    :raises NotFound: there is no such account.
    :raises MutedEnough: the reader mutes very many already.
    """
    if muted_id == reader.id:
        raise OwnMute
    if muted_id is None or session.get(Account, muted_id) is None:
        raise NotFound
    own = sa.select(sa.func.count()).select_from(Mute).where(Mute.account_id == reader.id)
    if (session.scalar(own) or 0) >= MOST:
        raise MutedEnough
    insert: Any = (sqlite.insert if is_sqlite() else postgresql.insert)(Mute)
    row = insert.values(account_id=reader.id, muted_id=muted_id, since=clock.now())
    session.execute(row.on_conflict_do_nothing())


def unmute(reader: Account, muted_id: int) -> None:
    """Show what an account says as everybody else sees it."""
    session.execute(sa.delete(Mute).where(Mute.account_id == reader.id, Mute.muted_id == muted_id))


def muted_by(reader: Account) -> frozenset[int]:
    """Return the ids of the accounts that a reader mutes."""
    return frozenset(connection().scalars(_MUTED, {"account": reader.id}))


def muted_accounts(reader: Account) -> list[Account]:
    """Return the accounts that a reader mutes, by name."""
    wanted = sa.select(Account).join(Mute, Mute.muted_id == Account.id)
    return list(session.scalars(wanted.where(Mute.account_id == reader.id).order_by(Account.name)))


def everything_of(account: Account) -> list[dict[str, Any]]:
    """Return whom somebody mutes, for their own file."""
    return [{"name": muted.name} for muted in muted_accounts(account)]


def forget(account: Account, *, keeps_words: bool) -> None:
    """Let go of whom somebody muted who leaves, and of who muted them."""
    session.execute(
        sa.delete(Mute).where(sa.or_(Mute.account_id == account.id, Mute.muted_id == account.id))
    )


_BY = Mute.account_id == sa.bindparam("account", type_=sa.Integer)
_MUTED = sa.select(Mute.muted_id).where(_BY)
HAS_MUTED = sa.exists().where(_BY)
"""Whether `account` mutes anybody."""
