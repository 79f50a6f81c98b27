"""ID tokens: honest ones, and forgeries, put together by hand since no library would."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any, cast

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from joserfc import jwt
from joserfc.jwk import RSAKey

from discuss.accounts.standins.misbehaviour import Misbehaviour
from discuss.accounts.standins.state import Standins

Fields = dict[str, Any]
Signer = Callable[[bytes], bytes]
HOUR = 3600  # seconds
OTHER = "somebody-else"


def id_token(here: Standins, provider: str, claims: Fields) -> str:
    """Return an ID token: signed with RS256, or forged as the switches say.

    :param claims: the honest ones; those that are `None` are left out.
    """
    for misbehaviour, twist in TWISTS.items():
        if here.does(provider, misbehaviour):
            claims = claims | twist(claims)
    claims = {name: value for name, value in claims.items() if value is not None}
    for misbehaviour, forge in FORGERIES.items():
        if here.does(provider, misbehaviour):
            return forge(here, claims)
    if here.does(provider, Misbehaviour.ROTATED_KEY):
        here.keys.rotate()
    key = here.keys.own
    return jwt.encode({"alg": "RS256", "kid": key.kid}, claims, key, algorithms=["RS256"])


TWISTS: dict[Misbehaviour, Callable[[Fields], Fields]] = {
    Misbehaviour.WRONG_AUD: lambda _: {"aud": OTHER, "azp": OTHER},
    Misbehaviour.WRONG_ISS: lambda claims: {"iss": claims["iss"] + "/other"},
    Misbehaviour.WRONG_AZP: lambda claims: {"aud": [claims["aud"], OTHER], "azp": OTHER},
    Misbehaviour.WRONG_AZP_ALONE: lambda _: {"azp": OTHER},
    Misbehaviour.MISSING_AZP: lambda claims: {"aud": [claims["aud"], OTHER], "azp": None},
    Misbehaviour.FOREIGN_AUD_OUR_AZP: lambda claims: {"aud": OTHER, "azp": claims["aud"]},
    Misbehaviour.WRONG_NONCE: lambda _: {"nonce": OTHER},
    Misbehaviour.MISSING_NONCE: lambda _: {"nonce": None},
    Misbehaviour.EXPIRED: lambda claims: {
        "iat": claims["iat"] - 2 * HOUR,
        "exp": claims["iat"] - HOUR,
    },
    Misbehaviour.ISSUED_IN_FUTURE: lambda claims: {
        "iat": claims["iat"] + HOUR,
        "exp": claims["iat"] + 2 * HOUR,
    },
}


def _unknown_kid(here: Standins, claims: Fields) -> str:
    foreign = here.keys.foreign
    return _compact({"alg": "RS256", "kid": foreign.kid}, claims, _rs256(foreign))


def _foreign_key(here: Standins, claims: Fields) -> str:
    return _by_foreign_key(here, claims, {})


def _alg_none(_here: Standins, claims: Fields) -> str:
    return _compact({"alg": "none"}, claims, lambda _: b"")


def _hs256_public_key(here: Standins, claims: Fields) -> str:
    secret = here.keys.own.as_pem(private=False)
    header = {"alg": "HS256", "kid": here.keys.own.kid}
    return _compact(header, claims, lambda text: hmac.digest(secret, text, hashlib.sha256))


def _key_in_header(here: Standins, claims: Fields) -> str:
    return _by_foreign_key(here, claims, {"jwk": here.keys.foreign.as_dict(private=False)})


def _jku_header(here: Standins, claims: Fields) -> str:
    return _by_foreign_key(here, claims, {"jku": f"{here.address}/forged/jwks"})


def _x5u_header(here: Standins, claims: Fields) -> str:
    return _by_foreign_key(here, claims, {"x5u": f"{here.address}/forged/certificate"})


def _unknown_crit(here: Standins, claims: Fields) -> str:
    own = here.keys.own
    header = {"alg": "RS256", "kid": own.kid, "crit": ["discuss-unknown"], "discuss-unknown": True}
    return _compact(header, claims, _rs256(own))


def _by_foreign_key(here: Standins, claims: Fields, lure: Fields) -> str:
    header = {"alg": "RS256", "kid": here.keys.own.kid} | lure
    return _compact(header, claims, _rs256(here.keys.foreign))


def _rs256(key: RSAKey) -> Signer:
    private = cast(RSAPrivateKey, key.private_key)
    return lambda text: private.sign(text, PKCS1v15(), SHA256())


def _compact(header: Fields, claims: Fields, sign: Signer) -> str:
    parts = (json.dumps(part).encode() for part in ({"typ": "JWT"} | header, claims))
    signed = b".".join(base64url(part) for part in parts)
    return (signed + b"." + base64url(sign(signed))).decode()


def base64url(data: bytes) -> bytes:
    """Return bytes in base64url without padding (RFC 7515, section 2)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=")


FORGERIES: dict[Misbehaviour, Callable[[Standins, Fields], str]] = {
    Misbehaviour.UNKNOWN_KID: _unknown_kid,
    Misbehaviour.FOREIGN_KEY: _foreign_key,
    Misbehaviour.ALG_NONE: _alg_none,
    Misbehaviour.HS256_PUBLIC_KEY: _hs256_public_key,
    Misbehaviour.KEY_IN_HEADER: _key_in_header,
    Misbehaviour.JKU_HEADER: _jku_header,
    Misbehaviour.X5U_HEADER: _x5u_header,
    Misbehaviour.UNKNOWN_CRIT: _unknown_crit,
}
