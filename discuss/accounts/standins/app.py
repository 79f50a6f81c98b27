"""Puts the stand-in providers together into one Flask app."""

import secrets
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from flask import Flask, Response, g, jsonify, render_template
from flask.typing import ResponseReturnValue
from flask_babel import Babel

from discuss.accounts import demo
from discuss.accounts.standins import facebook, google, twitter, wordpress
from discuss.accounts.standins.consent import Unacceptable
from discuss.accounts.standins.state import Standins, provider, standins

TEMPLATES = Path(__file__).resolve().parents[3] / "templates"
LARGEST_FORM = 64 * 1024  # bytes: a name is all that people send


def create_standins(
    site_url: str, address: str, seed: str = "", now: Callable[[], datetime] | None = None
) -> Flask:
    """Make the app.

    :param site_url: the site that people sign in to; only its callbacks are redirected to.
    :param address: the app's own address, `http://127.0.0.1:PORT`.
    :param seed: the site's secret key, or any text that `standin_settings` is given as well.
    :param now: reads the time, for tests; `clock.now` when left out.
    :raises NotOnLoopback: unless both addresses are on this machine.
    """
    app = Flask(__name__, template_folder=str(TEMPLATES), static_folder=None)
    app.extensions["standins"] = Standins(site_url, address, seed, now)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_FORM
    Babel(app)
    app.register_blueprint(google.blueprint, url_prefix="/google")
    app.register_blueprint(google.blueprint, url_prefix="/oidc", name="oidc")
    app.register_blueprint(twitter.blueprint, url_prefix="/twitter")
    app.register_blueprint(facebook.blueprint, url_prefix="/facebook")
    app.register_blueprint(wordpress.blueprint, url_prefix="/wordpress")
    app.add_url_rule("/forged/<what>", view_func=_forged)
    app.register_error_handler(Unacceptable, _refusal_page)
    app.before_request(_draw_nonce)
    app.after_request(_harden)
    return app


def _forged(what: str) -> ResponseReturnValue:
    standins().count_visit("forged", what)
    return jsonify(standins().keys.forged())


def _refusal_page(refusal: Exception) -> ResponseReturnValue:
    title = demo.TITLES[provider()]
    page = render_template("standins/refusal.html", title=title, reason=str(refusal))
    return page, 400


def _draw_nonce() -> None:
    g.style_nonce = secrets.token_urlsafe(16)


def _harden(response: Response) -> Response:
    # form-action names the site as well: browsers hold it against the redirect after a form
    policy = (
        f"default-src 'none'; style-src 'nonce-{g.style_nonce}'; img-src data:; base-uri 'none'; "
        f"frame-ancestors 'none'; form-action 'self' {standins().site_url}"
    )
    response.headers["Content-Security-Policy"] = policy
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
