"""What feed readers fetch: the letters, a letter's comments, all comments (Atom, RFC 4287).

An entry's id is its permalink, which lasts.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import flask
import sqlalchemy as sa
from flask import Flask, render_template
from markupsafe import Markup
from werkzeug import Response

from discuss.accounts.models import Account
from discuss.base import pagecache, rendering
from discuss.base.config import settings
from discuss.base.db import session
from discuss.base.security import is_signed_in
from discuss.comments.models import Comment
from discuss.comments.models import State as CommentState
from discuss.letters import actions as letter_actions
from discuss.letters import queries as letters
from discuss.letters.models import Letter, State
from discuss.reading.views import blueprint

ATOM = "application/atom+xml"
COMMENTS_SHOWN = 50  # a day's talk at a busy time; readers fetch several times a day
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)  # when a feed without an entry last changed


def init_app(app: Flask) -> None:
    """Give the feeds' templates what only they need."""
    app.add_template_filter(rfc3339)
    app.add_template_filter(feed_paragraph)


@blueprint.get("/feed.atom")
@pagecache.public()
def site_feed() -> Response:
    """Tell feed readers of new letters, each whole."""

    def render() -> str:
        found, _has_more = letters.listed()
        newest = newest_of(letter.published_at for letter in found)
        return render_template("reading/letters.atom", letters=found, updated=newest)

    return answer("/feed.atom", pagecache.stamp_of("site", "letters"), render)


@blueprint.get("/letters/<slug>/feed.atom")
@pagecache.public()
def letter_feed(slug: str) -> Response:
    """Tell feed readers of a letter's new comments."""
    standing = letters.standing(slug)

    def render() -> str:
        return comments_feed(letters.published(slug), comments_under(standing.id))

    return answer(f"/letters/{slug}/feed.atom", standing.stamp, render)


@blueprint.get("/comments.atom")
@pagecache.public()
def all_comments_feed() -> Response:
    """Tell feed readers of new comments under every letter."""
    return answer(
        "/comments.atom",
        pagecache.read(letters.ACTIVITY),
        lambda: comments_feed(None, comments_everywhere()),
    )


def answer(path: str, stamp: pagecache.Stamp, render: Callable[[], str]) -> Response:
    """Answer with a feed; where a session's cookie came along, it may travel back with it."""

    def clean() -> str:
        return rendering.for_xml(render())

    if is_signed_in():
        return flask.make_response(clean(), {"Content-Type": ATOM})
    return pagecache.respond(path, stamp, clean, ATOM)


def comments_feed(letter: Letter | None, rows: list[Any]) -> str:
    """Return a feed of comments.

    :param letter: theirs; nothing for those of every letter.
    :param rows: of `comments_under` or `comments_everywhere`.
    """
    newest = newest_of(row.edited_at or row.posted_at for row in rows)
    return render_template("reading/comments.atom", letter=letter, rows=rows, updated=newest)


def comments_under(letter_id: int) -> list[Any]:
    """Return the newest comments of a letter that readers can see."""
    return newest(Comment.letter_id == letter_id, Comment.number.desc())


def comments_everywhere() -> list[Any]:
    """Return the newest comments under published letters that readers can see."""
    # Not a join, which SQLite would begin at the letters, to sort all that was ever said.
    is_published = sa.exists().where(
        Letter.id == Comment.letter_id, Letter.state == State.PUBLISHED
    )
    age = (Comment.posted_at.desc(), Comment.letter_id.desc(), Comment.number.desc())
    return newest(is_published, *age)


def newest(which: sa.ColumnElement[bool], *age: sa.UnaryExpression[Any]) -> list[Any]:
    """Return comments that readers can see, with what a feed tells of them.

    :param which: of all.
    :param age: their order, an index's, so that the first few are found without the others.
    """
    first = (
        sa.select(Comment.letter_id, Comment.number)
        .where(which, Comment.number > 0, Comment.state == CommentState.VISIBLE)
        .order_by(*age)
        .limit(COMMENTS_SHOWN)
        .subquery()
    )
    is_first = sa.and_(Comment.letter_id == first.c.letter_id, Comment.number == first.c.number)
    wanted = (
        sa.select(
            Comment.number,
            Comment.parent,
            Comment.posted_at,
            Comment.edited_at,
            Comment.html,
            sa.func.coalesce(Account.name, Comment.author_name).label("name"),
            Letter.slug,
            Letter.headline,
        )
        .select_from(first)
        .join(Comment, is_first)
        .join(Letter, Letter.id == first.c.letter_id)
        .outerjoin(Account, Account.id == Comment.account_id)
        .order_by(*age)
    )
    return list(session.execute(wanted))


def newest_of(times: Iterable[datetime | None]) -> datetime:
    """Return the latest of some moments."""
    return max((time for time in times if time), default=LONG_AGO)


def rfc3339(time: datetime) -> str:
    """Return a moment as Atom writes it (RFC 4287, section 3.3)."""
    return time.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def feed_paragraph(text: str, lost_links: Iterable[str] = ()) -> Markup:
    """Print a paragraph of a letter with links that lead here from anywhere."""
    site = settings().site_url
    return rendering.letter_paragraph_html(
        text, lambda tag: f"{site}/?{urlencode({'tag': letter_actions.tag_key(tag)})}", lost_links
    )
