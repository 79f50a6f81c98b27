"""The pages that every site has whatever its letters: privacy, terms, house rules, health."""

import sqlalchemy as sa
from flask import Blueprint, Flask, Response, render_template
from flask_babel import get_locale

from discuss.base import migrations
from discuss.base.config import settings
from discuss.base.db import session

blueprint = Blueprint("pages", __name__)

FIXED = {"privacy": "/privacy", "terms": "/terms", "rules": "/house-rules"}


def init_app(app: Flask) -> None:
    """Register the pages, and what every template may say of the site."""
    for name, path in FIXED.items():
        blueprint_page(app, name, path)
    app.register_blueprint(blueprint)
    app.context_processor(of_the_site)


def blueprint_page(app: Flask, name: str, path: str) -> None:
    """Add a page that is the same for everybody and changes only with the build."""
    app.add_url_rule(
        path,
        f"pages.{name}",
        lambda: render_template(f"base/pages/{name}.html"),
    )


def of_the_site() -> dict[str, object]:
    """Return what templates may say of the site."""
    return {
        "site_name": settings().site_name,
        "site_url": settings().site_url,
        "contact": settings().contact,
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
    if migrations.is_at_newest():
        return Response("ready\n", mimetype="text/plain")
    return Response("the database waits for `flask --app wsgi db upgrade`\n", 503)


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Let robots read everything that readers may."""
    lines = ("User-agent: *", "Disallow: /account", "Disallow: /moderation", "Disallow: /signin")
    return Response("\n".join(lines) + "\n", mimetype="text/plain")
