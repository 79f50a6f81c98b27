"""The comments of a page as HTML, each printed once for everybody who sees the same of it.

Printing is most of what a page costs, and after a new comment all but two or three of a hundred
are as they were. What is a viewer's own (their comments, votes, an open form) is printed for them
alone.
"""

import secrets
from dataclasses import replace
from typing import Any

import flask
from flask import Flask, render_template
from markupsafe import Markup

from discuss.base.pagecache import Parts
from discuss.comments.tree import Node
from discuss.reading.talk import Talk

MOST = 1_500  # comments a worker keeps, some 3 KB each: fifteen pages of a hundred
NEXT = secrets.token_hex(16)  # stands between comments, where nobody sees it to write it
TOKEN = secrets.token_hex(16)  # stands where the viewer's form token belongs


class Anybody:
    """A signed-in viewer who wrote nothing here, voted on nothing and moderates nothing."""

    id = 0
    is_moderator = False


ANYBODY: Any = Anybody()


def init_app(app: Flask) -> None:
    """Give templates `comments_html(talk, notice)`."""
    app.extensions["printed_comments"] = Parts(MOST)
    app.add_template_global(comments_html)


def comments_html(talk: Talk, notice: dict[str, str]) -> Markup:
    """Return a page's comments in reading order.

    :param talk: the page.
    :param notice: what the viewer has just done; a comment just posted gets the focus.
    """
    own = {node.row.number for node in talk.nodes if is_for_one(talk, node, notice)}
    shared = for_everybody(talk, [node for node in talk.nodes if node.row.number not in own])
    alone = printed(talk, [node for node in talk.nodes if node.row.number in own], notice)
    parts = iter(shared), iter(alone)
    html = "".join(next(parts[node.row.number in own]) for node in talk.nodes)
    return Markup(html)  # noqa: S704 - the template's own output, escaped where it was printed


def is_for_one(talk: Talk, node: Node, notice: dict[str, str]) -> bool:
    """Whether a comment looks to this viewer as it looks to nobody else."""
    number = node.row.number
    if talk.viewer is None:
        return number == talk.reply_to
    return (
        talk.moderates
        or node.row.account_id == talk.viewer.id
        or node.row.account_id in talk.muted
        or number in talk.votes
        or number in {talk.editing, talk.reply_to}
        or (number == talk.top and "posted" in notice)
    )


def for_everybody(talk: Talk, nodes: list[Node]) -> list[str]:
    """Return comments as all viewers of a kind see them, printing those not printed yet."""
    kept: Parts = flask.current_app.extensions["printed_comments"]
    kind = (talk.path, talk.sort, talk.is_answerable, talk.viewer is None)
    keys = [(*kind, *looks(node)) for node in nodes]
    found = [kept.find(key) for key in keys]
    missing = [place for place, html in enumerate(found) if html is None]
    if missing:
        anybody = replace(
            talk,
            viewer=ANYBODY if talk.viewer else None,
            votes={},
            muted=frozenset(),
            editing=None,
            reply_to=None,
            csrf_token=TOKEN if talk.viewer else "",
        )
        for place, html in zip(
            missing, printed(anybody, [nodes[place] for place in missing], {}), strict=True
        ):
            found[place] = kept.keep(keys[place], html)
    return [html.replace(TOKEN, talk.csrf_token) for html in found] if talk.viewer else found


def looks(node: Node) -> tuple[Any, ...]:
    """Return all that a printed comment shows."""
    row = node.row
    return (
        row.number,
        row.parent,
        row.state,
        row.removed_for,
        hash(row.html),
        node.score,
        row.reply_count,
        row.gone_count,
        row.account_id,
        row.name,
        row.role,
        row.posted_at,
        row.edited_at,
        row.redacted_at,
        row.passage,
        row.quote,
        node.level,
        node.locks,
        node.is_locked,
        node.parent_name,
        node.replies,
        node.unseen,
        tuple(node.closes),
    )


def printed(talk: Talk, nodes: list[Node], notice: dict[str, str]) -> list[str]:
    """Print comments.

    :returns: as many texts as nodes.
    """
    if not nodes:
        return []
    template = "comments/_comments.html"
    return render_template(template, talk=talk, nodes=nodes, notice=notice, between=NEXT).split(
        NEXT
    )[:-1]
