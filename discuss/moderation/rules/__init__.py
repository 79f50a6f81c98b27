"""Rules that hold a comment for a moderator, each explained on what it held."""

from flask import Flask

from discuss.comments import screening
from discuss.moderation.rules import book, screen, views


def init_app(app: Flask) -> None:
    """Register the screen that asks the rules."""
    book.init_app(app)
    views.init_app(app)
    screening.register(app, screen.held_by_rules, rules_stamp=book.STAMP)
