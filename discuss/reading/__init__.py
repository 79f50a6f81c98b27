"""Public pages that join a letter and its thread."""

from flask import Flask

from discuss.reading import views


def init_app(app: Flask) -> None:
    """Register the pages."""
    views.init_app(app)
