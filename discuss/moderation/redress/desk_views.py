"""The moderators' pages for appeals and for legal notices."""

import flask
from flask import Blueprint, Flask, render_template, request
from flask_babel import gettext as _
from werkzeug import Response

from discuss.accounts.login import moderator_here
from discuss.base.errors import WORDS_STAY, Refusal
from discuss.base.web import error_page, refusal_page
from discuss.moderation import boundary, forms, queries
from discuss.moderation.redress import appeals, notices, removals
from discuss.moderation.redress import queries as redress_queries
from discuss.moderation.views import place_asked

blueprint = Blueprint("desk", __name__, url_prefix="/moderation")
blueprint.before_request(boundary.only_moderators)


def init_app(app: Flask) -> None:
    """Register the pages, and what the moderators' tabs and items need."""
    app.register_blueprint(blueprint)
    app.add_template_global(redress_queries.open_counts)
    app.add_template_global(appeals.may_decide, "may_answer_appeal")
    app.add_template_global(appeals.somebody_may_decide, "somebody_may_answer_appeal")
    app.add_template_global(appeals.stands, "decision_stands")
    app.add_template_global(removals.words_of, "words_of_decision")
    refusal_page(app, "desk.answer_notice", "desk.answer_appeal")(answer_again)


@blueprint.get("/appeals")
def open_appeals() -> str:
    """Show the appeals that wait."""
    return render_template(
        "moderation/appeals.html",
        counts=queries.counts(),
        page=redress_queries.open_appeals(place_asked("after") or 0),
        notice=boundary.taken_notice(),
        here=boundary.here(),
    )


@blueprint.post("/appeals/<int:appeal_id>/answer")
def answer_appeal(appeal_id: int) -> Response:
    """Uphold an appeal, or reject it."""
    note = forms.note(request.form)
    act = appeals.uphold if forms.switch(request.form, "upheld") else appeals.reject
    decision = act(appeal_id, moderator_here(), note)
    return boundary.done(decision, flask.url_for(".open_appeals"))


@blueprint.get("/notices")
def open_notices() -> str:
    """Show the legal notices that wait."""
    return render_template(
        "moderation/notices.html",
        counts=queries.counts(),
        page=redress_queries.open_notices(place_asked("after") or 0),
        notice=boundary.taken_notice(),
        here=boundary.here(),
    )


@blueprint.post("/notices/<int:notice_id>/answer")
def answer_notice(notice_id: int) -> Response:
    """Remove the comment that a notice is about, or keep it; either way with reasons."""
    note, moderator = forms.note(request.form), moderator_here()
    if forms.switch(request.form, "upheld"):
        decision = notices.uphold(notice_id, moderator, forms.reason(request.form), note)
    else:
        decision = notices.reject(notice_id, moderator, note)
    return boundary.done(decision, flask.url_for(".open_notices"))


def answer_again(refusal: Refusal) -> str:
    """Return an answer that was refused, its words still in the form."""
    if not isinstance(refusal, WORDS_STAY):
        return error_page(refusal.status, refusal.title, refusal.message)
    is_notice = request.endpoint == "desk.answer_notice"
    return render_template(
        "moderation/answer_again.html",
        title=_("Answer a legal notice") if is_notice else _("Answer an appeal"),
        refusal=refusal,
        action=request.path,
        is_notice=is_notice,
        chosen=request.form.get("reason", "illegal"),
        note=request.form.get("note", ""),
    )
