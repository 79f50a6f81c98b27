"""Writing, revising and publishing letters."""

from flask import Flask

from discuss.letters import commands


def init_app(app: Flask) -> None:
    """Register the commands."""
    commands.init_app(app)
