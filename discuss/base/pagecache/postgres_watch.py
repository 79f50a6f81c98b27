"""Reads clocks through psycopg, over one connection of the process and prepared statements."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
import sqlalchemy as sa
from psycopg import pq
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

from discuss.base.db import CONNECT_SECONDS
from discuss.base.pagecache.stamps import Source, Stamp
from discuss.base.pagecache.watch import Lost, Seen, Statement, seen

SULK = 1.0  # seconds to leave a PostgreSQL alone that did not answer
MOST_READS = 10_000  # of different pages, of which we remember the last


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
