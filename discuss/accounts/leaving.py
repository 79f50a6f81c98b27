"""How somebody leaves: at once out of sight, for good after 14 days, back until then by signing in.

What other packages hold of somebody is theirs to let go: they listen for `account_gone`.
"""

from datetime import timedelta

import sqlalchemy as sa

from discuss.accounts import actions, oauth, queries
from discuss.accounts.events import account_gone, account_renamed
from discuss.accounts.models import Account, ApiToken, Identity, Leaving, Role, SignIn, SignInLink
from discuss.base import clock
from discuss.base.db import session
from discuss.base.ids import digest, token

TIME_TO_RETURN = timedelta(days=14)
AT_ONCE = 100  # that one sweep queues; the next takes the rest


def leave(account: Account, *, keeps_words: bool = True, code: str | None = None) -> None:
    """Sign an account out everywhere, and let it go in 14 days.

    :param keeps_words: whether comments stay, without a name.
    :param code: under which the person can ask how far it is, where they were given one.
    """
    session.get(Account, account.id, with_for_update=True)  # a double click is one request
    stay(account)  # whoever asks again begins again
    session.add(
        Leaving(
            account_id=account.id,
            digest=digest(code) if code else None,
            keeps_words=keeps_words,
            due_at=clock.now() + TIME_TO_RETURN,
        )
    )
    for kind in (SignIn, ApiToken, SignInLink):
        session.execute(sa.delete(kind).where(kind.account_id == account.id))
    session.flush()


def stay(account: Account) -> bool:
    """Forget that an account was to go, for its owner has come back; whether it was."""
    kept = sa.delete(Leaving).where(Leaving.account_id == account.id, Leaving.done_at.is_(None))
    return bool(session.execute(kept).rowcount)  # type: ignore[attr-defined]  # a CursorResult


def let_go_of(identity: Identity) -> str:
    """Delete what a provider told us, because somebody asked the provider to see to that.

    Where it is the account's only way in, the account leaves; otherwise the identity does, now.

    :returns: the code under which they can ask how far it is.
    """
    code = token()
    account = identity.account
    others = [one for one in queries.identities(account) if one.id != identity.id]
    if any(one.provider in oauth.services() for one in others):
        actions.unlink(account, identity.id)
        session.add(Leaving(digest=digest(code), due_at=clock.now(), done_at=clock.now()))
        session.flush()
    else:
        identity.email, identity.email_verified = None, False
        leave(account, code=code)
    return code


def nothing_to_let_go() -> str:
    """Return a code for somebody of whom there is nothing here; it is done already."""
    code = token()
    session.add(Leaving(digest=digest(code), due_at=clock.now(), done_at=clock.now()))
    session.flush()
    return code


def end_sign_ins(identity: Identity) -> None:
    """End every session that came through an identity, and forget the address it brought."""
    session.execute(sa.delete(SignIn).where(SignIn.identity_id == identity.id))
    identity.email, identity.email_verified = None, False
    session.flush()


def due() -> list[int]:
    """Return the ids of the leavings whose time has come, the longest due first."""
    wanted = sa.select(Leaving.id).where(Leaving.done_at.is_(None), Leaving.due_at <= clock.now())
    return list(session.scalars(wanted.order_by(Leaving.due_at).limit(AT_ONCE)))


def go(leaving_id: int) -> None:
    """Delete an account whose time has come, unless its owner came back meanwhile."""
    leaving = session.get(Leaving, leaving_id, with_for_update=True)
    if leaving is None or leaving.account_id is None or leaving.due_at > clock.now():
        return
    account = session.get_one(Account, leaving.account_id)
    account_gone.send(account, keeps_words=leaving.keeps_words)
    for kind in (SignIn, ApiToken, SignInLink, Identity):
        session.execute(sa.delete(kind).where(kind.account_id == account.id))
    # The row stays, for comments, votes and decisions hang on it; nothing in it tells who it was.
    account.name, account.role = "", Role.ACCOUNT
    leaving.account_id, leaving.done_at = None, clock.now()
    session.flush()
    account_renamed.send(account)


def how_far(code: str) -> str | None:
    """Return "waiting" or "done" for a confirmation code, nothing where we know none such."""
    leaving = session.scalar(sa.select(Leaving).where(Leaving.digest == digest(code)))
    if leaving is None:
        return None
    return "waiting" if leaving.done_at is None else "done"
