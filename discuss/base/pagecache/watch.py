"""Reads clocks through the database's own driver: a tenth of what a session and SQLAlchemy take.

Nothing is ever written here. Whatever fails is for the application to explain: it is asked then.
"""

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

import psycopg
import sqlalchemy as sa
from flask import Flask
from psycopg import pq
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

from discuss.base.db import CONNECT_SECONDS, db
from discuss.base.pagecache.stamps import Source, Stamp, joined

SULK = 1.0  # seconds to leave a PostgreSQL alone that did not answer
MOST_READS = 10_000  # of different pages, of which we remember the last


class Lost(Exception):
    """The database did not answer."""


@dataclass(frozen=True)
class Seen:
    """Clocks as they stand now, and when they stop to count (seconds since 1970), if they do."""

    text: str
    due: float | None


class Watch(Protocol):
    """One process's view of the clocks."""

    def state(self) -> int | None:
        """Return a number that is another after every commit, or nothing where none is known.

        :raises Lost: the database does not answer.
        """

    def read(self, stamp: Stamp) -> Seen | None:
        """Read a page's clocks anew; nothing when only the application can answer.

        :raises Lost: the database does not answer.
        """


def watch_of(app: Flask) -> Watch:
    """Return the watch for an application's database, made in the process that uses it."""
    with app.app_context():
        engine = db.engine
    return SqliteWatch(engine) if engine.dialect.name == "sqlite" else PostgresWatch(engine)


class Statement:
    """A source's statement as a driver takes it."""

    def __init__(self, source: Source, dialect: sa.Dialect) -> None:
        made: Any = source.statement.compile(dialect=dialect)
        self.text: str = made.string
        self._names: tuple[str, ...] = tuple(made.positiontup or ())
        self._fixed: dict[str, Any] = made.params

    def arguments(self, stamp: Stamp) -> list[Any]:
        """Return a stamp's arguments, and those that the statement always has, in their order."""
        given = {**self._fixed, **stamp.arguments}
        return [given[name] for name in self._names]


class SqliteWatch:
    """SQLite counts commits itself: while the count stands, nothing is read at all."""

    def __init__(self, engine: sa.Engine) -> None:
        # Counts compare on one connection only, and writing through it would not be counted.
        self._dialect = engine.dialect
        self._connection = sqlite3.connect(
            str(engine.url.database), isolation_level=None, check_same_thread=False
        )
        self._connection.execute("PRAGMA query_only = ON")
        self._lock = threading.Lock()
        self._statements: dict[Source, Statement] = {}

    def state(self) -> int | None:
        """Return SQLite's count of other connections' commits."""
        found: int = self._row("PRAGMA data_version", [])[0]
        return found

    def read(self, stamp: Stamp) -> Seen | None:
        """Read clocks by one statement."""
        statement = self._statement(stamp.source)
        return seen(self._row(statement.text, statement.arguments(stamp)))

    def _row(self, text: str, arguments: list[Any]) -> Any:
        with self._lock:
            try:
                return self._connection.execute(text, arguments).fetchone()
            except sqlite3.Error as error:
                raise Lost from error

    def _statement(self, source: Source) -> "Statement":
        if (known := self._statements.get(source)) is None:
            known = self._statements[source] = Statement(source, self._dialect)
        return known


@dataclass
class Read:
    """The last read of one page's clocks, and how many of them have begun."""

    begun: int = 0
    found: Seen | None = None


class PostgresWatch:
    """One connection, which all threads share, and prepared statements.

    Those who ask for the same clocks while another asks take the answer of the next read, as long
    as that began after they came: it then tells of every commit that they may know of.
    """

    def __init__(self, engine: sa.Engine) -> None:
        _, arguments = engine.dialect.create_connect_args(engine.url)
        self._arguments: dict[str, Any] = {
            **arguments,
            "connect_timeout": CONNECT_SECONDS,
            "tcp_user_timeout": CONNECT_SECONDS * 1000,
            "options": f"-c statement_timeout={CONNECT_SECONDS * 1000}",
        }
        self._connection: psycopg.Connection | None = None
        self._lock = threading.Lock()
        self._statements: dict[Source, tuple[bytes, Statement]] = {}
        self._reads: dict[tuple[Any, ...], Read] = {}
        self._silent_until = 0.0

    def state(self) -> int | None:
        """Return nothing: PostgreSQL has no number that is cheaper than the clocks."""
        return None

    def read(self, stamp: Stamp) -> Seen | None:
        """Read clocks by one statement, or take what another thread reads."""
        key = (stamp.source, *stamp.arguments.values())
        if (last := self._reads.get(key)) is None:
            if len(self._reads) >= MOST_READS:
                self._reads.clear()
            last = self._reads.setdefault(key, Read())
        came_at = last.begun
        with self._turn() as connection:
            if last.begun == came_at:
                last.begun += 1
                last.found = self._ask(connection, stamp)
            return last.found

    @contextmanager
    def _turn(self) -> Iterator[psycopg.Connection]:
        if not self._lock.acquire(timeout=CONNECT_SECONDS):
            raise Lost
        try:
            if self._silent_until > time.monotonic():
                raise Lost
            if self._connection is None:
                self._connection = psycopg.connect(**self._arguments, autocommit=True)
            yield self._connection
        except psycopg.Error as error:
            self._let_go()
            raise Lost from error
        finally:
            self._lock.release()

    def _let_go(self) -> None:
        self._silent_until = time.monotonic() + SULK
        self._reads.clear()
        self._statements.clear()
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _ask(self, connection: psycopg.Connection, stamp: Stamp) -> Seen | None:
        name, statement = self._prepared(connection, stamp.source)
        arguments = [str(argument).encode() for argument in statement.arguments(stamp)]
        result = connection.pgconn.exec_prepared(name, arguments)
        if result.status != pq.ExecStatus.TUPLES_OK:
            raise psycopg.OperationalError(result.get_error_message())
        if not result.ntuples:
            return None
        row = [result.get_value(0, column) for column in range(result.nfields)]
        return seen([None if value is None else float(value) for value in row])

    def _prepared(self, connection: psycopg.Connection, source: Source) -> tuple[bytes, Statement]:
        """Return a statement with its name on the connection."""
        if (known := self._statements.get(source)) is None:
            dialect: Any = PGDialect_psycopg(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]
            statement, name = Statement(source, dialect), f"clocks_{len(self._statements)}".encode()
            result = connection.pgconn.prepare(name, statement.text.encode())
            if result.status != pq.ExecStatus.COMMAND_OK:
                raise psycopg.OperationalError(result.get_error_message())
            known = self._statements[source] = (name, statement)
        return known


def seen(row: Any) -> Seen | None:
    """Return what a source's row tells."""
    if row is None:
        return None
    *clocks, due = row
    return Seen(joined(map(int, clocks)), due)
