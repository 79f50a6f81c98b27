"""Bringing comments in from elsewhere, everything out and back in, and backups of it."""

from flask import Flask

from discuss.transfer import backup_commands, commands


def init_app(app: Flask) -> None:
    """Register the commands."""
    commands.init_app(app)
    backup_commands.init_app(app)
