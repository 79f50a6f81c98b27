"""What happens before the first request: the newest schema, the first letters, the first link."""

from flask import Flask
from sqlalchemy.exc import IntegrityError

from discuss.accounts import links, queries
from discuss.base import later, schema
from discuss.base.db import session
from discuss.letters import seeding as letters


def is_prepared(app: Flask) -> bool:
    """Whether the database is at the newest schema."""
    with app.app_context():
        return schema.is_at_newest()


def prepare(app: Flask) -> str | None:
    """Make the database ready.

    :returns: the one-time link for the first administrator, while there is none.
    """
    with app.app_context():
        if not schema.is_at_newest():
            _upgrade(app)
        _publish_first_letters()
        link = None if queries.has_administrator() else links.make(None)
        session.commit()
    return link


def _upgrade(app: Flask) -> None:
    # Alembic is loaded in that one start of many which has something to apply.
    migrations = later.load("discuss.base.migrations")
    if "alembic" not in app.extensions:
        migrations.init_app(app)
    migrations.upgrade()


def _publish_first_letters() -> None:
    try:
        letters.seed_first_letters()
        session.commit()
    except IntegrityError:  # another node begins at this moment, and was first
        session.rollback()
