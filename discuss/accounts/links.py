"""One-time links: the way in for the first administrator, and for whoever has lost every other."""

from datetime import timedelta

import sqlalchemy as sa
from flask_babel import gettext as _

from discuss.accounts.errors import LinkSpent
from discuss.accounts.models import Account, Role, SignInLink
from discuss.base import clock
from discuss.base.config import settings
from discuss.base.db import session
from discuss.base.ids import digest, token

VALID = timedelta(hours=1)


def make(account: Account | None) -> str:
    """Return the address of a new link; the database keeps its digest alone.

    :param account: whom it signs in; nobody for the first administrator.
    """
    made = token()
    session.add(
        SignInLink(
            digest=digest(made),
            account_id=account.id if account else None,
            expires_at=clock.now() + VALID,
        )
    )
    session.flush()
    return f"{settings().site_url}/signin/link/{made}"


def refuse_if_spent(made: str) -> None:
    """Refuse a link that signs nobody in.

    :param made: the last part of its address.
    :raises LinkSpent: it was used, is too old, or never was.
    """
    if session.scalar(sa.select(SignInLink.digest).where(*_is_good(made))) is None:
        raise LinkSpent


def spend(made: str) -> Account:
    """Use a link up, and return whom it signs in.

    :param made: the last part of its address.
    :raises LinkSpent: it was used, is too old, or never was.
    """
    used = session.execute(
        sa.update(SignInLink)
        .where(*_is_good(made))
        .values(used_at=clock.now())
        .returning(SignInLink.account_id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if used is None:
        raise LinkSpent
    if used.account_id is not None:
        return session.get_one(Account, used.account_id)
    return _first_administrator()


def forget_old() -> int:
    """Delete links that are past their hour; returns how many."""
    done = session.execute(sa.delete(SignInLink).where(SignInLink.expires_at < clock.now()))
    return int(done.rowcount)  # type: ignore[attr-defined]  # a CursorResult, as every DELETE's


def _is_good(made: str) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        SignInLink.digest == digest(made),
        SignInLink.used_at.is_(None),
        SignInLink.expires_at > clock.now(),
        # A link for the first administrator is worth nothing once there is one.
        SignInLink.account_id.is_not(None) | ~sa.exists().where(Account.role == Role.ADMINISTRATOR),
    )


def _first_administrator() -> Account:
    account = Account(name=_("Administrator"), role=Role.ADMINISTRATOR)
    session.add(account)
    session.flush()
    return account
