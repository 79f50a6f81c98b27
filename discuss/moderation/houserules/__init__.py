"""The house rules: written by the publisher, numbered, and what every reason points to."""

from flask import Flask

from discuss.moderation.houserules import queries, views


def init_app(app: Flask) -> None:
    """Register the pages, and what templates may ask."""
    queries.init_app(app)
    views.init_app(app)
