"""How moderators come in and where they go after an act: guard, way back, notice."""

from collections.abc import Callable
from typing import Any

import flask
from flask import render_template, request
from flask_babel import gettext as _
from werkzeug import Response

from discuss.accounts.login import current_account, moderator_here
from discuss.accounts.models import Account
from discuss.base import web
from discuss.base.errors import WORDS_STAY, Refusal, SignInNeeded
from discuss.base.security import SAFE_METHODS
from discuss.comments.views import NOTICE
from discuss.moderation.errors import AlreadyDecided, ForAdministrators, ForModerators
from discuss.moderation.models import Decision
from discuss.moderation.queue import answers
from discuss.moderation.queue.items import Name
from discuss.moderation.queue.outcome import Outcome
from discuss.moderation.queue.verdicts import verdict
from discuss.moderation.wording import said, said_of_all

MOST_SAID = 3  # different refusals of a selection that are told; a cookie carries them


def only_moderators() -> Response | None:
    """Let moderators in; for every view of a blueprint, so that no view can forget it.

    :raises SignInNeeded: nobody is signed in, and something was to be done.
    :raises ForModerators: somebody is who is not a moderator.
    """
    return _only(lambda account: account.is_moderator, ForModerators)


def only_administrators() -> Response | None:
    """Let administrators in; for every view of a blueprint.

    :raises SignInNeeded: nobody is signed in, and something was to be done.
    :raises ForAdministrators: somebody is who is not an administrator.
    """
    return _only(lambda account: account.is_administrator, ForAdministrators)


def to_sign_in() -> Response:
    """Ask who is there, and come back to this page."""
    return flask.redirect(flask.url_for("accounts.signin", next=here()), code=303)


def here() -> str:
    """Return this page's path with its query."""
    return request.full_path if request.query_string else request.path


def done(decision: Decision | None, otherwise: str, name: Name | None = None) -> Response:
    """Go back to where the moderator was, and say there what was done.

    :param decision: what was decided; nothing when it was so already.
    :param otherwise: where to go when the form does not say where it stood.
    :param name: what it was about, so that it can be said who was faster.
    """
    if decision is None and name is not None:
        return late(verdict(name, moderator_here()), otherwise)
    if decision is None:
        return late(_("Nothing changed: that was done already."), otherwise)
    if web.wants_json():
        return answers.decided(decision, way_back(otherwise))
    return _back({"said": said(decision), "undo": str(decision.id)}, otherwise)


def all_done(outcome: Outcome, otherwise: str) -> Response:
    """Go back and say what became of a selection; what was decided is undone as one."""
    refused = " ".join(list(dict.fromkeys(outcome.refused))[:MOST_SAID])
    if not outcome.decisions:
        return late(refused, otherwise)
    notice = {"said": said_of_all(outcome.decisions), "also": refused}
    if outcome.decisions[0].undoes_id is None:
        notice["undo"] = " ".join(str(decision.id) for decision in outcome.decisions)
    return _back(notice, otherwise)


def late(why: str, otherwise: str) -> Response:
    """Go back and say that there was nothing left to decide.

    :param why: who was faster, and what they did.
    :raises AlreadyDecided: it was a script that asked.
    """
    if web.wants_json():
        raise AlreadyDecided(why)
    return _back({"said": why, "tone": "warn"}, otherwise)


def way_back(otherwise: str) -> str:
    """Return the page of this site that the form stood on."""
    return web.safe_path(request.values.get("next")) or otherwise


def _back(notice: dict[str, str], otherwise: str) -> Response:
    flask.session[NOTICE] = notice
    return flask.redirect(way_back(otherwise), code=303)


def taken_notice() -> dict[str, str]:
    """Return what the last request said, once."""
    found: dict[str, str] = flask.session.pop(NOTICE, {})
    return found


def note_again(template: str, **words: Any) -> web.RefusalPage:
    """Return the page in which a refused reason or note comes back.

    :param template: the form's own; it is given no comment, for the database may be what failed.
    :param words: what else the template takes.
    """

    def page(refusal: Refusal) -> str:
        if not isinstance(refusal, WORDS_STAY):
            return web.error_page(refusal.status, refusal.title, refusal.message)
        return render_template(
            template,
            refusal=refusal,
            row=None,
            action=request.path,
            chosen=request.form.get("reason", ""),
            note=request.form.get("note", ""),
            length=request.form.get("length", ""),
            next=web.safe_path(request.form.get("next")) or "",
            **words,
        )

    return page


def _only(
    may_enter: Callable[[Account], bool], refusal: type[ForModerators | ForAdministrators]
) -> Response | None:
    account = current_account()
    if account is None and request.method in SAFE_METHODS:
        return to_sign_in()
    if account is None:
        raise SignInNeeded
    if not may_enter(account):
        raise refusal(account.name)
    return None
