"""Bringing comments in from elsewhere."""

from flask import Flask

from discuss.transfer import commands


def init_app(app: Flask) -> None:
    """Register the commands."""
    commands.init_app(app)
