"""Sections of the account page that packages above have to add; each is given the account."""

from collections.abc import Callable

from flask import Flask, current_app
from markupsafe import Markup

from discuss.accounts.models import Account

Panel = Callable[[Account], Markup | None]


def init_app(app: Flask) -> None:
    """Begin with none."""
    app.extensions["account_panels"] = []


def register(app: Flask, panel: Panel) -> None:
    """Add a section to everybody's account page, before the last, which is about leaving.

    :param app: the application.
    :param panel: returns the section of an account, with a heading of the second level, if any.
    """
    app.extensions["account_panels"].append(panel)


def of(account: Account) -> list[Markup]:
    """Return the sections of an account, in the order in which they were registered."""
    panels: list[Panel] = current_app.extensions["account_panels"]
    made = (panel(account) for panel in panels)
    return [one for one in made if one is not None]
