"""The account page over HTTP: name, ways to sign in, sessions, one's data, and the way out."""

from typing import Any

import flask
from flask import Flask, render_template, request
from flask_babel import gettext as _
from werkzeug import Response

from discuss.accounts import actions, forms, leaving, login, oauth, panels, queries, takeaway
from discuss.accounts.errors import NotFresh
from discuss.accounts.events import account_gone
from discuss.accounts.login import account_here
from discuss.accounts.models import Account
from discuss.accounts.views import blueprint, going, oauth_address, signin_ways
from discuss.base import clock
from discuss.base.errors import Refusal
from discuss.base.web import refusal_page


def init_app(app: Flask) -> None:
    """Register the page in which a refused form comes back."""
    refusal_page(
        app,
        "accounts.rename",
        "accounts.link",
        "accounts.unlink",
        "accounts.log_out_elsewhere",
        "accounts.delete",
    )(page_again)


@blueprint.get("/account")
def account() -> Response | str:
    """Show somebody their account."""
    if (mine := login.current_account()) is None:
        return flask.redirect(flask.url_for("accounts.signin", next="/account"), code=303)
    return page(mine)


@blueprint.post("/account/name")
def rename() -> Response:
    """Change the display name."""
    actions.rename(account_here(), forms.name(request.form))
    flask.flash(_("Name saved."))
    return back_to_account()


@blueprint.post("/account/identities/<provider>")
def link(provider: str) -> str:
    """Lead to a provider whose answer is to be linked to this account."""
    name = oauth.service(provider).provider.name
    mine = account_here()
    if not login.is_fresh():
        raise NotFresh
    return going(name, oauth_address(provider, None, linking=mine.id))


@blueprint.post("/account/identities/<int:identity_id>/removal")
def unlink(identity_id: int) -> Response:
    """Take one way to sign in away."""
    actions.unlink(account_here(), identity_id, login.current_sign_in())
    flask.flash(_("Unlinked."))
    return back_to_account()


@blueprint.post("/account/other-sign-ins/removal")
def log_out_elsewhere() -> Response:
    """End every session but this browser's."""
    actions.log_out_elsewhere(account_here(), login.current_sign_in())
    flask.flash(_("Logged out everywhere else."))
    return back_to_account()


@blueprint.post("/account/data")
def take_data() -> Response:
    """Hand over everything that is held about somebody, as one file."""
    answer = flask.jsonify(takeaway.everything(account_here()))
    answer.headers["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return answer


@blueprint.get("/account/deletion")
def deletion() -> Response | str:
    """Ask first: the one thing here that asks."""
    if login.current_account() is None:
        return flask.redirect(flask.url_for("accounts.signin", next="/account/deletion"), code=303)
    return render_template("accounts/deletion.html", may_choose=bool(account_gone.receivers))


@blueprint.post("/account/deletion")
def delete() -> str:
    """Sign somebody out everywhere, and delete their account in 14 days."""
    mine = account_here()
    if not login.is_fresh():
        raise NotFresh
    login.sign_out()
    leaving.leave(mine, keeps_words=request.form.get("words") != "delete")
    day = (clock.now() + leaving.TIME_TO_RETURN).date()
    return render_template("accounts/deleted.html", day=day)


def back_to_account() -> Response:
    """Return to the account page, which says what was done."""
    return flask.redirect(flask.url_for("accounts.account"), code=303)


def page(mine: Account, **more: Any) -> str:
    """Return the account page.

    :param more: what is not as usual: `refusal`, the name as `typed`.
    """
    identities = queries.identities(mine)
    linked = {identity.provider for identity in identities}
    here = login.current_sign_in()
    return render_template(
        "accounts/account.html",
        account=mine,
        identities=[(one, oauth.name_of(one.provider)) for one in identities],
        linkable=[(key, name) for key, name in signin_ways() if key not in linked],
        panels=panels.of(mine),
        elsewhere=[row for row in queries.sign_ins(mine) if here and row.digest != here.digest],
        **more,
    )


def page_again(refusal: Refusal) -> str:
    """Return the account page with what was refused, or the way to sign in again first."""
    mine = login.current_account()
    if mine is None or isinstance(refusal, NotFresh):
        linked = {one.provider for one in queries.identities(mine)} if mine else set()
        ways = [way for way in signin_ways() if way[0] in linked or mine is None]
        again = request.path if request.endpoint == "accounts.delete" else "/account"
        return render_template("accounts/failed.html", refusal=refusal, ways=ways, next=again)
    return page(mine, refusal=refusal, typed=request.form.get("name"))
