"""The pages that every site has whatever its letters: privacy, terms, health."""

import functools
from datetime import timedelta

import sqlalchemy as sa
from flask import Blueprint, Flask, Response, current_app, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from discuss.base import clock, pagecache, schema
from discuss.base.config import settings
from discuss.base.db import session
from discuss.base.errors import NotFound
from discuss.base.security import is_signed_in

blueprint = Blueprint("pages", __name__)

FIXED = {
    "privacy": "/privacy",
    "terms": "/terms",
    "data_deletion": "/data-deletion",
}
VALID_FOR = timedelta(days=300)  # RFC 9116 asks for less than a year


def init_app(app: Flask) -> None:
    """Register the pages, and what every template may say of the site."""
    for name, path in FIXED.items():
        view = pagecache.public()(functools.partial(fixed, name))
        app.add_url_rule(path, f"pages.{name}", view)
    app.register_blueprint(blueprint)
    app.context_processor(of_the_site)


def fixed(name: str) -> ResponseReturnValue:
    """Show a page that is the same for everybody and changes only with the build."""
    template = f"base/pages/{name}.html"
    if is_signed_in():
        return render_template(template)
    stamp = pagecache.stamp_of("site")
    return pagecache.respond(FIXED[name], stamp, lambda: render_template(template))


def of_the_site() -> dict[str, object]:
    """Return what templates may say of the site."""
    return {
        "site_name": settings().site_name,
        "site_url": settings().site_url,
        "contact": settings().contact,
        "akismet": bool(settings().akismet_key),
        "language": str(get_locale() or "en_GB").replace("_", "-"),
    }


@blueprint.get("/healthz")
def health() -> Response:
    """Answer 200 when the database answers, so that a proxy sends readers here."""
    session.execute(sa.text("SELECT 1"))
    return Response("ok\n", mimetype="text/plain")


@blueprint.get("/readyz")
def ready() -> Response:
    """Answer 200 when the database is at the newest migration, else 503."""
    if schema.is_at_newest():
        return Response("ready\n", mimetype="text/plain")
    return Response("the database waits for `flask --app wsgi db upgrade`\n", 503)


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Let robots read everything that readers may."""
    lines = (
        "User-agent: *",
        "Disallow: /account",
        "Disallow: /moderation",
        "Allow: /moderation/record",  # the longer one counts (RFC 9309, 2.2.2)
        "Disallow: /signin",
    )
    return Response("\n".join(lines) + "\n", mimetype="text/plain")


@blueprint.get("/favicon.ico")
def icon() -> ResponseReturnValue:
    """Lead to the site's icon whoever asks for it unnamed, as browsers do beside a feed or JSON."""
    return redirect(current_app.extensions["assets"].url("base/favicon.svg"))


@blueprint.get("/.well-known/security.txt")
def security_txt() -> Response:
    """Say whom to tell of a weakness (RFC 9116); nothing where the operator named nobody."""
    if (contact := settings().contact) is None:
        raise NotFound
    address = contact if ":" in contact else f"mailto:{contact}"
    lines = (
        f"Contact: {address}",
        f"Expires: {clock.now() + VALID_FOR:%Y-%m-%dT00:00:00Z}",
        f"Canonical: {settings().site_url}/.well-known/security.txt",
    )
    return Response("\n".join(lines) + "\n", mimetype="text/plain")
