"""Reads about accounts, named after the question."""

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from discuss.accounts.models import Account, ApiToken, Identity, Role, SignIn
from discuss.accounts.providers import Profile
from discuss.base.db import session
from discuss.base.ids import digest


def identity(profile: Profile) -> Identity | None:
    """Return the identity of this person at this provider, with its account, if it is known."""
    return session.scalar(
        sa.select(Identity)
        .options(joinedload(Identity.account))
        .where(
            Identity.provider == profile.provider,
            Identity.issuer == profile.issuer,
            Identity.subject == profile.subject,
        )
    )


def identities(account: Account) -> list[Identity]:
    """Return every way in which this account signs in, the first linked first."""
    wanted = sa.select(Identity).where(Identity.account_id == account.id).order_by(Identity.id)
    return list(session.scalars(wanted))


def sign_ins(account: Account) -> list[SignIn]:
    """Return the browsers in which this account is signed in, the last seen first."""
    wanted = sa.select(SignIn).where(SignIn.account_id == account.id)
    return list(session.scalars(wanted.order_by(SignIn.seen_at.desc(), SignIn.digest)))


def account_of_token(token: str) -> Account | None:
    """Return the account for which a program speaks that sends this token."""
    wanted = sa.select(Account).join(ApiToken, ApiToken.account_id == Account.id)
    return session.scalar(wanted.where(ApiToken.digest == digest(token)))


def has_administrator() -> bool:
    """Whether anybody may give roles to others."""
    wanted = sa.exists().where(Account.role == Role.ADMINISTRATOR)
    return bool(session.scalar(sa.select(wanted)))


def accounts() -> Iterator[Account]:
    """Return every account with its identities, the oldest first, some at a time."""
    wanted = sa.select(Account).options(selectinload(Account.identities)).order_by(Account.id)
    return iter(session.scalars(wanted.execution_options(yield_per=500)))


def accounts_called(word: str) -> list[Account]:
    """Return the accounts that an operator may mean: the one of that id, else those of that name.

    :param word: an id as `accounts list` prints it, or a whole display name.
    """
    if word.isascii() and word.isdigit() and len(word) < 10:
        by_id = session.get(Account, int(word))
        if by_id is not None:
            return [by_id]
    wanted = sa.select(Account).where(Account.name == word).order_by(Account.id).limit(10)
    return list(session.scalars(wanted))
