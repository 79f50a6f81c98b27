"""Who makes a call: the account that its bearer token names, and never a cookie's."""

import flask
from flask import Flask, Request, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask_babel import lazy_gettext as _
from itsdangerous import URLSafeTimedSerializer
from itsdangerous.encoding import base64_encode
from itsdangerous.url_safe import URLSafeSerializerMixin

from discuss.accounts.models import Account, ApiToken
from discuss.base import ratelimit
from discuss.base.db import session
from discuss.base.errors import SignInNeeded
from discuss.base.ids import digest
from discuss.base.ratelimit import HOUR, MINUTE, Pace
from discuss.base.security import COOKIELESS, SAFE_METHODS

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


class _Uncompressed(URLSafeTimedSerializer):
    """Signs what it is given as it is: zlib takes 256 KB of memory to save some sixty bytes."""

    def dump_payload(self, obj: object) -> bytes:
        return base64_encode(super(URLSafeSerializerMixin, self).dump_payload(obj))


class NoCookies(SecureCookieSessionInterface):
    """Flask's session, but empty for programs: whose cookie came along then decides nothing."""

    def __init__(self, app: Flask) -> None:
        """Make what signs cookies once; Flask would for every cookie, at the cost of signing it.

        :param app: its secret is set, and stays.
        """
        flasks = super().get_signing_serializer(app)
        if flasks is None:
            raise RuntimeError("no secret to sign cookies with")
        self._signs = _Uncompressed(
            flasks.secret_keys,
            flasks.salt,
            serializer=flasks.serializer,
            signer_kwargs=flasks.signer_kwargs,
        )

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Return what signs cookies."""
        return self._signs

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Read the session of a browser; give a program an empty one."""
        if request.path.startswith(COOKIELESS):
            return self.session_class()
        return super().open_session(app, request)


def init_app(app: Flask) -> None:
    """Stop looking at cookies under /api/."""
    app.session_interface = NoCookies(app)


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
