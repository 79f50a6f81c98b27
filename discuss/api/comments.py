"""A letter's comments, for programs: reading them, posting, editing, deleting, removing."""

from collections import Counter
from typing import Any

import flask
from flask import Response, request
from flask_babel import gettext as _

from discuss.accounts.login import account_here
from discuss.accounts.models import Account
from discuss.api import paging, queries, schemas
from discuss.api.bodies import body
from discuss.api.calls import calls
from discuss.api.problems import BadField
from discuss.base import pagecache
from discuss.base.db import LARGEST_NUMBER
from discuss.base.errors import NotFound
from discuss.comments import actions, forms, submissions
from discuss.comments import queries as comments
from discuss.comments.models import Comment, HeldComment, State
from discuss.comments.tree import nested
from discuss.comments.walk import Cursor, Sort
from discuss.letters import queries as letters
from discuss.letters.models import Letter
from discuss.letters.queries import Standing
from discuss.moderation import actions as moderation
from discuss.moderation import forms as reasons
from discuss.moderation import scope

GONE_NAME = "[deleted]"

blueprint = calls("comments", "/letters/<slug>/comments")


@blueprint.get("")
def listed(slug: str) -> Response:
    """List the replies of a comment with theirs, or every comment that changed since a clock."""
    asked = request.args
    order, limit = paging.sort(asked), paging.limit(asked)
    top, since = paging.number(asked, "top"), paging.number(asked, "since")
    standing = letters.standing(slug)  # the clock is read before what it counts
    if asked.get("since"):
        if top:
            raise BadField(_("“since” lists the whole thread; leave out “top”."), "top")
        place = paging.changed(asked)
        since = min(since, standing.clock)  # all later ones are one page, and kept as one
        key = f"since={since}&{order}&{place or ''}&{limit}"

        def render() -> schemas.Comments:
            return page_of_changes(standing, since, order, place, limit)

    else:
        after = paging.cursor(asked, order)
        if top and not queries.has_row(standing.id, top):
            raise NotFound
        key = f"top={top}&{order}&{after or ''}&{limit}"

        def render() -> schemas.Comments:
            return page_of_replies(standing, top, order, after, limit)

    return pagecache.respond(
        f"/api/v1/letters/{slug}/comments?{key}",
        standing.stamp,
        lambda: render().model_dump_json(),
        "application/json",
    )


@blueprint.get("/<int:number>")
def one(slug: str, number: int) -> Response:
    """Return one comment, or its tombstone."""
    standing = letters.standing(slug)
    row = comments.row(standing.id, number) if 0 < number <= LARGEST_NUMBER else None
    if row is None:
        raise NotFound
    return pagecache.respond(
        f"/api/v1/letters/{slug}/comments/{number}",
        standing.stamp,
        lambda: comment(row, more(row, Counter(), Sort.BEST)).model_dump_json(),
        "application/json",
    )


@blueprint.post("")
def post(slug: str) -> Response:
    """Post a comment: 201 when it is new, 202 when a moderator reads it first, 200 when known."""
    letter, author = letters.published(slug), account_here()
    remark = forms.remark(body(schemas.NewComment).model_dump())
    outcome, is_new = submissions.posted_once(letter, author, remark, actions.post)
    if isinstance(outcome, HeldComment):
        return respond(held(outcome, author), 202)
    response = respond(fresh(letter, outcome), 201 if is_new else 200)
    response.headers["Location"] = f"/api/v1/letters/{letter.slug}/comments/{outcome.number}"
    return response


@blueprint.patch("/<int:number>")
def edit(slug: str, number: int) -> Response:
    """Change the words of one's own comment."""
    letter, editor = letters.published(slug), account_here()
    sent = body(schemas.Edit)
    words = forms.text(sent.model_dump())
    return respond(fresh(letter, actions.edit(letter, editor, number, words, sent.changed)))


@blueprint.delete("/<int:number>")
def delete(slug: str, number: int) -> Response:
    """Delete one's own comment; a moderator removes another's, with a reason."""
    letter, account = letters.published(slug), account_here()
    found = comments.comment(letter, number)
    if scope.moderates(account, letter.id) and found.account_id != account.id:
        remove(letter, account, number)
    else:
        actions.delete(letter, account, number)
    return respond(fresh(letter, found))


def remove(letter: Letter, moderator: Account, number: int) -> None:
    """Remove a comment for the reason that was sent, in a body or behind the question mark.

    Some proxies drop the body of a DELETE (RFC 9110, section 9.3.5).
    """
    sent = body(schemas.Removal).model_dump() if request.get_data() else request.args
    moderation.remove(letter, moderator, number, reasons.reason(sent), reasons.note(sent))


def page_of_replies(
    standing: Standing, top: int, order: Sort, after: Cursor | None, limit: int
) -> schemas.Comments:
    """Return replies of a comment with theirs, each parent before its replies."""
    page = comments.page(standing.id, top, order, after, limit=limit)
    rows = [
        comment(node.row, str(node.unseen.after) if node.unseen else None)
        for node in nested(page.rows, top, order)
    ]
    return schemas.Comments(
        comments=rows, next=str(page.next) if page.next else None, clock=standing.clock
    )


def page_of_changes(
    standing: Standing, since: int, order: Sort, after: paging.Changed | None, limit: int
) -> schemas.Comments:
    """Return comments of the whole thread by their last change."""
    found = queries.changed_since(standing.id, since, after, limit + 1)
    page, goes_on = found[:limit], len(found) > limit
    shown = Counter(row.parent for row in page if is_drawn(row))
    last = str(paging.Changed(page[-1].changed, page[-1].number)) if goes_on else None
    rows = [comment(row, more(row, shown, order)) for row in page]
    return schemas.Comments(comments=rows, next=last, clock=standing.clock)


def is_drawn(row: Any) -> bool:
    """Whether readers see a row: all but the deleted with nothing left under them."""
    return row.state is not State.DELETED or row.reply_count > row.gone_count


def more(row: Any, shown: Counter[int], order: Sort) -> str | None:
    """Return the cursor of a comment's replies where an answer doesn't show them all.

    :param row: the comment.
    :param shown: how many replies of each comment stand in the same answer.
    :param order: the order that the cursor is to be read in.
    """
    left = row.reply_count - row.gone_count - shown[row.number]
    return str(Cursor.start(order)) if left > 0 else None


def comment(row: Any, more: str | None) -> schemas.Comment:
    """Return what everybody may know of a comment; a tombstone says neither who nor what."""
    is_there = row.state is State.VISIBLE
    return schemas.Comment(
        number=row.number,
        parent=row.parent,
        level=row.level,
        author=schemas.Author(name=(row.name if is_there else None) or GONE_NAME),
        posted_at=row.posted_at,
        edited_at=row.edited_at,
        changed=row.changed,
        html=row.html if is_there else "",
        source=row.source if is_there else "",
        score=row.score,
        reply_count=row.reply_count,
        state=row.state.value,
        more=more,
    )


def held(waiting: HeldComment, author: Account) -> schemas.HeldComment:
    """Return what its author may know of a comment that waits for a moderator."""
    return schemas.HeldComment(
        parent=waiting.parent,
        author=schemas.Author(name=author.name),
        posted_at=waiting.posted_at,
        html=waiting.html,
        source=waiting.source,
        reason=waiting.reason,
    )


def fresh(letter: Letter, changed: Comment) -> schemas.Comment:
    """Return a comment as it stands after a change."""
    row = comments.row(letter.id, changed.number)
    return comment(row, more(row, Counter(), Sort.BEST))


def respond(answer: schemas.Answer, status: int = 200) -> Response:
    """Answer a call that changed something."""
    return flask.make_response(
        answer.model_dump_json(), status, {"Content-Type": "application/json"}
    )
