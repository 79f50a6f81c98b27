"""Where automatic checks of a new comment register; which there are is moderation's business."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from flask import Flask, current_app
from flask_babel import gettext as _

from discuss.accounts.models import Account
from discuss.base.config import settings
from discuss.comments import queries
from discuss.comments.models import LONGEST_REASON
from discuss.letters.models import Letter, Policy

if TYPE_CHECKING:
    from discuss.comments.forms import Remark

Screen = Callable[[Letter, Account, "Remark"], str | None]
"""Looks at a remark before it is posted: raises a refusal, returns why to hold it, or nothing."""


def init_app(app: Flask) -> None:
    """Begin with the letter's own policy alone."""
    app.extensions["screens"] = [policy]


def register(app: Flask, screen: Screen) -> None:
    """Add a check that every new comment passes.

    :param app: the application.
    :param screen: called with the letter, the author and the remark.
    """
    app.extensions["screens"].append(screen)


def reason_to_hold(letter: Letter, author: Account, remark: "Remark") -> str | None:
    """Return why a moderator is to read this first, a line for each reason, or nothing.

    :raises Refusal: a screen will not have it at all.
    """
    screens: list[Screen] = current_app.extensions["screens"]
    reasons = [screen(letter, author, remark) for screen in screens]
    return "\n".join(filter(None, reasons))[:LONGEST_REASON] or None


def policy(letter: Letter, author: Account, remark: "Remark") -> str | None:
    """Hold what the letter's policy, or the site's, wants read first; moderators pass."""
    if author.moderates_site:
        return None
    wanted = settings().moderation if letter.policy is Policy.SITE else letter.policy.value
    if wanted == "before":
        return _("Comments on this letter are read before they appear.")
    if wanted == "first" and not queries.has_posted(author):
        return _("This is your first comment here.")
    return None
