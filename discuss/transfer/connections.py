"""Connections of large transfers: one sees one moment, beside the other nobody writes."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from discuss.base.db import Base, db

ATTEMPTS = 20  # at all tables' locks, which somebody who writes may hold in another order
DEADLOCK = "40P01"  # PostgreSQL's code for it


@contextmanager
def one_moment() -> Iterator[sa.Connection]:
    """Open a connection that sees the database as it is now until it is closed."""
    if db.engine.dialect.name == "sqlite":
        with db.engine.connect() as connection:
            connection.exec_driver_sql("BEGIN")  # else every SELECT sees a moment of its own
            yield connection
        return
    snapshot = db.engine.execution_options(
        isolation_level="REPEATABLE READ", postgresql_readonly=True
    )
    with snapshot.connect() as connection:
        connection.exec_driver_sql("SET LOCAL statement_timeout = 0")  # a reader's has seconds
        yield connection


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
            if attempt == ATTEMPTS or getattr(error.orig, "sqlstate", None) != DEADLOCK:
                raise
        else:
            return
