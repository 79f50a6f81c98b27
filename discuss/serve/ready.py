"""What happens before the first request: the newest schema, the first letters, the first link."""

import json
import os
import sys
from typing import NoReturn

from flask import Flask
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from discuss.accounts import links, queries
from discuss.base import later, schema
from discuss.base.db import db, session
from discuss.letters import seeding as letters
from discuss.serve.forking import die_with

EXPECTED = (SQLAlchemyError, schema.UnknownHistory, OSError)
"""What may go wrong with a database or a disk."""


class NotReady(Exception):
    """The database cannot be used as it is; says why."""


def in_words(error: Exception) -> str:
    """Return what one of the `EXPECTED` errors says, in a line for a person."""
    if isinstance(error, OSError):
        return f"{error.filename or 'the system'}: {error.strerror}"
    return f"the database says: {str(error).splitlines()[0]}"


def prepare_apart(app: Flask) -> str | None:
    """Make the database ready, in a process of its own.

    What that loads and leaves behind would stay with the service as long as it runs: 15 MB after a
    first start.

    :returns: the one-time link for the first administrator, while there is none.
    :raises NotReady: something expected went wrong.
    """
    hears, tells = os.pipe()
    parent = os.getpid()
    if (pid := os.fork()) == 0:
        die_with(parent)
        _prepare_and_tell(app, tells)
    os.close(tells)
    with open(hears, encoding="utf-8") as told:
        answer = told.read()
    os.waitpid(pid, 0)
    if not answer:
        raise NotReady("the database was not made ready; what came before this line says why")
    said: dict[str, str | None] = json.loads(answer)
    if reason := said.get("reason"):
        raise NotReady(reason)
    return said["link"]


def _prepare_and_tell(app: Flask, tells: int) -> NoReturn:
    """Be that process: end with what came of it."""
    try:
        with app.app_context():
            db.engine.dispose(close=False)  # its connections are the parent's
        try:
            said = {"link": prepare(app)}
        except EXPECTED as error:
            said = {"reason": in_words(error)}
        os.write(tells, json.dumps(said).encode())
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stderr.flush()
        os._exit(0)


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
