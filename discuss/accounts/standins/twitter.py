"""X (Twitter): OAuth 2.0 with PKCE, a code that lives 30 seconds, a profile wrapped in `data`."""

from flask import Blueprint, current_app, jsonify, request
from flask.typing import ResponseReturnValue

from discuss.accounts.standins import exchange, faults, profiles
from discuss.accounts.standins.consent import Manners, authorise
from discuss.accounts.standins.exchange import Reason, Refused
from discuss.accounts.standins.misbehaviour import Misbehaviour
from discuss.accounts.standins.state import TOKEN_LIFE, provider, standins

blueprint = Blueprint("twitter", __name__)

NEEDED = {"users.read", "tweet.read"}  # users/me is refused without either of the two
READS = 75  # of a profile, every WINDOW seconds
WINDOW = 15 * 60
REFUSALS = {
    Reason.CLIENT: ("unauthorized_client", "Missing valid authorization header"),
    Reason.GRANT_TYPE: ("unsupported_grant_type", "The grant type is not supported."),
    Reason.CODE: ("invalid_request", "Value passed for the authorization code was invalid."),
    Reason.REDIRECT_URI: ("invalid_request", "Value passed for the redirect uri was invalid."),
    Reason.VERIFIER: ("invalid_request", "Value passed for the code verifier was invalid."),
}


@blueprint.route("/i/oauth2/authorize", methods=["GET", "POST"])
def authorize() -> ResponseReturnValue:
    """Ask the person; without PKCE and state there is only an error page."""
    return authorise(Manners(strict=True))


@blueprint.post("/2/oauth2/token")
@faults.at("token")
def token() -> ResponseReturnValue:
    """Exchange a code, for a client with the exact HTTP Basic header."""
    grant = exchange.redeem(request.form, client_is_known=exchange.by_basic())
    return jsonify(
        token_type="bearer",  # noqa: S106 -- the kind of token, not one
        expires_in=int(TOKEN_LIFE.total_seconds()),
        access_token=standins().token_for(grant),
        scope=" ".join(sorted(grant.scopes)),
    )


@blueprint.get("/2/users/me")
@faults.at("profile")
def profile() -> ResponseReturnValue:
    """Say who it is; the e-mail address only with its scope and when its field is asked for."""
    if standins().does(provider(), Misbehaviour.NO_CREDIT):
        return _no_credit()
    if standins().does(provider(), Misbehaviour.RATE_LIMITED):
        return _too_many_requests()
    grant = exchange.bearer()
    if grant is None:
        return _problem(401, "Unauthorized")
    if not grant.scopes >= NEEDED:
        return _problem(403, "Forbidden")
    person = grant.person
    data = {"id": person.subject, "name": person.name, "username": person.username}
    if "users.email" in grant.scopes and "confirmed_email" in _fields():
        data["confirmed_email"] = person.email
    return jsonify(
        data=profiles.told(standins(), provider(), data, key="id", email="confirmed_email")
    )


@blueprint.errorhandler(Refused)
def refused(refusal: Refused) -> ResponseReturnValue:
    """Word a refusal of the token endpoint."""
    error, description = REFUSALS[refusal.reason]
    status = 401 if refusal.reason is Reason.CLIENT else 400
    return jsonify(error=error, error_description=description), status


def _fields() -> list[str]:
    return request.args.get("user.fields", "").split(",")


def _problem(status: int, title: str) -> ResponseReturnValue:
    return jsonify(title=title, type="about:blank", status=status, detail=title), status


def _too_many_requests() -> ResponseReturnValue:
    resets_at = int(standins().now().timestamp()) + WINDOW
    answer = current_app.make_response(_problem(429, "Too Many Requests"))
    answer.headers["x-rate-limit-limit"] = str(READS)
    answer.headers["x-rate-limit-remaining"] = "0"
    answer.headers["x-rate-limit-reset"] = str(resets_at)
    return answer


def _no_credit() -> ResponseReturnValue:
    # As X answered in 2026: twitter-api-v2 users report 402 and this type in their issues
    return (
        jsonify(
            title="CreditsDepleted",
            type="https://api.twitter.com/2/problems/credits",
            detail="The account of this app has no credits for this request.",
        ),
        402,
    )
