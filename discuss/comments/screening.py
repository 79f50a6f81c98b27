"""Where automatic checks of a new comment register; which there are is moderation's business.

What they need of the database besides is read for all of them by one statement.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from flask import Flask, current_app
from flask_babel import gettext as _

from discuss.accounts.models import Account
from discuss.base import clock
from discuss.base.config import settings
from discuss.base.db import connection
from discuss.comments import queries
from discuss.comments.models import LONGEST_REASON
from discuss.letters.models import Letter, Policy

if TYPE_CHECKING:
    from discuss.comments.forms import Remark

Asked = sa.Row[Any]
"""What the screens wanted to know, by the names under which they registered it."""
Screen = Callable[[Letter, Account, "Remark", Asked], str | None]
"""Looks at a remark before it is posted: raises a refusal, returns why to hold it, or nothing."""


def init_app(app: Flask) -> None:
    """Begin with the letter's own policy alone."""
    app.extensions["screens"] = [policy]
    app.extensions["screens_ask"] = sa.select()


def register(app: Flask, screen: Screen, **asks: sa.ColumnElement[Any]) -> None:
    """Add a check that every new comment passes.

    :param app: the application.
    :param screen: called with the letter, the author, the remark and what was asked.
    :param asks: what it must know, as expressions; `:account` is the author's id, `:now` the time.
    """
    app.extensions["screens"].append(screen)
    columns = [column.label(name) for name, column in asks.items()]
    app.extensions["screens_ask"] = app.extensions["screens_ask"].add_columns(*columns)


def reason_to_hold(letter: Letter, author: Account, remark: "Remark") -> str | None:
    """Return why a moderator is to read this first, a line for each reason, or nothing.

    :raises Refusal: a screen will not have it at all.
    """
    screens: list[Screen] = current_app.extensions["screens"]
    asked = ask(author)
    reasons = [screen(letter, author, remark, asked) for screen in screens]
    return "\n".join(filter(None, reasons))[:LONGEST_REASON] or None


def ask(author: Account) -> Asked:
    """Return what the screens want to know when somebody writes."""
    about = {"account": author.id, "now": clock.now()}
    return connection().execute(current_app.extensions["screens_ask"], about).one()


def policy(letter: Letter, author: Account, _remark: "Remark", _asked: Asked) -> str | None:
    """Hold what the letter's policy, or the site's, wants read first; moderators pass."""
    if author.moderates_site:
        return None
    wanted = settings().moderation if letter.policy is Policy.SITE else letter.policy.value
    if wanted == "before":
        return _("Comments on this letter are read before they appear.")
    if wanted == "first" and not queries.has_posted(author):
        return _("This is your first comment here.")
    return None
