"""Posting, editing, deleting and voting over HTTP."""

from typing import Any

import flask
from flask import Blueprint, Flask, render_template, request
from flask_babel import gettext as _
from werkzeug import Response
from werkzeug.datastructures import MultiDict

from discuss.accounts.login import account_here, current_account
from discuss.base.db import session
from discuss.base.errors import Invalid, Refusal
from discuss.base.security import form_token, is_signed_in
from discuss.base.web import refusal_page, wants_json
from discuss.comments import actions, drafts, forms, queries, submissions, voting
from discuss.comments.errors import ParentRemoved
from discuss.comments.models import LONGEST_KEY, Comment, HeldComment
from discuss.letters import queries as letters
from discuss.letters.models import Letter

blueprint = Blueprint("comments", __name__, url_prefix="/letters/<slug>/comments")
NOTICE = "notice"  # the session's key for the line that the next page shows once


def init_app(app: Flask) -> None:
    """Register the views, and the page in which a refused form comes back."""
    app.register_blueprint(blueprint)
    refusal_page(app, "comments.create", "comments.edit")(words_again)


@blueprint.post("")
def create(slug: str) -> Response:
    """Post a comment; without an account, keep it as a draft and ask who is speaking."""
    letter = letters.published(slug)
    if (author := current_account()) is None:
        return keep_draft(letter, request.form)
    remark = forms.remark(request.form)
    outcome = submissions.once(letter, author, remark, actions.post)
    drafts.done(letter, remark)
    flask.session[NOTICE] = {"held" if isinstance(outcome, HeldComment) else "posted": _key(remark)}
    return flask.redirect(address(letter, outcome), code=303)


@blueprint.post("/<int:number>/text")
def edit(slug: str, number: int) -> Response:
    """Save an edit."""
    letter = letters.published(slug)
    seen = request.form.get("changed", type=int)
    comment = actions.edit(letter, account_here(), number, forms.text(request.form), seen)
    flask.session[NOTICE] = {"saved": ""}
    return flask.redirect(address(letter, comment), code=303)


@blueprint.post("/<int:number>/deletion")
def delete(slug: str, number: int) -> Response:
    """Delete one's own comment."""
    letter = letters.published(slug)
    comment = actions.delete(letter, account_here(), number)
    flask.session[NOTICE] = {"deleted": ""}
    above = queries.comment(letter, comment.parent) if comment.parent else None
    return flask.redirect(address(letter, above), code=303)


@blueprint.post("/<int:number>/vote")
def vote(slug: str, number: int) -> Response:
    """Vote, change a vote or take it back; a script gets the score, a form the comment."""
    letter = letters.published(slug)
    values = {"up": 1, "down": -1, "none": 0}
    if (value := values.get(request.form.get("value", ""))) is None:
        raise Invalid(_("Press one of the two arrows."))
    if (voter := current_account()) is None:
        return flask.redirect(f"/signin?next={flask.request.path.removesuffix('/vote')}", code=303)
    score = voting.vote(letter, voter, number, value)
    if wants_json():
        return flask.jsonify(score=score)
    return flask.redirect(address(letter, queries.comment(letter, number)), code=303)


@blueprint.post("/held/<int:held_id>/deletion")
def withdraw_held(slug: str, held_id: int) -> Response:
    """Take back a comment that still waits for a moderator."""
    letter = letters.published(slug)
    author = account_here()
    if (held := session.get(HeldComment, held_id)) is not None and held.letter_id == letter.id:
        actions.withdraw_held(author, held)
    flask.session[NOTICE] = {"deleted": ""}
    return flask.redirect(address(letter, None), code=303)


def keep_draft(letter: Letter, form: MultiDict[str, str]) -> Response:
    """Keep the words of somebody who is not signed in, and lead them to the sign-in page."""
    parent = forms.parent_number(form)
    drafts.keep(letter, forms.text(form), parent, forms.excerpt(form))
    place = drafts.place(letter, parent)
    return flask.redirect(flask.url_for("accounts.signin", next=place), code=303)


def address(letter: Letter, outcome: Comment | HeldComment | None) -> str:
    """Return the lasting address of a comment; of the discussion where there is none yet."""
    if isinstance(outcome, Comment):
        return f"/letters/{letter.slug}/comments/{outcome.number}"
    return f"/letters/{letter.slug}#talk"


def words_again(refusal: Refusal) -> str:
    """Return the page with the words that were refused still in their form.

    It reads nothing from the database, for that may be what has failed.
    """
    form = request.form
    number = (request.view_args or {}).get("number")
    try:
        parent = 0 if isinstance(refusal, ParentRemoved) else forms.parent_number(form)
    except Refusal:
        parent = 0
    context: dict[str, Any] = {
        "slug": (request.view_args or {})["slug"],
        "words": form.get("body", ""),
        "parent": parent,
        "refusal": refusal,
        "number": number,
        "changed": form.get("changed", ""),
        "current": getattr(refusal, "current", None),
        "excerpt": forms.excerpt(form),
        "key": form.get("key", "")[:LONGEST_KEY],
        "form_csrf": form_token() if is_signed_in() else "",
    }
    return render_template("comments/refused.html", **context)


def _key(remark: forms.Remark) -> str:
    return str(remark.parent)
