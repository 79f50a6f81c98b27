"""A code for an access token: what every provider checks; how it words a refusal is its own."""

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from enum import Enum

from flask import request

from discuss.accounts import demo
from discuss.accounts.standins.misbehaviour import Misbehaviour
from discuss.accounts.standins.state import Grant, provider, standins

VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")  # RFC 7636, section 4.1


class Reason(Enum):
    """Why a code is not exchanged, by the parameter that is wrong."""

    CLIENT = "client"
    GRANT_TYPE = "grant_type"
    CODE = "code"
    REDIRECT_URI = "redirect_uri"
    VERIFIER = "code_verifier"


class Refused(Exception):
    """No token for this; each provider says so in its own shape."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


def by_parameters(form: Mapping[str, str]) -> bool:
    """Whether the client named itself and its secret among the parameters."""
    return same(form.get("client_id", ""), demo.client_id(provider())) and same(
        form.get("client_secret", ""), standins().client_secret(provider())
    )


def by_basic() -> bool:
    """Whether the client named itself and its secret in the exact HTTP Basic header."""
    pair = f"{demo.client_id(provider())}:{standins().client_secret(provider())}"
    wanted = "Basic " + base64.b64encode(pair.encode()).decode()
    return same(request.headers.get("Authorization", ""), wanted)


def redeem(
    form: Mapping[str, str], *, client_is_known: bool, names_grant_type: bool = True
) -> Grant:
    """Return what a code stands for.

    :param names_grant_type: whether the provider wants to read which kind of grant this is.
    :raises Refused: unless client, code, redirect URI and PKCE verifier are the right ones. A code
        that a known client showed is spent, even where something else was wrong.
    """
    if not client_is_known:
        raise Refused(Reason.CLIENT)
    if names_grant_type and form.get("grant_type") != "authorization_code":
        raise Refused(Reason.GRANT_TYPE)
    if standins().does(provider(), Misbehaviour.TOKEN_ERROR):
        raise Refused(Reason.CODE)
    grant = standins().redeem(provider(), form.get("code", ""))
    if grant is None:
        raise Refused(Reason.CODE)
    if form.get("redirect_uri") != grant.redirect_uri:
        raise Refused(Reason.REDIRECT_URI)
    if not _proves(form.get("code_verifier"), grant.challenge):
        raise Refused(Reason.VERIFIER)
    return grant


def bearer() -> Grant | None:
    """Return what the access token in the Authorization header stands for."""
    shown = request.authorization
    if shown is None or shown.type != "bearer":
        return None
    return standins().holder(provider(), shown.token)


def same(shown: str, wanted: str) -> bool:
    """Whether two texts are one, told in constant time."""
    return hmac.compare_digest(shown.encode("utf-8", "surrogateescape"), wanted.encode())


def _proves(verifier: str | None, challenge: str | None) -> bool:
    if challenge is None:
        # A verifier without a challenge: somebody took the challenge away (RFC 9700, 2.1.1)
        return verifier is None
    if verifier is None or not VERIFIER.fullmatch(verifier):
        return False
    digest = hashlib.sha256(verifier.encode()).digest()
    return same(base64.urlsafe_b64encode(digest).rstrip(b"=").decode(), challenge)
