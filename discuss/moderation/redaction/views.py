"""Editing a comment and locking a branch over HTTP, and what its author may still read of it."""

import flask
from flask import Blueprint, Flask, render_template, request
from werkzeug import Response

from discuss.accounts.login import current_account, moderator_here
from discuss.base.errors import WORDS_STAY, NotFound, Refusal
from discuss.base.web import error_page, refusal_page
from discuss.comments import forms as comment_forms
from discuss.comments.branches import locks_of
from discuss.comments.errors import EditedElsewhere
from discuss.comments.models import Reason, State
from discuss.comments.queries import comment
from discuss.letters import queries as letters
from discuss.moderation import boundary, branches, forms, scope
from discuss.moderation.errors import NotShown
from discuss.moderation.redaction import actions as redacting

acts = Blueprint("redacting", __name__, url_prefix="/letters/<slug>/comments/<int:number>")
acts.before_request(boundary.only_moderators)
acts.before_request(scope.only_here)
authors = Blueprint("redacted", __name__, url_prefix="/letters/<slug>/comments/<int:number>")


def init_app(app: Flask) -> None:
    """Register the views and the page in which a refused edit comes back."""
    app.register_blueprint(acts)
    app.register_blueprint(authors)
    refusal_page(app, "redacting.redact")(words_again)
    app.add_template_global(locks_of, "branch_locks")


@acts.get("/redaction")
def redaction_form(slug: str, number: int) -> str:
    """Show a comment's words to be edited."""
    found = comment(letters.published(slug), number)
    if found.state is not State.VISIBLE or number == 0:
        raise NotShown
    return render_template(
        "moderation/redaction.html",
        action=request.path,
        words=found.source,
        changed=found.changed,
        chosen=Reason.PRIVATE,
        next=boundary.way_back(request.path.removesuffix("/redaction")),
    )


@acts.post("/redaction")
def redact(slug: str, number: int) -> Response:
    """Save a moderator's edit."""
    letter = letters.published(slug)
    decision = redacting.redact(
        letter,
        moderator_here(),
        number,
        comment_forms.text(request.form),
        forms.reason(request.form),
        forms.note(request.form),
        seen=request.form.get("changed", type=int),
    )
    return boundary.done(decision, f"/letters/{slug}/comments/{number}")


@acts.post("/branch-lock")
def lock_branch(slug: str, number: int) -> Response:
    """Lock the branch under a comment, or unlock it with `locked=no`."""
    letter = letters.published(slug)
    comment(letter, number)
    act = branches.lock if forms.switch(request.form, "locked") else branches.unlock
    return boundary.done(
        act(letter, moderator_here(), number), f"/letters/{slug}/comments/{number}"
    )


@authors.get("/before")
def before(slug: str, number: int) -> str | Response:
    """Show what a comment said before a moderator edited it: to its author and to moderators."""
    letter = letters.published(slug)
    if (reader := current_account()) is None:
        return boundary.to_sign_in()
    found = comment(letter, number)
    may = found.account_id == reader.id or scope.moderates(reader, letter.id)
    texts = redacting.earlier_words(letter.id, number) if may else []
    if not texts or found.state is State.DELETED:
        raise NotFound
    return render_template(
        "moderation/before.html", path=f"/letters/{slug}/comments/{number}", texts=texts
    )


def words_again(refusal: Refusal) -> str:
    """Return the form with the words that were refused; it reads nothing from the database."""
    if not isinstance(refusal, (*WORDS_STAY, EditedElsewhere)):
        return error_page(refusal.status, refusal.title, refusal.message)
    return flask.render_template(
        "moderation/redaction.html",
        action=request.path,
        words=request.form.get("body", ""),
        changed=request.form.get("changed", ""),
        chosen=request.form.get("reason", ""),
        note=request.form.get("note", ""),
        next=boundary.way_back(request.path.removesuffix("/redaction")),
        refusal=refusal,
    )
