"""Reads clocks through the database's own driver: a tenth of what a session and SQLAlchemy take.

Nothing is ever written here. Whatever fails is for the application to explain: it is asked then.
"""

import sqlite3
import threading
from dataclasses import dataclass
from typing import Any, Protocol

import sqlalchemy as sa
from flask import Flask

from discuss.base import later
from discuss.base.db import db
from discuss.base.pagecache.stamps import Source, Stamp, joined


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
    if engine.dialect.name == "sqlite":
        return SqliteWatch(engine)
    # On SQLite nobody pays for PostgreSQL's driver: 4 MB, a twentieth of the start.
    watch: Watch = later.load("discuss.base.pagecache.postgres_watch").PostgresWatch(engine)
    return watch


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


def seen(row: Any) -> Seen | None:
    """Return what a source's row tells."""
    if row is None:
        return None
    *clocks, due = row
    return Seen(joined(map(int, clocks)), due)
