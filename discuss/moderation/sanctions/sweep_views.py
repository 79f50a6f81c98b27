"""Removing everything of an account over HTTP."""

from flask import Flask, render_template, request
from werkzeug import Response

from discuss.accounts.login import moderator_here
from discuss.base.web import refusal_page
from discuss.comments.models import Reason
from discuss.moderation import actions, boundary, forms, records, scope
from discuss.moderation.errors import CannotBan
from discuss.moderation.sanctions import sweeping
from discuss.moderation.views import blueprint as moderation


def init_app(app: Flask) -> None:
    """Register the page in which a refused form comes back."""
    again = boundary.note_again("moderation/sweep.html", lengths=forms.LENGTHS)
    refusal_page(app, "moderation.sweep")(again)


@moderation.get("/accounts/<int:account_id>/sweep")
def sweep_form(account_id: int) -> str:
    """Ask for the reason, and whether the account is banned as well."""
    scope.only_site()
    record = records.record_of(account_id)
    if not actions.may_ban(moderator_here(), record.account.role):
        raise CannotBan
    return render_template(
        "moderation/sweep.html",
        record=record,
        lengths=forms.LENGTHS,
        action=request.path,
        chosen=Reason.SPAM,
        length="always",
        next=boundary.way_back(request.path.removesuffix("/sweep") + "/ban"),
    )


@moderation.post("/accounts/<int:account_id>/sweep")
def sweep(account_id: int) -> Response:
    """Remove everything that an account has said."""
    scope.only_site()
    account = records.record_of(account_id).account
    reason, note = forms.reason(request.form), forms.note(request.form)
    bans = request.form.get("length") != "none"
    until = forms.until(request.form) if bans else None
    decision = sweeping.sweep(account, moderator_here(), reason, note, ban=bans, until=until)
    return boundary.done(decision, request.path.removesuffix("/sweep") + "/ban")
