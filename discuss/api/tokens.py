"""Who makes a call: the account that its bearer token names, and never a cookie's."""

import flask
from flask import request
from flask_babel import lazy_gettext as _

from discuss.accounts.models import Account, ApiToken
from discuss.base import ratelimit
from discuss.base.db import session
from discuss.base.errors import SignInNeeded
from discuss.base.ids import digest
from discuss.base.ratelimit import HOUR, MINUTE, Pace
from discuss.base.security import SAFE_METHODS

CHANGES = Pace("changes", {MINUTE: 300, HOUR: 6000})  # of one account; posting has its own pace
MANY_CHANGES = _("This account changes very much at once. Try again in %(time)s.")


class TokenNeeded(SignInNeeded):
    """A call that changes something came without a token."""

    title = _("An API token is needed")
    default_message = _(
        "Send “Authorization: Bearer TOKEN”. “flask accounts token ACCOUNT” makes a token."
    )

    @property
    def headers(self) -> dict[str, str]:
        """Name the scheme (RFC 6750, section 3)."""
        return {"WWW-Authenticate": "Bearer"}


class TokenUnknown(TokenNeeded):
    """The token is none of ours, or was taken back."""

    default_message = _(
        "This token is not known here. “flask accounts token ACCOUNT” makes a new one."
    )

    @property
    def headers(self) -> dict[str, str]:
        """Say that another token might do (RFC 6750, section 3.1)."""
        return {"WWW-Authenticate": 'Bearer error="invalid_token"'}


def speak_for_account() -> None:
    """Let the rest of this request act for the token's account.

    :raises TokenNeeded: it changes something, and there is no token.
    :raises TokenUnknown: there is one, and it is not ours.
    :raises TooFast: its account makes more calls than a program needs.
    """
    if request.method not in SAFE_METHODS:
        account = account_of(sent_token())
        ratelimit.refuse_if_too_fast(CHANGES, str(account.id), MANY_CHANGES)
        flask.g.api_account = account


def sent_token() -> str:
    """Return the token of this request.

    :raises TokenNeeded: it has none.
    """
    sent = request.authorization
    if sent is None or sent.type != "bearer" or not sent.token:
        raise TokenNeeded
    return sent.token


def account_of(token: str) -> Account:
    """Return the account that a token speaks for.

    :raises TokenUnknown: it speaks for nobody.
    """
    if (known := session.get(ApiToken, digest(token))) is None:
        raise TokenUnknown
    return session.get_one(Account, known.account_id)
