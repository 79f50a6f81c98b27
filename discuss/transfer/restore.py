"""A backup's rows in place of the site's, in one transaction, while the site goes on being read.

A kill leaves the old rows. Who writes meanwhile waits, and is refused when it takes longer than the
database lets a writer wait.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from flask_babel import lazy_gettext as _
from psycopg.errors import DeadlockDetected

from discuss.base import migrations
from discuss.base.cli import progress
from discuss.base.db import Base, db
from discuss.transfer import archive, files, promises, tables
from discuss.transfer.archive import Head, NoArchive, Reader
from discuss.transfer.scratch import brought_up

ATTEMPTS = 20  # at all tables' locks, which somebody who writes may hold in another order


class TooNew(NoArchive):
    """The file comes from a newer release."""

    default_message = _("The file was made by a newer release of Discuss; nothing was changed.")


def verify(path: Path) -> Head:
    """Read a backup to its end; refuse what cannot be restored.

    :raises NotRead: it cannot be opened.
    :raises NoArchive: it is no backup.
    :raises Damaged: it is not whole.
    :raises TooNew: this release does not know its schema.
    """
    with files.reading(path) as file, progress("Checking", path.stat().st_size) as watch:
        head = archive.verify(file, watch)
    if head.discuss != "backup":
        raise NoArchive(_("The file is no backup; nothing was changed."))
    if head.format > archive.FORMAT or not migrations.is_known(head.schema):
        raise TooNew
    return head


def replace(path: Path) -> int:
    """Put a verified backup's rows in place of what the database holds.

    :returns: how many rows it holds now.
    """
    everything = Base.metadata.sorted_tables
    with files.reading(path) as file, progress("Restoring", path.stat().st_size) as watch:
        reader = Reader(file)
        with brought_up(reader, watch) as sections, writing_alone() as connection:
            promises.note(connection)
            for table in reversed(everything):
                connection.execute(sa.delete(table))
            for section in sections:
                tables.load(connection, Base.metadata.tables[section.table], section)
            promises.keep(connection)
            if connection.dialect.name != "sqlite":
                connection.exec_driver_sql("ANALYZE")  # else the first readers get bad plans
            return tables.count(connection, everything)


@contextmanager
def writing_alone() -> Iterator[sa.Connection]:
    """Open a transaction beside which everybody may read and nobody write; it is committed."""
    with db.engine.connect() as connection:
        connection.detach()  # what is set and noted here goes with the connection
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        else:
            connection.exec_driver_sql("SET statement_timeout = 0")
            connection.commit()
            _lock(connection)
        yield connection
        connection.commit()


def _lock(connection: sa.Connection) -> None:
    names = ", ".join(table.name for table in Base.metadata.sorted_tables)
    for attempt in range(1, ATTEMPTS + 1):
        try:
            connection.exec_driver_sql(f"LOCK TABLE {names} IN EXCLUSIVE MODE")
        except sa.exc.OperationalError as error:
            connection.rollback()
            if attempt == ATTEMPTS or not isinstance(error.orig, DeadlockDetected):
                raise
        else:
            return
