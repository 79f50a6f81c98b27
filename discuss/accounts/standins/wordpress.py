"""WordPress.com: OAuth 2.0 with the client's secret among the parameters, an integer for an ID."""

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from discuss.accounts.standins import exchange, faults, profiles
from discuss.accounts.standins.consent import Manners, authorise
from discuss.accounts.standins.exchange import Reason, Refused
from discuss.accounts.standins.state import provider, standins

blueprint = Blueprint("wordpress", __name__)

REFUSALS = {
    Reason.CLIENT: ("invalid_client", "The client ID or secret is wrong."),
    Reason.GRANT_TYPE: ("unsupported_grant_type", "The grant type is not supported."),
    Reason.CODE: ("invalid_grant", "Invalid authorization_code."),
    Reason.REDIRECT_URI: ("invalid_grant", "The redirect_uri does not match."),
    Reason.VERIFIER: ("invalid_grant", "The code verifier does not match."),
}


@blueprint.route("/oauth2/authorize", methods=["GET", "POST"])
def authorize() -> ResponseReturnValue:
    """Ask the person."""
    return authorise(Manners(denied={"error_description": "The person denied access."}))


@blueprint.post("/oauth2/token")
@faults.at("token")
def token() -> ResponseReturnValue:
    """Exchange a code, for a client that names itself and its secret among the parameters."""
    known = exchange.by_parameters(request.form)
    grant = exchange.redeem(request.form, client_is_known=known)
    return jsonify(
        access_token=standins().token_for(grant),
        token_type="bearer",  # noqa: S106 -- the kind of token, not one
        blog_id="0",
        blog_url="",
        scope=" ".join(sorted(grant.scopes)),
    )


@blueprint.get("/rest/v1.1/me")
@faults.at("profile")
def profile() -> ResponseReturnValue:
    """Say who it is to the bearer of an access token."""
    if request.authorization is None:
        return jsonify(error="authorization_required", message="An access token is needed."), 403
    grant = exchange.bearer()
    if grant is None:
        return jsonify(error="invalid_token", message="The OAuth2 token is invalid."), 400
    person = grant.person
    whole = {
        "ID": person.number,
        "display_name": person.name,
        "username": person.username,
        "email": person.email,
        "email_verified": True,
        "language": "en",
    }
    return jsonify(profiles.told(standins(), provider(), whole, key="ID", name="display_name"))


@blueprint.errorhandler(Refused)
def refused(refusal: Refused) -> ResponseReturnValue:
    """Word a refusal of the token endpoint."""
    error, description = REFUSALS[refusal.reason]
    return jsonify(error=error, error_description=description), 400
