"""Alerts over HTTP: the page that makes a feed's address, the feed, and the links that decide."""

from typing import Any

import flask
from flask import Blueprint, Flask, render_template, request
from flask_babel import format_timedelta
from flask_babel import gettext as _
from werkzeug import Response

from discuss.accounts.login import moderator_here
from discuss.accounts.models import Account
from discuss.base import clock, rendering
from discuss.base.config import settings
from discuss.base.db import session
from discuss.base.errors import Invalid, NotFound
from discuss.base.security import form_token, is_signed_in, keep_address
from discuss.comments.models import State
from discuss.letters.models import Letter
from discuss.moderation import actions, desk_figures, forms, holding, queries, reports, scope
from discuss.moderation.alerts import actions as alerts
from discuss.moderation.alerts.actions import Matter
from discuss.moderation.errors import AlreadyDecided
from discuss.moderation.models import Decision
from discuss.moderation.queue import waiting
from discuss.moderation.queue.filters import Filters
from discuss.moderation.views import blueprint as moderation
from discuss.moderation.wording import said

by_token = Blueprint("alerts", __name__, url_prefix="/moderation-alerts")
by_token.after_request(keep_address)


def init_app(app: Flask) -> None:
    """Register what needs no session."""
    app.register_blueprint(by_token)
    app.add_template_filter(lambda span: str(format_timedelta(span)), "span")


@moderation.get("/alerts")
def alerts_page() -> str:
    """Say which alerts there are, and make a feed's address."""
    return page(None)


@moderation.post("/alerts/feed")
def make_feed() -> str:
    """Make the address of a feed, and show it this once."""
    return page(f"{settings().site_url}/moderation-alerts/{alerts.make_feed(moderator_here())}")


@moderation.post("/alerts/feed/removal")
def revoke_feed() -> Response:
    """Take the address of one's feed away."""
    alerts.revoke_feed(moderator_here())
    return flask.redirect(flask.url_for("moderation.alerts_page"), code=303)


@moderation.get("/figures")
def figures_page() -> str:
    """Show what waits, who decides how much, and how long it takes."""
    return render_template(
        "moderation/figures.html",
        counts=queries.counts(),
        figures=desk_figures.of_last_days(moderator_here()),
    )


def page(made: str | None) -> str:
    """Return the page of alerts.

    :param made: the address of a feed that was made just now.
    """
    return render_template(
        "moderation/alerts.html",
        counts=queries.counts(),
        feed=alerts.feed_of(moderator_here()),
        made=made,
        webhook=bool(settings().webhook_url),
    )


@by_token.get("/<feed_token>")
def feed(feed_token: str) -> Response:
    """Tell a moderator's feed reader what waits, each with a link that decides once."""
    moderator = flask.g.moderator_by_token = alerts.moderator_of(feed_token)
    tabs = (Filters("held"), Filters("reported"))
    items = [item for tab in tabs for item in waiting.page(tab, None, moderator).items]
    body = render_template(
        "moderation/queue.atom",
        items=[(item, link(moderator, item.row)) for item in items],
        updated=max((item.row.posted_at for item in items), default=clock.now()),
    )
    return flask.make_response(rendering.for_xml(body), {"Content-Type": "application/atom+xml"})


def link(moderator: Account, row: Any) -> str:
    """Return the address of a page that decides about a row of the queue."""
    if hasattr(row, "id"):
        matter = Matter(moderator.id, held_id=row.id)
    else:
        matter = Matter(moderator.id, letter_id=row.letter_id, number=row.number)
    return f"{settings().site_url}/moderation-alerts/links/{alerts.sign(matter)}"


@by_token.get("/links/<signed>")
def look(signed: str) -> str:
    """Show a comment, and the buttons that decide about it; nothing is decided by looking."""
    matter, moderator = alerts.read(signed)
    flask.g.moderator_by_token = moderator
    row = row_of(matter, moderator)
    return render_template(
        "moderation/link.html",
        row=row,
        moderator=moderator,
        action=request.path,
        token=form_token() if is_signed_in() else "",
    )


@by_token.post("/links/<signed>")
def decide(signed: str) -> str:
    """Approve, or remove for the reason whose button was pressed; the link is used up by it."""
    matter, moderator = alerts.read(signed)
    flask.g.moderator_by_token = moderator
    row_of(matter, moderator)
    act = decision_of(matter, moderator)
    alerts.use_up(matter)
    told = _("Nothing changed: that was done already.") if act is None else said(act)
    return render_template("moderation/link.html", row=None, said=told)


def decision_of(matter: Matter, moderator: Account) -> Decision | None:
    """Do what was pressed."""
    if request.form.get("act") == "approve":
        if matter.held_id:
            return holding.approve(matter.held_id, moderator)
        return reports.dismiss(letter_of(matter), moderator, matter.number)
    if request.form.get("act") == "remove":
        reason = forms.reason(request.form)
        if matter.held_id:
            return holding.refuse_held(matter.held_id, moderator, reason)
        return actions.remove(letter_of(matter), moderator, matter.number, reason)
    raise Invalid(_("Press one of the buttons."))


def row_of(matter: Matter, moderator: Account) -> Any:
    """Return the comment that a link is about, with its context.

    :raises NotFound: there is none, or it is under a letter that the moderator does not moderate.
    :raises AlreadyDecided: somebody has decided meanwhile.
    """
    if matter.held_id:
        return queries.held_comment(matter.held_id)
    scope.refuse_beyond(moderator, matter.letter_id)
    row = queries.comment_in_context(letter_of(matter), matter.number)
    if row.state is not State.VISIBLE:
        raise AlreadyDecided
    return row


def letter_of(matter: Matter) -> Letter:
    """Return the letter of a matter.

    :raises NotFound: there is none.
    """
    if (letter := session.get(Letter, matter.letter_id)) is None:
        raise NotFound
    return letter
