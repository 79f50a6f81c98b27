"""Who is signed in on this request, and the beginning and the end of that.

Flask-Login keeps the name of a row in the session; the row says whose it is. Logging out deletes
the row, so a copied cookie is worth nothing afterwards.
"""

from datetime import timedelta

import flask
import flask_login
import sqlalchemy as sa
from flask import Flask, g, request
from flask_login import LoginManager, UserMixin

from discuss.accounts.models import Account, Identity, SignIn
from discuss.base import clock
from discuss.base.db import session
from discuss.base.errors import Forbidden, SignInNeeded
from discuss.base.ids import digest, token
from discuss.base.security import DAYS_SIGNED_IN

FRESH_MINUTES = 10  # how recent a sign-in must be to link another provider or leave for good
SEEN_EVERY = timedelta(minutes=10)  # coarse on purpose: reading must not mean writing
LONGEST_DEVICE = 80  # characters of what we show of a browser
_SIGNED_IN = (
    sa.select(SignIn, Account, Identity.provider)
    .join(Account, Account.id == SignIn.account_id)
    .outerjoin(Identity, Identity.id == SignIn.identity_id)
    .where(SignIn.digest == sa.bindparam("digest"))
)

manager = LoginManager()


class Visitor(UserMixin):  # type: ignore[misc]  # Flask-Login has no types
    """A signed-in browser: the account behind it, the row that says so, and by whose word."""

    def __init__(self, name: str, row: SignIn, account: Account, provider: str | None) -> None:
        self.id = name  # Flask-Login's word for what it keeps in the session
        self.row = row
        self.account = account
        self.provider = provider


def init_app(app: Flask) -> None:
    """Let Flask-Login find the account behind a session."""
    manager.init_app(app, add_context_processor=False)  # `viewer` below bears a lost database
    # Its fingerprint of a browser trusts the first X-Forwarded-For, which anybody can send.
    manager.session_protection = None
    manager.user_loader(visitor)
    app.context_processor(lambda: {"viewer": viewer()})


def visitor(name: str) -> Visitor | None:
    """Return the signed-in browser of that name, if its row still stands and is not too old."""
    found = session.execute(_SIGNED_IN, {"digest": digest(name)}).one_or_none()
    now = clock.now()
    if found is None or found.SignIn.seen_at < now - timedelta(days=DAYS_SIGNED_IN):
        # Ended elsewhere: left in the cookie, its name would have every form of theirs refused.
        flask.session.clear()
        return None
    row, account, provider = found
    if row.seen_at < now - SEEN_EVERY:
        flask.session.modified = True  # the cookie's days begin anew, as the row's do
        # Not through the row: it may go meanwhile, and a flush that finds none breaks the request.
        session.execute(sa.update(SignIn).where(SignIn.digest == row.digest).values(seen_at=now))
    return Visitor(name, row, account, provider)


def current_account() -> Account | None:
    """Return the account that is signed in on this request, itself and not a proxy."""
    if not flask.has_request_context():
        return None
    if (spoken_for := g.get("api_account")) is not None:
        account: Account = spoken_for
        return account
    found = _visitor()
    return found.account if found else None


def viewer() -> Account | None:
    """Return the account that a page is shown to; nobody's while the database does not answer."""
    try:
        return current_account()
    except sa.exc.SQLAlchemyError:
        session.rollback()
        return None


def account_here() -> Account:
    """Return the account that is signed in.

    :raises SignInNeeded: nobody is.
    """
    if (account := current_account()) is None:
        raise SignInNeeded
    return account


def moderator_here() -> Account:
    """Return the signed-in moderator.

    :raises SignInNeeded: nobody is signed in.
    :raises Forbidden: somebody who is not a moderator.
    """
    account = account_here()
    if not account.is_moderator:
        raise Forbidden
    return account


def current_sign_in() -> SignIn | None:
    """Return the row of this browser's sign-in."""
    found = _visitor()
    return found.row if found else None


def current_provider() -> str | None:
    """Return the key of the provider whose word signed this browser in; none for a link's."""
    found = _visitor()
    return found.provider if found else None


def is_fresh() -> bool:
    """Whether this browser signed in within the last ten minutes."""
    row = current_sign_in()
    return row is not None and row.began_at > clock.now() - timedelta(minutes=FRESH_MINUTES)


def sign_in(account: Account, identity: Identity | None = None) -> None:
    """Begin a session for this browser; whatever it was before ends.

    :param account: whose session it is.
    :param identity: the provider's proof, when there was one.
    """
    sign_out()
    name = token()
    now = clock.now()
    row = SignIn(
        digest=digest(name),
        account_id=account.id,
        identity_id=identity.id if identity else None,
        device=device(),
        began_at=now,
        seen_at=now,
    )
    session.add(row)
    session.flush()
    flask.session.permanent = True
    provider = identity.provider if identity else None
    flask_login.login_user(Visitor(name, row, account, provider))


def sign_out() -> None:
    """End this browser's session, here and on the server."""
    if (row := current_sign_in()) is not None:
        session.delete(row)
    flask_login.logout_user()
    flask.session.clear()


def device() -> str:
    """Return a browser and a system in words, from what the browser says of itself."""
    said = request.user_agent.string
    browser = next((name for mark, name in _BROWSERS if mark in said), "A browser")
    system = next((name for mark, name in _SYSTEMS if mark in said), "")
    return f"{browser} on {system}"[:LONGEST_DEVICE] if system else browser


_BROWSERS = (
    ("Firefox/", "Firefox"),
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def _visitor() -> Visitor | None:
    user = flask_login.current_user
    return user._get_current_object() if user and user.is_authenticated else None
