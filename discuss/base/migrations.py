"""The schema's history: `flask db upgrade`. Whether a database has all of it, `schema` says."""

import fcntl
import logging
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import Script
from alembic.util import CommandError
from flask import Flask, current_app
from flask_alembic import Alembic
from sqlalchemy.exc import DatabaseError

from discuss.base.db import Base, db
from discuss.base.schema import UnknownHistory

UPGRADE_LOCK = 0x44495343  # "DISC": any number, as long as every node asks for the same


class Migrations(Alembic):
    """Alembic, made safe to kill at any moment and to start in two processes at once."""

    def upgrade(self, target: int | str | Script = "heads") -> None:
        """Apply what is missing, a transaction a migration; on SQLite after a backup copy.

        :param target: the revision to go up to.
        """
        engine = db.engine
        with _alone(engine):
            if not self.needs_upgrade():
                return
            if engine.dialect.name == "sqlite":
                self._back_up(engine)
                _prepare_sqlite(self.migration_context.connection)
            else:
                _prepare_postgresql(self.migration_context.connection)
            try:
                super().upgrade(target)
            finally:
                self._get_cache().clear()  # ends the connection that was prepared

    def _back_up(self, engine: sa.Engine) -> None:
        """Copy a database that holds something to a file beside it, named after its revision."""
        here = self.migration_context.get_current_revision()
        path = Path(str(engine.url.database))
        if here is None or not path.exists():
            return
        copy = path.with_name(f"{path.stem}-before-upgrade-from-{here}{path.suffix}")
        unfinished = copy.with_name(f"{copy.name}.part")
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(unfinished)) as part:
            source.backup(part)
        unfinished.replace(copy)


alembic = Migrations(metadatas=Base.metadata, run_mkdir=False)


def init_app(app: Flask) -> None:
    """Tell Alembic how to migrate, and register `flask db`."""
    app.config["ALEMBIC_CONTEXT"] = {
        "compare_type": True,
        "render_as_batch": True,
        "transaction_per_migration": True,
        "transactional_ddl": True,  # on SQLite too, see _prepare_sqlite()
    }
    alembic.init_app(app)
    logging.getLogger("alembic").setLevel(logging.WARNING)  # else /readyz writes two lines a call


def upgrade() -> list[str]:
    """Bring the database to the newest migration.

    :returns: the revisions that were applied, the oldest first.
    :raises UnknownHistory: the database comes from elsewhere, or from a newer release.
    """
    try:
        before = {script.revision for script in _applied()}
        alembic.upgrade()
    except CommandError as error:
        raise UnknownHistory(str(error)) from error
    return [script.revision for script in reversed(_applied()) if script.revision not in before]


def is_known(revision: str) -> bool:
    """Whether a revision is of this release's history, and not of a newer one's."""
    return revision in {script.revision for script in alembic.script_directory.walk_revisions()}


def migrate_scratch(connection: sa.Connection, revision: str) -> None:
    """Bring a SQLite database beside the site's own up to a revision.

    :param connection: to it; nobody else has one.
    """
    history = alembic.script_directory
    steps = {"fn": lambda here, _context: history._upgrade_revs(revision, here)}
    _prepare_sqlite(connection)
    context = MigrationContext.configure(
        connection, opts=current_app.config["ALEMBIC_CONTEXT"] | steps
    )
    with context.begin_transaction(), Operations.context(context):
        context.run_migrations()


def _applied() -> list[Script]:
    return alembic.log(end="current") if alembic.current() else []


@contextmanager
def _alone(engine: sa.Engine) -> Iterator[None]:
    """Let one process migrate; another that starts meanwhile waits and finds it done."""
    if engine.dialect.name == "sqlite":
        folder = os.open(Path(str(engine.url.database)).parent, os.O_RDONLY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            yield
        finally:
            os.close(folder)
        return
    with engine.connect() as connection:
        connection.detach()  # the lock goes with the connection, so the pool must not keep it
        _prepare_postgresql(connection)
        connection.execute(sa.select(sa.func.pg_advisory_lock(UPGRADE_LOCK)))
        yield


def _prepare_sqlite(connection: Any) -> None:
    """Make every statement of a migration part of its transaction.

    sqlite3 begins a transaction for changes of rows alone, so that a kill between two changes of
    tables would leave half a migration. Foreign keys rest meanwhile: Alembic changes a table by
    making a new one, and dropping the old one would take the rows that point to it along.
    """
    connection.commit()
    connection.connection.dbapi_connection.execute("PRAGMA foreign_keys = OFF")
    sa.event.listen(connection, "begin", _begin_immediate)
    sa.event.listen(connection, "commit", _refuse_orphans)


def _begin_immediate(connection: sa.Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _refuse_orphans(connection: sa.Connection) -> None:
    if orphan := connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise DatabaseError(
            f"a row of {orphan[0]} points to none in {orphan[2]}", None, ValueError()
        )


def _prepare_postgresql(connection: Any) -> None:
    """Give a migration the time it needs; a reader's statement has seconds."""
    connection.exec_driver_sql("SET statement_timeout = 0")
    connection.commit()
