"""People, and how they prove who they are."""

from flask import Flask

from discuss.accounts import (
    account_views,
    commands,
    facebook_views,
    figures,
    jobs,
    login,
    luggage,
    oauth,
    panels,
    takeaway,
    views,
)

__all__ = ["facebook_views", "init_app", "jobs"]  # importing the first and the last registers them


def init_app(app: Flask) -> None:
    """Register sign-in, the account pages and the commands."""
    figures.init_app(app)
    luggage.init_app(app)
    panels.init_app(app)
    login.init_app(app)
    oauth.init_app(app, app.extensions["settings"])
    takeaway.init_app(app)
    views.init_app(app)
    account_views.init_app(app)
    commands.init_app(app)
