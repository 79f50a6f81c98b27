"""Muting over HTTP: from a comment's menu, and back from one's own account page."""

import flask
from flask import Blueprint, Flask, render_template
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug import Response

from discuss.accounts import panels
from discuss.accounts.login import account_here
from discuss.accounts.models import Account
from discuss.base.errors import NotFound
from discuss.comments.queries import comment
from discuss.comments.views import NOTICE
from discuss.letters import queries as letters
from discuss.moderation import boundary
from discuss.moderation.muting import actions as mutes

blueprint = Blueprint("mutes", __name__)


def init_app(app: Flask) -> None:
    """Register the views, and the list on the account page."""
    app.register_blueprint(blueprint)
    panels.register(app, panel)


@blueprint.post("/letters/<slug>/comments/<int:number>/mute")
def mute(slug: str, number: int) -> Response:
    """Fold what a comment's author says, for this reader alone."""
    reader = account_here()
    found = comment(letters.published(slug), number)
    mutes.mute(reader, found.account_id)
    flask.session[NOTICE] = {
        "said": _("Muted, for you alone. You can take it back at “Your account”.")
    }
    return flask.redirect(boundary.way_back(f"/letters/{slug}/comments/{number}"), code=303)


@blueprint.post("/account/mutes/<int:account_id>/removal")
def unmute(account_id: int) -> Response:
    """Show again what an account says."""
    reader = account_here()
    if account_id not in mutes.muted_by(reader):
        raise NotFound
    mutes.unmute(reader, account_id)
    flask.flash(_("Shown again."))
    return flask.redirect("/account#muted", code=303)


def panel(account: Account) -> Markup:
    """Return the list of whom somebody mutes, for their account page."""
    html = render_template("moderation/_mutes.html", muted=mutes.muted_accounts(account))
    return Markup(html)  # noqa: S704 - a template's own output, escaped where it was printed
