"""What a browser's session is kept in: a signed cookie, which is not looked at under /api/."""

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer
from itsdangerous.encoding import base64_encode
from itsdangerous.url_safe import URLSafeSerializerMixin

COOKIELESS = "/api/"  # programs prove themselves with a token; no cookie is looked at there


class Sessions(SecureCookieSessionInterface):
    """Flask's sessions, but empty for programs: whose cookie came along then decides nothing."""

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


class _Uncompressed(URLSafeTimedSerializer):
    """Signs what it is given as it is: zlib takes 256 KB of memory to save a hundred bytes."""

    def dump_payload(self, obj: object) -> bytes:
        return base64_encode(super(URLSafeSerializerMixin, self).dump_payload(obj))
