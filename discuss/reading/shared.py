"""What every reader of a letter's page shares, kept under the letter's clock while it stands."""

import functools
from urllib.parse import urlencode

import flask
from flask import Flask, render_template
from markupsafe import Markup

from discuss.base import rendering
from discuss.base.db import session
from discuss.base.pagecache import Parts
from discuss.comments import queries as comments
from discuss.comments.walk import Cursor, Sort
from discuss.letters import actions as letter_actions
from discuss.letters import queries as letters
from discuss.letters.models import Letter
from discuss.reading import talk as talks
from discuss.reading.talk import Talk

MOST = 8  # pages a worker keeps the rows of, some 400 KB each


def init_app(app: Flask) -> None:
    """Make room for what is shared."""
    app.extensions["shared_pages"] = Parts(MOST)
    app.extensions["shared_letters"] = Parts(MOST)
    app.add_template_global(paragraph_html)


def of_letter(standing: letters.Standing, slug: str, sort: Sort, after: Cursor | None) -> Talk:
    """Return a page of a letter's thread, as it is for every reader.

    :param standing: the letter's, read before.
    """
    kept: Parts = flask.current_app.extensions["shared_pages"]
    return kept.right(
        (slug, sort, after),
        standing.stamp.text,
        lambda: with_letter(talks.of_letter(letter(standing, slug), sort, after)),
    )


def letter(standing: letters.Standing, slug: str) -> Letter:
    """Return a letter whole, apart from any session: requests share it and only read it."""
    kept: Parts = flask.current_app.extensions["shared_letters"]
    return kept.right(slug, standing.stamp.text, lambda: detached(letters.whole(slug)))


def detached(found: Letter) -> Letter:
    """Take a letter out of the session, and what was loaded with it along."""
    session.expunge(found)
    return found


def with_letter(talk: Talk) -> Talk:
    """Print the letter above its thread, with how many comments each paragraph has."""
    pins = comments.passages(talk.letter.id)
    html = render_template("letters/_letter.html", letter=talk.letter, pins=pins)
    talk.letter_html = Markup(html)  # noqa: S704 - a template's own output, escaped where printed
    return talk


def paragraph_html(text: str, lost_links: list[str]) -> Markup:
    """Print a paragraph of a letter, its hashtags linked to their lists."""
    return _paragraph_html(text, tuple(lost_links))


@functools.lru_cache(maxsize=1024)  # paragraphs change seldom, and finding their links takes long
def _paragraph_html(text: str, lost_links: tuple[str, ...]) -> Markup:
    return rendering.letter_paragraph_html(
        text, lambda tag: "/?" + urlencode({"tag": letter_actions.tag_key(tag)}), lost_links
    )
