"""A letter's page, printed once for all signed-in readers who see the same but for their names.

Most of them wrote nothing on it, voted on nothing and have nothing waiting. Where a name, a form's
token and the like belong, the pattern has marks. Whoever sees anything else gets a page printed
for them alone.
"""

import re
import secrets
from collections.abc import Callable, Hashable
from dataclasses import replace
from typing import Any

import flask
from flask import Flask
from markupsafe import escape

from discuss.accounts.models import Account, Role
from discuss.accounts.views import current_service_name
from discuss.base.pagecache import Parts
from discuss.reading.talk import Talk

MOST = 8  # patterns a worker keeps, some 200 KB each
MARKS = {  # nobody ever sees one, so nobody can write it
    what: secrets.token_hex(16)
    for what in ("id", "name", "initial", "tint", "csrf_token", "key", "service")
}
_MARK = re.compile(f"({'|'.join(MARKS.values())})")

Print = Callable[..., str]
"""Prints a talk; what else is given goes to the template, before what pages get by themselves."""


class AnyReader:
    """The viewer of a pattern: everything that a page may show of an ordinary account."""

    id, name, initial, tint = (MARKS[what] for what in ("id", "name", "initial", "tint"))
    is_moderator = is_publisher = is_administrator = moderates_site = has_warning = False


ANY_READER: Any = AnyReader()


def init_app(app: Flask) -> None:
    """Make room for patterns."""
    app.extensions["page_patterns"] = Parts(MOST)


def fits(talk: Talk) -> bool:
    """Whether the viewer sees nothing on a page that is theirs alone."""
    viewer = talk.viewer
    return (
        viewer is not None
        and viewer.role is Role.ACCOUNT
        and not viewer.has_warning
        and not talk.is_personal
        and all(node.row.account_id != viewer.id for node in talk.nodes)
    )


def filled(key: tuple[Hashable, ...], stamp: str, talk: Talk, printed: Print) -> str:
    """Return a page with its viewer's name and tokens in their places.

    :param key: tells the page from others.
    :param stamp: the clocks that the page shows, read before.
    :param talk: what the viewer sees, whom the pattern fits.
    :param printed: prints the page of a talk.
    """
    kept: Parts = flask.current_app.extensions["page_patterns"]
    pattern: list[str] = kept.right(
        (*key, talk.is_open, bool(talk.rules)), stamp, lambda: _MARK.split(_for_any(talk, printed))
    )
    theirs = _theirs(talk)
    parts = pattern.copy()
    parts[1::2] = [theirs[mark] for mark in parts[1::2]]
    return "".join(parts)


def _for_any(talk: Talk, printed: Print) -> str:
    anybodys = replace(talk, viewer=ANY_READER, csrf_token=MARKS["csrf_token"], key=MARKS["key"])
    return printed(
        anybodys,
        viewer=ANY_READER,
        csrf_token=lambda: MARKS["csrf_token"],
        current_service_name=lambda: MARKS["service"],
    )


def _theirs(talk: Talk) -> dict[str, str]:
    """Return what belongs where the marks are."""
    viewer: Account = talk.viewer  # type: ignore[assignment]  # `fits` has seen one
    said = {
        "id": viewer.id,
        "name": viewer.name,
        "initial": viewer.initial,
        "tint": viewer.tint,
        "csrf_token": talk.csrf_token,
        "key": talk.key,
        "service": current_service_name(),
    }
    return {MARKS[what]: str(escape(value)) for what, value in said.items()}
