"""What somebody concerned by moderation sees and may do: read why, appeal, send a legal notice."""

from urllib.parse import urlsplit

import flask
from flask import Blueprint, Flask, render_template, request
from flask_babel import gettext as _
from werkzeug import Response

from discuss.accounts.login import account_here, current_account
from discuss.base import ratelimit
from discuss.base.errors import Invalid, NotFound, Refusal, TooFast
from discuss.base.security import keep_address
from discuss.base.web import error_page, refusal_page
from discuss.comments import queries as comments
from discuss.letters import queries as letters
from discuss.letters.models import Letter
from discuss.moderation import actions, boundary, forms
from discuss.moderation.errors import AppealedAlready
from discuss.moderation.models import Act
from discuss.moderation.redress import appeals, bans, notices, statements
from discuss.moderation.redress import queries as redress_queries

author = Blueprint("own_decisions", __name__)
senders = Blueprint("notices", __name__, url_prefix="/notice")


def init_app(app: Flask) -> None:
    """Register the pages, and those in which their forms come back."""
    app.register_blueprint(author)
    app.register_blueprint(senders)
    refusal_page(app, "own_decisions.appeal")(appeal_again)
    refusal_page(app, "notices.notify")(notice_again)


@author.get("/account/decisions")
def decisions() -> str | Response:
    """Show what was decided about somebody and their comments, and what came of their reports."""
    if (mine := current_account()) is None:
        return boundary.to_sign_in()
    return render_template(
        "moderation/own_decisions.html",
        ban=actions.standing_ban(mine.id),
        ban_line=bans.standing_line(mine.id),
        decisions=redress_queries.decisions_about(mine),
        reports=redress_queries.reports_of(mine),
    )


@author.get("/account/decisions/<int:decision_id>")
def decision(decision_id: int) -> str | Response:
    """Show why a comment of one's own was removed, or one was banned; and the form of an appeal."""
    if (mine := current_account()) is None:
        return boundary.to_sign_in()
    found = redress_queries.own_decision(mine, decision_id)
    return render_template(
        "moderation/own_decision.html",
        statement=statements.statement(found),
        is_ban=found.act is Act.BANNED,
        action=request.path,
        is_heard=appeals.somebody_may_decide(found, mine.id),
    )


@author.get("/letters/<slug>/comments/<int:number>/why")
def why(slug: str, number: int) -> Response:
    """Lead the author of a removed comment from its tombstone to the reasons."""
    if (mine := current_account()) is None:
        return boundary.to_sign_in()
    found = redress_queries.last_removal(mine, letters.published(slug), number)
    return flask.redirect(flask.url_for(".decision", decision_id=found.id), code=303)


@author.post("/account/decisions/<int:decision_id>")
def appeal(decision_id: int) -> Response:
    """Ask another moderator to look at a removal, or a ban."""
    mine = account_here()
    found = redress_queries.own_decision(mine, decision_id)
    appeals.appeal(mine, found, forms.words(request.form, "words", _("Write why.")))
    flask.flash(_("Sent. Another moderator will look at it."))
    return flask.redirect(request.path, code=303)


@senders.get("")
def notice_form() -> str:
    """Ask for what a notice of illegal content must have."""
    mine = current_account()
    place = request.args.get("about", "")[: forms.LONGEST_ADDRESS]
    return render_template("moderation/notice_form.html", typed={"place": place}, name_of=mine)


@senders.post("")
def notify() -> Response:
    """Take a notice, and lead its sender to the page that confirms and answers it."""
    letter, number = place_of(request.form.get("place") or "")
    said = forms.notification(request.form, letter, number)
    network = ratelimit.network_of(request.remote_addr)
    reference = notices.notify(said, current_account(), network)
    return flask.redirect(flask.url_for(".notice", reference=reference), code=303)


@senders.get("/<reference>")
def notice(reference: str) -> Response:
    """Confirm a notice to its sender, and tell them what was decided."""
    found = notices.by_reference(reference)
    page = render_template("moderation/notice.html", **redress_queries.told_to_sender(found))
    return keep_address(flask.make_response(page))


def place_of(address: str) -> tuple[Letter, int]:
    """Return the comment at an address of this site.

    :raises Invalid: no comment is there.
    """
    try:
        match urlsplit(address.strip()).path.strip("/").split("/"):
            case ["letters", slug, "comments", number] if number.isascii() and number.isdigit():
                letter = letters.published(slug)
                return letter, comments.comment(letter, int(number)).number
    except (Refusal, ValueError):  # the latter for what is no address at all
        pass
    raise Invalid(
        _("No comment is at this address. Press a comment’s date, and copy where that leads.")
    )


def appeal_again(refusal: Refusal) -> str:
    """Return the form of an appeal with the words that were refused still in it."""
    if isinstance(refusal, AppealedAlready | NotFound):
        return error_page(refusal.status, refusal.title, refusal.message)
    return render_template(
        "moderation/own_decision.html",
        statement=None,
        is_ban=request.form.get("about") == "ban",
        action=request.path,
        typed=request.form.get("words", ""),
        refusal=refusal,
        is_heard=True,
    )


def notice_again(refusal: Refusal) -> str:
    """Return the form of a notice with what was refused still in it."""
    if not isinstance(refusal, Invalid | TooFast) and refusal.status not in {403, 410, 503}:
        return error_page(refusal.status, refusal.title, refusal.message)
    return render_template(
        "moderation/notice_form.html", typed=request.form, name_of=None, refusal=refusal
    )
