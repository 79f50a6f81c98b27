"""What travels with a person through a sign-in, packed and shown by those who own it.

The packages above register here, so that signing in knows nothing of comments: the words of a
composer are kept before the browser leaves, and shown again where a sign-in fails.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from flask import Flask, current_app
from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from discuss.accounts.models import Account

Form = MultiDict[str, str]


@dataclass
class Luggage:
    """The moments of signing in and out at which something of a reader's is at stake."""

    pack: Callable[[Form], str | None] = field(default=lambda form: None)
    """Keep what the form holds; returns the path to come back to, nothing when it held nothing."""

    notice: Callable[[], Markup | None] = field(default=lambda: None)
    """What to tell somebody at the sign-in page about what waits for them."""

    unpack: Callable[[], Markup | None] = field(default=lambda: None)
    """The kept words in a form of their own, for the page of a sign-in that failed."""

    unsent: Callable[[Form], Markup | None] = field(default=lambda form: None)
    """The words of a form that was refused, in a form of their own; reads no database."""

    reserve: Callable[[Account], None] = field(default=lambda account: None)
    """Show what waits to this account alone, which leaves without taking words along."""


def luggage() -> Luggage:
    """Return what is registered with the application that serves now."""
    found: Luggage = current_app.extensions["luggage"]
    return found


def init_app(app: Flask) -> None:
    """Begin with nothing to carry."""
    app.extensions["luggage"] = Luggage()
