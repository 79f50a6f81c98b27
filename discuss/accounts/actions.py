"""What a person does with their account, and what an operator does with somebody's."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from discuss.accounts import login, names, oauth, queries
from discuss.accounts.errors import IdentityTaken, LastIdentity, NameTooAlike
from discuss.accounts.events import account_renamed
from discuss.accounts.models import LONGEST_NAME, Account, ApiToken, Identity, Role, SignIn
from discuss.accounts.providers import Profile
from discuss.base import clock
from discuss.base.db import is_sqlite, session
from discuss.base.errors import NotFound
from discuss.base.ids import digest, token


def sign_in_with(profile: Profile) -> Account:
    """Sign this browser in as the person a provider says it is, known here or new.

    :param profile: the provider's word; never its e-mail decides whose account it is.
    """
    identity = recognise(profile)
    login.sign_in(identity.account, identity)
    return identity.account


def recognise(profile: Profile) -> Identity:
    """Return the identity of a person, with an account of their own when they are new."""
    identity = queries.identity(profile) or _introduce(profile)
    return _refreshed(identity, profile)


def link(profile: Profile, account: Account) -> Identity:
    """Let somebody sign in to their account through one more provider.

    :param profile: the provider's word on the very person who is signed in as `account`.
    :raises IdentityTaken: it signs in another account.
    """
    if (identity := queries.identity(profile)) is None:
        _claim(profile, account)
        identity = queries.identity(profile)
    if identity is None or identity.account_id != account.id:
        raise IdentityTaken(oauth.name_of(profile.provider))
    return _refreshed(identity, profile)


def unlink(account: Account, identity_id: int, here: SignIn | None = None) -> None:
    """Let somebody no longer sign in through a provider; browsers that did are signed out.

    :param here: the browser that asks, which stays signed in.
    :raises NotFound: the account has no such identity.
    :raises LastIdentity: no usable one would be left.
    """
    session.get(Account, account.id, with_for_update=True)  # two at once would leave none
    identity = session.get(Identity, identity_id)
    if identity is None or identity.account_id != account.id:
        raise NotFound
    others = [one for one in queries.identities(account) if one.id != identity_id]
    usable = [one for one in others if one.provider in oauth.services()]
    if not usable:
        raise LastIdentity
    came_by_it = SignIn.identity_id == identity_id
    if here is not None:
        session.execute(
            sa.update(SignIn)
            .where(SignIn.digest == here.digest, came_by_it)
            .values(identity_id=usable[0].id)
        )
    session.execute(sa.delete(SignIn).where(came_by_it))
    session.execute(sa.delete(Identity).where(Identity.id == identity_id))
    # Counted once more, now that SQLite has let no other writer in since.
    if not queries.identities(account):
        raise LastIdentity
    session.expire(account, ["identities"])


def rename(account: Account, name: str) -> None:
    """Show another name beside somebody's comments, everywhere.

    :param name: cleaned already.
    :raises NameTooAlike: readers would take it for that of somebody who runs the site.
    """
    if name == account.name:
        return
    if names.is_like_a_moderators(name, but=account):
        raise NameTooAlike
    account.name = name
    session.flush()
    account_renamed.send(account)


def grant(account: Account, role: Role) -> None:
    """Let an account do what its new role may, and no more."""
    account.role = role
    session.flush()
    account_renamed.send(account)


def log_out_elsewhere(account: Account, here: SignIn | None) -> int:
    """End every session of an account but this browser's; returns how many ended."""
    others = sa.delete(SignIn).where(SignIn.account_id == account.id)
    if here is not None:
        others = others.where(SignIn.digest != here.digest)
    done = session.execute(others)
    return int(done.rowcount)  # type: ignore[attr-defined]  # a CursorResult, as every DELETE's


def make_token(account: Account) -> str:
    """Return a new API token that speaks for an account; only its digest is kept."""
    made = token()
    session.add(ApiToken(digest=digest(made), account_id=account.id))
    session.flush()
    return made


def _introduce(profile: Profile) -> Identity:
    seed = digest(f"{profile.provider}\n{profile.issuer}\n{profile.subject}")
    account = Account(name=names.given(profile.name, seed))
    session.add(account)
    session.flush()
    if not _claim(profile, account):  # the same person came by another request just now
        session.delete(account)
        session.flush()
    found = queries.identity(profile)
    assert found is not None  # noqa: S101 - either we or the other request made it
    return found


def _claim(profile: Profile, account: Account) -> bool:
    """Insert an identity; of equal ones at once, one is inserted and the others wait for it."""
    insert = sqlite.insert if is_sqlite() else postgresql.insert
    now = clock.now()
    statement: Any = insert(Identity).values(
        account_id=account.id,
        provider=profile.provider,
        issuer=profile.issuer,
        subject=profile.subject,
        linked_at=now,
        used_at=now,
        **_told(profile),
    )
    statement = statement.on_conflict_do_nothing(index_elements=["provider", "issuer", "subject"])
    return session.scalar(statement.returning(Identity.id)) is not None


def _refreshed(identity: Identity, profile: Profile) -> Identity:
    identity.used_at = clock.now()
    for column, value in _told(profile).items():
        setattr(identity, column, value)
    session.flush()
    return identity


def _told(profile: Profile) -> dict[str, Any]:
    return {
        "label": names.cleaned(profile.name)[:LONGEST_NAME],
        "email": profile.email,
        "email_verified": profile.email is not None and profile.email_verified,
    }
