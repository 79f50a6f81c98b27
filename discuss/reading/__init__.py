"""Public pages that join a letter and its thread."""

from flask import Flask

from discuss.reading import feeds, patterns, printed, shared, views


def init_app(app: Flask) -> None:
    """Register the pages and the feeds."""
    feeds.init_app(app)
    patterns.init_app(app)
    printed.init_app(app)
    shared.init_app(app)
    views.init_app(app)
