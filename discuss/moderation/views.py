"""The moderators' own pages: queue, log, accounts; and what is decided there."""

from datetime import timedelta

import flask
from flask import Blueprint, Flask, render_template, request
from flask_babel import format_timedelta
from werkzeug import Response

from discuss.accounts import oauth
from discuss.accounts.login import moderator_here
from discuss.base import clock
from discuss.base.errors import NotFound
from discuss.base.web import refusal_page
from discuss.comments import queries as comments
from discuss.comments.models import Reason
from discuss.letters import queries as letters
from discuss.moderation import (
    actions,
    boundary,
    forms,
    history,
    holding,
    queries,
    records,
    reports,
    undoing,
    wording,
)
from discuss.moderation.models import Decision

blueprint = Blueprint("moderation", __name__, url_prefix="/moderation")
blueprint.before_request(boundary.only_moderators)


def init_app(app: Flask) -> None:
    """Register the pages, and the words that templates of every package need."""
    app.register_blueprint(blueprint)
    app.add_template_global(wording.reason_name)
    app.add_template_global(wording.reason_phrase)
    app.add_template_global(wording.line, "log_line")
    app.add_template_global(wording.place, "log_place")
    app.add_template_global(oauth.name_of, "provider_name")
    app.add_template_global(actions.may_ban, "may_ban")
    app.jinja_env.globals["reason_names"] = wording.NAMES
    refusal_page(app, "moderation.refuse_held")(boundary.note_again("moderation/removal.html"))
    refusal_page(app, "moderation.ban")(
        boundary.note_again("moderation/ban.html", lengths=forms.LENGTHS)
    )


@blueprint.get("")
def queue() -> str:
    """Show what waits: held comments, reported ones, or all of a letter."""
    tab = request.args.get("q", "held")
    counts = queries.counts()
    chosen, offered = None, []
    if tab == "held":
        page = queries.held_comments(place_asked("after") or 0)
    elif tab == "reported":
        page = queries.reported_comments(place_asked("after") or 0)
    elif tab == "all":
        offered = queries.letters_offered()
        slug = request.args.get("letter") or (offered[0][0] if offered else None)
        chosen = letters.published(slug) if slug else None
        page = queries.PageOfItems([], None)
        if chosen is not None:
            page = queries.latest_comments(chosen, place_asked("before"))
    else:
        raise NotFound
    return render_template(
        "moderation/queue.html",
        tab=tab,
        counts=counts,
        waited=waited(counts),
        page=page,
        letter=chosen,
        offered=offered,
        notice=boundary.taken_notice(),
        here=boundary.here(),
    )


@blueprint.get("/log")
def log() -> str:
    """Show what was decided, newest first."""
    who, what = place_asked("who"), request.args.get("what") or None
    if what is not None and what not in history.GROUPS:
        raise NotFound
    return render_template(
        "moderation/log.html",
        counts=queries.counts(),
        page=history.log(who, what, place_asked("before")),
        who=who,
        what=what,
        actors=history.actors(),
        groups=wording.GROUPS,
        notice=boundary.taken_notice(),
        here=boundary.here(),
    )


@blueprint.post("/held/<int:held_id>/approval")
def approve(held_id: int) -> Response:
    """Put a held comment into its thread."""
    decision = holding.approve(known(held_id), moderator_here())
    return boundary.done(decision, flask.url_for("moderation.queue"))


@blueprint.get("/held/<int:held_id>/refusal")
def refusal_form(held_id: int) -> str:
    """Ask for the reason and the note with which a held comment is refused."""
    return render_template(
        "moderation/removal.html",
        row=queries.held_comment(held_id),
        action=request.path,
        chosen=Reason.OTHER,
        next=boundary.way_back(flask.url_for("moderation.queue")),
    )


@blueprint.post("/held/<int:held_id>/refusal")
def refuse_held(held_id: int) -> Response:
    """Keep a held comment out of its thread."""
    reason, note = forms.reason(request.form), forms.note(request.form)
    decision = holding.refuse_held(known(held_id), moderator_here(), reason, note)
    return boundary.done(decision, flask.url_for("moderation.queue"))


@blueprint.post("/reports/dismissal")
def dismiss() -> Response:
    """Answer a comment's reports: it stays."""
    letter = letters.published(request.form.get("letter") or "")
    number = request.form.get("number", 0, type=int)
    decision = reports.dismiss(letter, moderator_here(), number)
    return boundary.done(decision, flask.url_for("moderation.queue", q="reported"))


@blueprint.post("/decisions/<int:decision_id>/undoing")
def undo(decision_id: int) -> Response:
    """Do the opposite of a decision."""
    undone: Decision = undoing.undo(history.decision(decision_id), moderator_here())
    return boundary.done(undone, flask.url_for("moderation.log"))


@blueprint.get("/accounts/<int:account_id>/ban")
def ban_form(account_id: int) -> str:
    """Show what is known of an account, and the form that bans it or lifts its ban."""
    record = records.record_of(account_id)
    own = comments.own_comments(record.account)
    return render_template(
        "moderation/ban.html",
        record=record,
        may=actions.may_ban(moderator_here(), record.account.role),
        own=own,
        letters=letters.by_ids({comment.letter_id for comment in own}),
        lines=history.about_account(record.account),
        lengths=forms.LENGTHS,
        action=request.path,
        next=boundary.way_back(""),
        notice=boundary.taken_notice(),
        here=boundary.here(),
    )


@blueprint.post("/accounts/<int:account_id>/ban")
def ban(account_id: int) -> Response:
    """Ban an account, or with the length `lifted` let it comment again."""
    account, moderator = records.record_of(account_id).account, moderator_here()
    if request.form.get("length") == "lifted":
        decision = actions.unban(account, moderator)
    else:
        reason, note = forms.reason(request.form), forms.note(request.form)
        decision = actions.ban(account, moderator, reason, note, forms.until(request.form))
    return boundary.done(decision, request.path)


def known(held_id: int) -> int:
    """Return an id that the database can hold.

    :raises NotFound: it cannot.
    """
    if not 0 < held_id < 2**31:
        raise NotFound
    return held_id


def place_asked(name: str) -> int | None:
    """Return a number from the address: where a page begins, or whose lines it shows.

    :raises NotFound: it is none that the database could hold.
    """
    if not (given := request.args.get(name)):
        return None
    if not given.isascii() or not given.isdigit() or int(given) >= 2**31:
        raise NotFound
    return int(given)


def waited(counts: queries.Counts) -> str | None:
    """Return how long the oldest has waited, in words."""
    if counts.oldest is None:
        return None
    return str(format_timedelta(max(clock.now() - counts.oldest, timedelta(minutes=1))))
