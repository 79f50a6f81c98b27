"""The page that asks a person for a name, and the way back to the site with a code or a refusal."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from discuss.accounts import demo
from discuss.accounts.standins.people import Person
from discuss.accounts.standins.state import Grant, provider, standins

CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")  # SHA-256 in base64url; RFC 7636, section 4.2


class Unacceptable(Exception):
    """The site asked in a way that the provider answers with a page of its own, and no redirect."""


@dataclass(frozen=True)
class Manners:
    """How one provider differs from the others on its consent page."""

    strict: bool = False  # PKCE and state are required, as at X
    denied: Mapping[str, str] = field(default_factory=dict)  # beside error=access_denied
    fragment: str = ""  # after the code, as Facebook appends one


def authorise(manners: Manners, **extra: str) -> ResponseReturnValue:
    """Ask who it is (GET), or go back to the site with the answer (POST).

    :param extra: parameters that the provider adds to every way back.
    :raises Unacceptable: for a request that no provider of this kind would send back.
    """
    _refuse_bad_request(manners)
    if request.method == "GET":
        return _page()
    if request.form.get("answer") == "deny":
        return _back({"error": "access_denied"} | dict(manners.denied) | extra)
    name = request.form.get("name", "").strip()
    if not name:
        return _page(missing=True), 422
    return _back({"code": standins().code_for(_grant(name))} | extra, manners.fragment)


def _refuse_bad_request(manners: Manners) -> None:
    asked = request.args
    if asked.get("client_id") != demo.client_id(provider()):
        raise Unacceptable(_("No app has this client ID."))
    if asked.get("redirect_uri") != standins().callback(provider()):
        raise Unacceptable(_("The redirect URI is not exactly the registered one."))
    if asked.get("response_type", "code") != "code":
        raise Unacceptable(_("The response type must be “code”."))
    challenge = asked.get("code_challenge")
    if challenge is None and "code_challenge_method" not in asked and not manners.strict:
        return
    if asked.get("code_challenge_method") != "S256" or not CHALLENGE.fullmatch(challenge or ""):
        raise Unacceptable(_("The code challenge must be one of S256."))
    if manners.strict and not asked.get("state"):
        raise Unacceptable(_("The state is missing."))


def _page(*, missing: bool = False) -> str:
    return render_template(
        "standins/consent.html",
        title=demo.TITLES[provider()],
        site=standins().site_url,
        missing=missing,
    )


def _grant(name: str) -> Grant:
    asked = request.args
    return Grant(
        person=Person(provider(), name),
        redirect_uri=asked["redirect_uri"],
        scopes=frozenset(re.split(r"[\s,]+", asked.get("scope", ""))) - {""},
        challenge=asked.get("code_challenge"),
        nonce=asked.get("nonce"),
        given_at=standins().now(),
    )


def _back(parameters: dict[str, str], fragment: str = "") -> ResponseReturnValue:
    if state := request.args.get("state"):
        parameters["state"] = state
    return redirect(f"{request.args['redirect_uri']}?{urlencode(parameters)}{fragment}", code=303)
