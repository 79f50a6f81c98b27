"""Signing in and out over HTTP: out to a provider, back from it, by a one-time link."""

import flask
from flask import Blueprint, Flask, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug import Response

from discuss.accounts import actions, figures, forms, leaving, links, login, oauth
from discuss.accounts.errors import NotBegunHere
from discuss.accounts.login import current_account
from discuss.accounts.luggage import luggage
from discuss.accounts.models import Account
from discuss.accounts.oauth import Arrival
from discuss.base import ratelimit
from discuss.base.db import session
from discuss.base.errors import Refusal, Unavailable
from discuss.base.ratelimit import HOUR, MINUTE, Pace
from discuss.base.security import keep_address, signed_by_sender
from discuss.base.web import refusal_page

blueprint = Blueprint("accounts", __name__)

LAST_PROVIDER = "last_provider"  # the cookie that puts the way somebody knows first
REMEMBERED_DAYS = 365
# Of one network: a whole town may stand behind one address.
SIGN_INS = Pace("sign-ins", {MINUTE: 300, HOUR: 3000})
MANY_SIGN_INS = _l("Very many people sign in from your network. Try again in %(time)s.")


def init_app(app: Flask) -> None:
    """Register the views, their failure page, and what templates may ask about ways to sign in."""
    app.register_blueprint(blueprint)
    signed_by_sender(app, "accounts.facebook_data_deletion", "accounts.facebook_deauthorize")
    app.add_template_global(signin_ways)
    app.add_template_global(current_service_name)
    refusal_page(app, "accounts.depart", "accounts.arrive")(failure_page)


@blueprint.get("/signin")
def signin() -> str:
    """Offer every way in, the one used last first."""
    return render_template(
        "accounts/signin.html",
        ways=ways_last_first(),
        next=forms.way_back(request.args),
        notice=luggage().notice(),
    )


@blueprint.post("/signin")
def change() -> Response:
    """Lead somebody signed in to the other ways in; words in the form that asked are kept."""
    way_back = luggage().pack(request.form) or forms.way_back(request.form)
    return flask.redirect(flask.url_for("accounts.signin", next=way_back), code=303)


@blueprint.post("/signin/<provider>")
def depart(provider: str) -> str:
    """Keep what the reader has written, and lead to the provider.

    A page with a link and a refresh, no redirect: under `form-action 'self'` browsers block one
    that leads from a form to another host.
    """
    name = oauth.service(provider).provider.name
    refuse_flood()
    current_account()  # ends a dead session now, before there is anything in it to lose
    way_back = luggage().pack(request.form) or forms.way_back(request.form)
    return going(name, oauth_address(provider, way_back))


@blueprint.get("/signin/<provider>/callback")
def arrive(provider: str) -> Response:
    """Sign in, or link, whoever comes back from a provider."""
    try:
        arrival = oauth.arrive(provider)
    except NotBegunHere:
        if current_account() is None:
            raise
        return flask.redirect("/", code=303)  # Back, or a page loaded again: they are in already
    if arrival.linking is not None:
        return finish_linking(provider, arrival)
    account = actions.sign_in_with(arrival.profile)
    figures.signed_in(provider)
    answer = welcome(account, arrival.next)
    answer.location = landing(provider, answer.location)
    answer.set_cookie(
        LAST_PROVIDER,
        provider,
        max_age=REMEMBERED_DAYS * 24 * 3600,
        httponly=True,
        samesite="Lax",
        secure=flask.current_app.config["SESSION_COOKIE_SECURE"],
    )
    return answer


@blueprint.get("/signin/link/<name>")
def link_page(name: str) -> Response:
    """Show the button of a one-time link; looking at it, as mail scanners do, uses nothing up."""
    links.refuse_if_spent(name)
    page = flask.make_response(render_template("accounts/link.html", name=name))
    return keep_address(page)


@blueprint.post("/signin/link/<name>")
def follow_link(name: str) -> Response:
    """Sign in by a one-time link."""
    account = links.spend(name)
    login.sign_in(account)
    figures.signed_in(figures.LINK)
    return welcome(account, flask.url_for("accounts.account"))


@blueprint.post("/signout")
def signout() -> Response:
    """End this browser's session; words in the form that held the button are taken along."""
    way_back = luggage().pack(request.form)
    if way_back is None and (account := current_account()) is not None:
        luggage().reserve(account)
    login.sign_out()
    return flask.redirect(way_back or forms.way_back(request.form) or "/", code=303)


def refuse_flood() -> None:
    """Refuse a network that begins sign-ins by the hundred.

    :raises TooFast: after as many as a whole university would.
    """
    network = ratelimit.network_of(request.remote_addr)
    ratelimit.refuse_if_too_fast(SIGN_INS, network, MANY_SIGN_INS)


def welcome(account: Account, way_back: str | None) -> Response:
    """Lead somebody who just signed in back to where they were; who was to be deleted stays."""
    if leaving.stay(account):
        flask.flash(_("Welcome back. Your account will not be deleted."))
        way_back = way_back or flask.url_for("accounts.account")
    return flask.redirect(way_back or "/", code=303)


def landing(provider: str, path: str | None) -> str:
    """Return where a provider's answer leads to, free of a fragment that the provider left.

    Browsers carry a fragment over a redirect that has none of its own (Fetch, "HTTP-redirect
    fetch"). Werkzeug drops an empty one; "#top" is the head of every page without such an element
    (HTML, "scrolling to a fragment").
    """
    path = path or "/"
    leaves_fragment = oauth.service(provider).provider.leaves_fragment
    return f"{path}#top" if leaves_fragment and "#" not in path else path


def oauth_address(provider: str, way_back: str | None, linking: int | None = None) -> str:
    """Begin a round trip; returns the provider's address.

    Committed first: no writer may wait for the database while a provider thinks, and the reader's
    words are safe whatever it answers.
    """
    session.commit()
    return oauth.depart(provider, way_back, linking)


def going(name: str, address: str) -> str:
    """Return the page that leads to a provider."""
    return render_template("accounts/going.html", service=name, address=address)


def finish_linking(provider: str, arrival: Arrival) -> Response:
    """Bind what came back to the account that asked for it.

    :raises NotBegunHere: another account is signed in by now, or none.
    """
    account = current_account()
    service = oauth.name_of(provider)
    if account is None or account.id != arrival.linking:
        raise NotBegunHere(service)
    actions.link(arrival.profile, account)
    figures.linked(provider)
    flask.flash(_("Linked. You can sign in with %(service)s from now on.", service=service))
    return flask.redirect(landing(provider, flask.url_for("accounts.account")), code=303)


def failure_page(refusal: Refusal) -> str:
    """Return the page of a sign-in that failed: why, the reader's words, every other way in."""
    figures.refused((request.view_args or {})["provider"], refusal)
    words = luggage().unsent(request.form)
    if words is None and not isinstance(refusal, Unavailable):  # the database may be what failed
        words = luggage().unpack()
    return render_template(
        "accounts/failed.html",
        refusal=refusal,
        words=words,
        ways=ways_last_first(),
        next=forms.way_back(request.form),
    )


def signin_ways() -> list[tuple[str, str]]:
    """Return key and name of every configured provider, for everybody in the same order."""
    return [(key, service.provider.name) for key, service in oauth.services().items()]


def ways_last_first() -> list[tuple[str, str]]:
    """Return the same, the one that this browser used last before the others."""
    last = request.cookies.get(LAST_PROVIDER)
    return sorted(signin_ways(), key=lambda way: way[0] != last)


def current_service_name() -> str:
    """Return through what the reader is signed in: a provider's name, or a one-time link."""
    provider = login.current_provider()
    return oauth.name_of(provider) if provider else _("one-time link")
