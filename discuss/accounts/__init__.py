"""People, and how they prove who they are."""

from flask import Flask

from discuss.accounts import account_views, commands, login, luggage, oauth, views


def init_app(app: Flask) -> None:
    """Register sign-in, the account pages and the commands."""
    luggage.init_app(app)
    login.init_app(app)
    oauth.init_app(app, app.extensions["settings"])
    views.init_app(app)
    account_views.init_app(app)
    commands.init_app(app)
