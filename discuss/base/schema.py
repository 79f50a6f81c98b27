"""Whether this database has every migration; to apply them is for `migrations`.

Alembic is not asked: every start and every `/readyz` wants to know, and it would be loaded, 80 ms
and 8 MB, to find nothing to do.
"""

import re
from pathlib import Path

import sqlalchemy as sa
from flask import Flask, current_app
from flask_babel import lazy_gettext as _

from discuss.base.db import session
from discuss.base.errors import Conflict

APPLIED = sa.table("alembic_version", sa.column("version_num"))

_REVISION = re.compile(r'^revision = "(\w+)"$', re.MULTILINE)


class NotAtNewest(Conflict):
    """The database lacks a migration that this release wants."""

    default_message = _("The database is not at the newest migration; run `db upgrade` first.")


class UnknownHistory(Exception):
    """The database has a migration that this release does not know."""


def init_app(app: Flask) -> None:
    """Say where the migrations lie."""
    app.config["ALEMBIC"] = {"script_location": str(Path(app.root_path).parent / "migrations")}


def newest() -> str:
    """Return the revision that this release works with: the last file's, for they are ordered.

    :raises LookupError: there is no file, or it names no revision.
    """
    files = sorted(Path(current_app.config["ALEMBIC"]["script_location"]).glob("*.py"))
    named = _REVISION.search(files[-1].read_text()) if files else None
    if named is None:
        raise LookupError("no migration")
    return named[1]


def is_at_newest() -> bool:
    """Whether the database has every migration."""
    connection = session.connection()
    if not sa.inspect(connection).has_table(APPLIED.name):
        return False
    return set(connection.scalars(sa.select(APPLIED.c.version_num))) == {newest()}


def refuse_unless_newest() -> None:
    """Refuse to work with a database that this release was not made for.

    :raises NotAtNewest: it has not every migration.
    """
    if not is_at_newest():
        raise NotAtNewest
