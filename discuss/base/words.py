"""The language that pages are written in: British English, and others by their catalogues."""

from typing import Any

from flask import Flask, g
from flask_babel import Babel, get_translations


def init_app(app: Flask) -> None:
    """Let templates say `_("words")` and `ngettext("one", "many", count)`."""
    Babel(app, default_locale="en_GB")
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # of Jinja's i18n
        lambda text: translations().ugettext(text),
        lambda one, many, count: translations().ungettext(one, many, count),
        newstyle=True,
    )


def translations() -> Any:
    """Return the catalogue of this request; Flask-Babel would look for it at every word."""
    if "translations" not in g:
        g.translations = get_translations()
    return g.translations
