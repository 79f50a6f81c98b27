"""Facebook: a version in the path, `#_=_` after a code, errors of its own shape, secret proofs."""

import hashlib
import hmac
import json
from typing import Any

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from discuss.accounts import demo
from discuss.accounts.standins import exchange, faults, profiles
from discuss.accounts.standins.consent import Manners, authorise
from discuss.accounts.standins.exchange import Reason, Refused
from discuss.accounts.standins.forgery import base64url
from discuss.accounts.standins.people import Person
from discuss.accounts.standins.state import TOKEN_LIFE, Grant, provider, standins
from discuss.base import clock, ids

blueprint = Blueprint("facebook", __name__)

VERSION = f"/{demo.FACEBOOK_VERSION}"
MANNERS = Manners(
    denied={
        "error_code": "200",
        "error_description": "Permissions error",
        "error_reason": "user_denied",
    },
    fragment="#_=_",
)
REFUSALS = {
    Reason.CLIENT: ("Error validating client secret.", 1, None),
    Reason.CODE: ("This authorization code has been used.", 100, 36009),
    Reason.REDIRECT_URI: ("Error validating verification code: redirect_uri differs.", 100, 36008),
    Reason.VERIFIER: ("Invalid code_verifier parameter.", 100, None),
}


@blueprint.route(f"{VERSION}/dialog/oauth", methods=["GET", "POST"])
def authorize() -> ResponseReturnValue:
    """Ask the person."""
    return authorise(MANNERS)


@blueprint.route(f"{VERSION}/oauth/access_token", methods=["GET", "POST"])
@faults.at("token")
def token() -> ResponseReturnValue:
    """Exchange a code, for a client that names itself and its secret among the parameters."""
    asked = request.values
    known = exchange.by_parameters(asked)
    grant = exchange.redeem(asked, client_is_known=known, names_grant_type=False)
    return jsonify(
        access_token=standins().token_for(grant),
        token_type="bearer",  # noqa: S106 -- the kind of token, not one
        expires_in=int(TOKEN_LIFE.total_seconds()),
    )


@blueprint.get(f"{VERSION}/me")
@faults.at("profile")
def profile() -> ResponseReturnValue:
    """Say who it is, in the fields asked for, to a bearer that proves to know the app's secret."""
    bearer = request.authorization
    shown = request.args.get("access_token") or (bearer.token if bearer else None)
    if not shown:
        return _error("An active access token must be used to query the current user.", 2500)
    grant = standins().holder(provider(), shown)
    if grant is None:
        return _error("Error validating access token.", 190)
    if not exchange.same(request.args.get("appsecret_proof", ""), _proof(shown)):
        return _error("Invalid appsecret_proof provided in the API argument", 100, by="GraphMethod")
    return jsonify(_profile(grant))


@blueprint.route("/<path:rest>", methods=["GET", "POST"])
def unversioned(rest: str) -> ResponseReturnValue:
    """Refuse what has no version in its path, or another one."""
    return _error(f"Unknown path components: /{rest}", 2500)


@blueprint.errorhandler(Refused)
def refused(refusal: Refused) -> ResponseReturnValue:
    """Word a refusal of the token endpoint."""
    message, code, subcode = REFUSALS[refusal.reason]
    return _error(message, code, subcode=subcode)


def signed_request(secret: str, name: str, **more: Any) -> str:
    """Return what Facebook posts as `signed_request` when a person asks it to delete their data.

    :param secret: the app's secret: `facebook_client_secret` of the settings.
    :param name: the display name that the person signed in with.
    :param more: fields beside, or instead of, `algorithm`, `issued_at` and `user_id`.
    """
    payload = {
        "algorithm": "HMAC-SHA256",
        "issued_at": int(clock.now().timestamp()),
        "user_id": Person("facebook", name).subject,
    } | more
    signed = base64url(json.dumps(payload).encode())
    signature = hmac.digest(secret.encode(), signed, hashlib.sha256)
    return (base64url(signature) + b"." + signed).decode()


def _profile(grant: Grant) -> dict[str, Any]:
    person = grant.person
    whole = {"id": person.subject, "name": person.name}
    if "email" in grant.scopes:
        whole["email"] = person.email  # without any word on whether it was ever confirmed
    wanted = request.args.get("fields", "id,name").split(",")
    asked = {field: value for field, value in whole.items() if field in {"id", *wanted}}
    return profiles.told(standins(), provider(), asked, key="id")


def _proof(access_token: str) -> str:
    secret = standins().client_secret(provider()).encode()
    return hmac.new(secret, access_token.encode(), hashlib.sha256).hexdigest()


def _error(
    message: str, code: int, *, subcode: int | None = None, by: str = "OAuth"
) -> ResponseReturnValue:
    error = {"message": message, "type": f"{by}Exception", "code": code}
    if subcode is not None:
        error["error_subcode"] = subcode
    return jsonify(error=error | {"fbtrace_id": ids.token()}), 400
