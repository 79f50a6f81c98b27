"""What moderators do on a letter's own pages, and the report that any reader may send."""

import flask
from flask import Blueprint, Flask, render_template, request
from flask_babel import gettext as _
from werkzeug import Response

from discuss.accounts.login import account_here, current_account, moderator_here
from discuss.base.web import refusal_page
from discuss.comments.models import Reason, State
from discuss.comments.views import NOTICE
from discuss.letters import queries as letters
from discuss.moderation import (
    actions,
    boundary,
    forms,
    history,
    queries,
    reports,
    scope,
    wording,
)
from discuss.moderation.errors import NotInDiscussion, OwnReport
from discuss.moderation.queue.items import Name

acts = Blueprint("moderation_acts", __name__, url_prefix="/letters/<slug>")
acts.before_request(boundary.only_moderators)
acts.before_request(scope.only_here)
readers = Blueprint("reports", __name__, url_prefix="/letters/<slug>/comments/<int:number>")


def init_app(app: Flask) -> None:
    """Register the views and the pages in which their forms come back."""
    app.register_blueprint(acts)
    app.register_blueprint(readers)
    refusal_page(app, "moderation_acts.remove")(boundary.note_again("moderation/removal.html"))
    refusal_page(app, "reports.report")(
        boundary.note_again("moderation/report.html", reasons=wording.AS_REPORTED)
    )


@acts.get("/comments/<int:number>/removal")
def removal_form(slug: str, number: int) -> str:
    """Ask for the reason and the note of a removal."""
    row = queries.comment_in_context(letters.published(slug), number)
    if row.state is State.DELETED:
        raise NotInDiscussion
    return render_template(
        "moderation/removal.html",
        row=row,
        action=request.path,
        chosen=Reason.OTHER,
        next=boundary.way_back(""),
    )


@acts.post("/comments/<int:number>/removal")
def remove(slug: str, number: int) -> Response:
    """Remove a comment for the reason whose button was pressed."""
    letter = letters.published(slug)
    reason, note = forms.reason(request.form), forms.note(request.form)
    decision = actions.remove(letter, moderator_here(), number, reason, note)
    name = Name(letter_id=letter.id, number=number)
    return boundary.done(decision, f"/letters/{slug}/comments/{number}", name)


@acts.post("/comments/<int:number>/restoration")
def restore(slug: str, number: int) -> Response:
    """Put a removed comment back."""
    letter = letters.published(slug)
    decision = actions.restore(letter, moderator_here(), number)
    name = Name(letter_id=letter.id, number=number)
    return boundary.done(decision, f"/letters/{slug}/comments/{number}", name)


@acts.get("/comments/<int:number>/history")
def comment_history(slug: str, number: int) -> str:
    """Show what a comment said before, and what was decided about it."""
    letter = letters.published(slug)
    row = queries.comment_in_context(letter, number)
    deleted = row.state is State.DELETED
    return render_template(
        "moderation/history.html",
        letter=letter,
        row=row,
        earlier=[] if deleted else history.earlier_texts(letter, number),
        removed=history.removed_words(letter, number),
        lines=history.about_comment(letter, number),
        notice=boundary.taken_notice(),
        here=boundary.here(),
    )


@acts.post("/lock")
def lock(slug: str) -> Response:
    """Lock a letter's discussion, or unlock it with `locked=no`."""
    letter = letters.published(slug)
    act = actions.lock if forms.switch(request.form, "locked") else actions.unlock
    return boundary.done(act(letter, moderator_here()), f"/letters/{slug}#talk")


@readers.get("/report")
def report_form(slug: str, number: int) -> str | Response:
    """Ask what is wrong with a comment."""
    row = queries.comment_in_context(letters.published(slug), number)
    if (reader := current_account()) is None:
        return boundary.to_sign_in()
    if row.state is not State.VISIBLE:
        raise NotInDiscussion
    if row.account_id == reader.id:
        raise OwnReport
    return render_template(
        "moderation/report.html",
        row=row,
        action=request.path,
        reasons=wording.AS_REPORTED,
        chosen="",
    )


@readers.post("/report")
def report(slug: str, number: int) -> Response:
    """Tell the moderators what is wrong with a comment."""
    letter = letters.published(slug)
    reader = account_here()
    reason, note = forms.reason(request.form), forms.note(request.form)
    reports.report(letter, reader, number, reason, note)
    flask.session[NOTICE] = {"said": _("Reported. A moderator will look at it.")}
    return flask.redirect(f"/letters/{slug}/comments/{number}", code=303)
