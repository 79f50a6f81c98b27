"""Writing, revising and publishing letters."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the list, the commands, and the first two letters' seeding."""
