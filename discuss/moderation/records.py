"""What moderators want to know of somebody before they decide."""

from dataclasses import dataclass, field

import sqlalchemy as sa

from discuss.accounts.models import Account, Identity
from discuss.base import clock
from discuss.base.db import session
from discuss.base.errors import NotFound
from discuss.comments.models import Comment, State
from discuss.moderation.models import Ban

MOST_COUNTED = 199  # of an author's comments; who has written more is known here


@dataclass
class AuthorRecord:
    """What a moderator wants to know of somebody before deciding."""

    account: Account
    comments: int = 0
    removed: int = 0
    providers: list[str] = field(default_factory=list)
    ban: Ban | None = None


def records(account_ids: set[int]) -> dict[int, AuthorRecord]:
    """Return what is known of these authors, by account, in four statements."""
    accounts = session.scalars(sa.select(Account).where(Account.id.in_(account_ids)))
    found = {account.id: AuthorRecord(account) for account in accounts}
    for account_id, comments, removed in session.execute(
        sa.select(
            Account.id,
            _counted(Comment.state != State.DELETED),
            _counted(Comment.state == State.REMOVED),
        ).where(Account.id.in_(account_ids))
    ):
        found[account_id].comments, found[account_id].removed = comments, removed
    for account_id, provider in session.execute(
        sa.select(Identity.account_id, Identity.provider)
        .where(Identity.account_id.in_(account_ids))
        .order_by(Identity.id)
    ):
        found[account_id].providers.append(provider)
    for ban in session.scalars(
        sa.select(Ban).where(
            Ban.account_id.in_(account_ids),
            sa.or_(Ban.until.is_(None), Ban.until > clock.now()),
        )
    ):
        found[ban.account_id].ban = ban
    return found


def _counted(condition: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
    """Count an account's comments as far as it is shown."""
    some = (
        sa.select(sa.literal(1))
        .where(Comment.account_id == Account.id, condition)
        .limit(MOST_COUNTED + 1)
        .correlate(Account)
        .subquery()
    )
    return sa.select(sa.func.count()).select_from(some).scalar_subquery()


def record_of(account_id: int) -> AuthorRecord:
    """Return what is known of one author.

    :raises NotFound: there is no such account.
    """
    found = records({account_id}).get(account_id) if 0 < account_id < 2**31 else None
    if found is None:
        raise NotFound
    return found
