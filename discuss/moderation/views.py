"""The moderators' own pages: queue, log, accounts; and what is decided there."""

import flask
from flask import Blueprint, Flask, render_template, request
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug import Response
from werkzeug.datastructures import MultiDict

from discuss.accounts import oauth, panels
from discuss.accounts.login import moderator_here
from discuss.accounts.models import Account
from discuss.base import web
from discuss.base.errors import Invalid, NotFound
from discuss.comments import queries as comments
from discuss.comments.models import Reason
from discuss.letters import queries as letters
from discuss.moderation import (
    actions,
    boundary,
    forms,
    history,
    queries,
    records,
    scope,
    undoing,
    wording,
)
from discuss.moderation.errors import AlreadyDecided
from discuss.moderation.models import Decision
from discuss.moderation.queue import answers, claims, filters, items, selection, waiting
from discuss.moderation.queue.items import Name
from discuss.moderation.redress import bans

blueprint = Blueprint("moderation", __name__, url_prefix="/moderation")
blueprint.before_request(boundary.only_moderators)


def init_app(app: Flask) -> None:
    """Register the pages, and the words that templates of every package need."""
    app.register_blueprint(blueprint)
    panels.register(app, ban_panel)
    app.add_template_global(wording.reason_name)
    app.add_template_global(wording.reason_phrase)
    app.add_template_global(wording.counted)
    app.add_template_global(wording.looking, "looking_line")
    app.add_template_global(wording.waiting, "waiting_line")
    app.add_template_global(wording.line, "log_line")
    app.add_template_global(wording.place, "log_place")
    app.add_template_global(oauth.name_of, "provider_name")
    app.add_template_global(actions.may_ban, "may_ban")
    app.add_template_global(undoing.may_undo)
    app.jinja_env.globals["reason_names"] = wording.NAMES
    web.refusal_page(app, "moderation.refuse_held")(boundary.note_again("moderation/removal.html"))
    web.refusal_page(app, "moderation.ban")(
        boundary.note_again("moderation/ban.html", lengths=forms.LENGTHS)
    )


@blueprint.get("")
def queue() -> str:
    """Show what waits: held comments, reported ones, or everything."""
    chosen = filters.Filters.read(request.args)
    return render_template(
        "moderation/queue.html",
        tab=chosen.tab,
        filters=chosen,
        counts=queries.counts(),
        page=waiting.page(chosen, request.args.get("after"), moderator_here()),
        letters=letters_offered(chosen),
        whys=waiting.whys(chosen),
        ages=filters.AGES,
        stretch=f"{waiting.STRETCH:,}",
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
    return decided(Name.read(f"held-{held_id}"), None)


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
    return decided(
        Name.read(f"held-{held_id}"), forms.reason(request.form), forms.note(request.form)
    )


@blueprint.post("/reports/dismissal")
def dismiss() -> Response:
    """Answer a comment's reports: it stays."""
    letter = letters.published(request.form.get("letter") or "")
    scope.refuse_beyond(moderator_here(), letter.id)
    number = request.form.get("number", 0, type=int)
    name = Name.read(f"comment-{letter.id}-{number}")
    return decided(name, None, tab="reported")


@blueprint.post("/selection")
def decide_selection() -> Response:
    """Decide about every item that was ticked; `act` is "approve" or a reason to remove."""
    names, queue_page = ticked(request.form), flask.url_for("moderation.queue")
    if not names:
        return boundary.late(_("Nothing was ticked."), queue_page)
    reason = forms.act(request.form)
    outcome = selection.decide_all(names, moderator_here(), reason, forms.note(request.form))
    return boundary.all_done(outcome, queue_page)


@blueprint.post("/claims")
def claim() -> Response:
    """Note which item a moderator looks at, and tell a script about all that it shows."""
    moderator, given = moderator_here(), request.form.getlist("shown")[: selection.MOST]
    current, shown = request.form.get("item"), [Name.read(one) for one in given]
    looked_at = [Name.read(current)] if current else []
    items.refuse_beyond([*looked_at, *shown], moderator)
    for name in items.known(looked_at, moderator):
        claims.claim(str(name), moderator)
    return answers.standing(shown, moderator)


@blueprint.post("/decisions/undoing")
def undo_selection() -> Response:
    """Undo what was decided at once."""
    given = request.form.getlist("decision")[: selection.MOST]
    decisions = [history.decision(web.number(one)) for one in given]
    outcome = selection.undo_all(decisions, moderator_here())
    return boundary.all_done(outcome, flask.url_for("moderation.queue"))


@blueprint.post("/decisions/<int:decision_id>/undoing")
def undo(decision_id: int) -> Response:
    """Do the opposite of a decision."""
    undone: Decision = undoing.undo(history.decision(decision_id), moderator_here())
    return boundary.done(undone, flask.url_for("moderation.log"))


@blueprint.get("/accounts/<int:account_id>/ban")
def ban_form(account_id: int) -> str:
    """Show what is known of an account, and the form that bans it or lifts its ban."""
    scope.only_site()
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
    scope.only_site()
    account, moderator = records.record_of(account_id).account, moderator_here()
    if request.form.get("length") == "lifted":
        decision = actions.unban(account, moderator)
    else:
        reason, note = forms.reason(request.form), forms.note(request.form)
        decision = actions.ban(account, moderator, reason, note, forms.until(request.form))
    return boundary.done(decision, request.path)


def ban_panel(account: Account) -> Markup | None:
    """Return what somebody's account page says while they may not comment."""
    if (standing := actions.standing_ban(account.id)) is None:
        return None
    line = bans.standing_line(account.id)
    html = render_template("moderation/_ban_panel.html", ban=standing, line=line)
    return Markup(html)  # noqa: S704 - a template's own output, escaped where it was printed


def decided(name: Name, reason: Reason | None, note: str = "", tab: str = "") -> Response:
    """Decide about one item, or say who was faster.

    :param reason: why it is removed; nothing approves it.
    :param note: for the log alone.
    :param tab: of the queue, where the form does not say where it stood.
    """
    queue_page = flask.url_for("moderation.queue", q=tab or None)
    try:
        decision = selection.decide(name, moderator_here(), reason, note)
    except AlreadyDecided as refusal:
        return boundary.late(refusal.message, queue_page)
    return boundary.done(decision, queue_page)


def ticked(form: MultiDict[str, str]) -> list[Name]:
    """Return the items that were ticked.

    :raises Invalid: more than are decided at once.
    """
    given = form.getlist("item")
    if len(given) > selection.MOST:
        raise Invalid(_("Tick at most %(n)s at once.", n=selection.MOST))
    return [Name.read(one) for one in given]


def letters_offered(chosen: filters.Filters) -> list[tuple[str, str]]:
    """Return slug and headline of the letters in the menu, the chosen one among them."""
    offered = queries.letters_offered()
    if chosen.letter is None or any(slug == chosen.letter.slug for slug, _title in offered):
        return offered
    return [(chosen.letter.slug, chosen.letter.headline), *offered]


def place_asked(name: str) -> int | None:
    """Return a number from the address: where a page begins, or whose lines it shows.

    :raises NotFound: it is none that the database could hold.
    """
    given = request.args.get(name)
    return web.number(given) if given else None
