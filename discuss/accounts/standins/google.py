"""Google, and any other OpenID Connect issuer: discovery, keys, consent, tokens, userinfo."""

import hashlib
from typing import Any

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from discuss.accounts import demo
from discuss.accounts.standins import exchange, faults, forgery, profiles
from discuss.accounts.standins.consent import Manners, authorise
from discuss.accounts.standins.exchange import Reason, Refused
from discuss.accounts.standins.misbehaviour import Misbehaviour
from discuss.accounts.standins.state import TOKEN_LIFE, Grant, provider, standins

blueprint = Blueprint("google", __name__)  # registered a second time, as "oidc"

SCOPES = ("openid", "email", "profile")
REFUSALS = {
    Reason.CLIENT: ("invalid_client", "The provided client secret is invalid."),
    Reason.GRANT_TYPE: ("unsupported_grant_type", "Invalid grant_type."),
    Reason.CODE: ("invalid_grant", "Malformed auth code."),
    Reason.REDIRECT_URI: ("redirect_uri_mismatch", "Bad Request"),
    Reason.VERIFIER: ("invalid_grant", "Invalid code verifier."),
}


@blueprint.get("/.well-known/openid-configuration")
@faults.at("discovery")
def discovery() -> ResponseReturnValue:
    """Say where everything is (OpenID Connect Discovery 1.0, section 3)."""
    issuer = _issuer()
    return jsonify(
        issuer=issuer,
        authorization_endpoint=f"{issuer}/authorize",
        token_endpoint=f"{issuer}/token",
        userinfo_endpoint=f"{issuer}/userinfo",
        jwks_uri=f"{issuer}/jwks",
        response_types_supported=["code"],
        response_modes_supported=["query"],
        grant_types_supported=["authorization_code"],
        subject_types_supported=["public"],
        id_token_signing_alg_values_supported=["RS256"],
        scopes_supported=SCOPES,
        token_endpoint_auth_methods_supported=["client_secret_post", "client_secret_basic"],
        claims_supported=["aud", "email", "email_verified", "exp", "iat", "iss", "name", "sub"],
        code_challenge_methods_supported=["S256"],
        authorization_response_iss_parameter_supported=True,
    )


@blueprint.get("/jwks")
@faults.at("jwks")
def jwks() -> ResponseReturnValue:
    """Publish the key that signs."""
    return jsonify(standins().keys.published())


@blueprint.route("/authorize", methods=["GET", "POST"])
def authorize() -> ResponseReturnValue:
    """Ask the person; the way back names the issuer (RFC 9207)."""
    wrong = standins().does(provider(), Misbehaviour.WRONG_ISS_IN_ANSWER)
    return authorise(Manners(), iss=_issuer() + "/other" * wrong)


@blueprint.post("/token")
@faults.at("token")
def token() -> ResponseReturnValue:
    """Exchange a code for an access token and, with the scope openid, an ID token."""
    form = request.form
    known = exchange.by_basic() if request.authorization else exchange.by_parameters(form)
    grant = exchange.redeem(form, client_is_known=known)
    access_token = standins().token_for(grant)
    answer = {
        "access_token": access_token,
        "expires_in": int(TOKEN_LIFE.total_seconds()),
        "scope": " ".join(sorted(grant.scopes)),
        "token_type": "Bearer",
    }
    forgotten = standins().does(provider(), Misbehaviour.NO_ID_TOKEN)
    if "openid" in grant.scopes and not forgotten:
        claims = _token_claims(grant, access_token) | _claims(grant)
        answer["id_token"] = forgery.id_token(standins(), provider(), claims)
    return jsonify(answer)


@blueprint.get("/userinfo")
@faults.at("profile")
def userinfo() -> ResponseReturnValue:
    """Say who it is to the bearer of an access token."""
    grant = exchange.bearer()
    if grant is None or "openid" not in grant.scopes:
        answer = jsonify(error="invalid_request", error_description="Invalid Credentials")
        return answer, 401, {"WWW-Authenticate": 'Bearer error="invalid_token"'}
    return jsonify(_claims(grant))


@blueprint.errorhandler(Refused)
def refused(refusal: Refused) -> ResponseReturnValue:
    """Word a refusal as RFC 6749, section 5.2, has it."""
    error, description = REFUSALS[refusal.reason]
    status = 401 if refusal.reason is Reason.CLIENT else 400
    return jsonify(error=error, error_description=description), status


def _issuer() -> str:
    return f"{standins().address}/{provider()}"


def _token_claims(grant: Grant, access_token: str) -> dict[str, Any]:
    client = demo.client_id(provider())
    issued_at = int(standins().now().timestamp())
    half = hashlib.sha256(access_token.encode()).digest()[:16]
    return {
        "iss": _issuer(),
        "azp": client,
        "aud": client,
        "at_hash": forgery.base64url(half).decode(),  # OpenID Connect Core, section 3.1.3.6
        "nonce": grant.nonce,
        "iat": issued_at,
        "exp": issued_at + int(TOKEN_LIFE.total_seconds()),
    }


def _claims(grant: Grant) -> dict[str, Any]:
    person = grant.person
    claims: dict[str, Any] = {"sub": person.subject}
    if "email" in grant.scopes:
        claims |= {"email": person.email, "email_verified": True}
    if "profile" in grant.scopes:
        # Nobody may fetch the picture: it is there so that a test would see it
        claims |= {"name": person.name, "picture": f"{standins().address}/forged/picture"}
    return profiles.told(standins(), provider(), claims, key="sub")
