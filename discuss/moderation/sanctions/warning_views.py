"""Warnings over HTTP: a moderator's form, and the button of whoever has read one."""

import flask
from flask import Blueprint, Flask, render_template, request
from flask_babel import gettext as _
from werkzeug import Response

from discuss.accounts.login import account_here, moderator_here
from discuss.base.web import refusal_page
from discuss.comments.views import NOTICE
from discuss.moderation import actions, boundary, forms, records, scope
from discuss.moderation.errors import CannotWarn
from discuss.moderation.sanctions import warnings
from discuss.moderation.views import blueprint as moderation

readers = Blueprint("warnings", __name__, url_prefix="/account/warnings")


def init_app(app: Flask) -> None:
    """Register the views, and what every page asks for."""
    app.register_blueprint(readers)
    app.add_template_global(warnings.open_warnings)
    refusal_page(app, "moderation.warn")(boundary.note_again("moderation/warning.html"))


@moderation.get("/accounts/<int:account_id>/warning")
def warning_form(account_id: int) -> str:
    """Ask what somebody is to be told."""
    scope.only_site()
    account = records.record_of(account_id).account
    if not actions.may_ban(moderator_here(), account.role):
        raise CannotWarn
    return render_template(
        "moderation/warning.html",
        name=account.name,
        action=request.path,
        next=boundary.way_back(request.path.removesuffix("/warning") + "/ban"),
    )


@moderation.post("/accounts/<int:account_id>/warning")
def warn(account_id: int) -> Response:
    """Warn an account."""
    scope.only_site()
    account = records.record_of(account_id).account
    reason, words = forms.reason(request.form), forms.note(request.form)
    decision = warnings.warn(account, moderator_here(), reason, words)
    return boundary.done(decision, request.path.removesuffix("/warning") + "/ban")


@readers.post("/<int:warning_id>/reading")
def acknowledge(warning_id: int) -> Response:
    """Say that one has read a warning."""
    warnings.acknowledge(account_here(), warning_id)
    flask.session[NOTICE] = {"said": _("Thank you. The warning is put away.")}
    return flask.redirect(boundary.way_back("/account"), code=303)
