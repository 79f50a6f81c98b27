"""Lets SQLite's writers take turns.

Who finds SQLite's only lock taken sleeps, longer each time, up to a tenth of a second, while others
come and go: of eight writers one waited for seconds. Here a thread is woken by the one before it.
The one thread of each process whose turn it is looks again when another process of the service has
ended its transaction, and every millisecond, for commands write too.
"""

import sqlite3
import threading
import time
from typing import Any, cast

import sqlalchemy as sa

from discuss.base.wakepipe import WakePipe

BUSY_SECONDS = 10  # how long SQLite waits for another writer before it gives up
LONGEST_WAIT = 5  # seconds; then SQLite waits by itself, and says what is wrong
LOOK_AGAIN = 0.001  # seconds; about as long as a transaction takes

BUSY_TIMEOUT = f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}"

_turn = threading.Lock()
_ended = WakePipe()  # rung by every process that was forked from this one, and by itself


class InTurn(sqlite3.Connection):
    """A connection that begins to write when it is its turn, and gives it up with its commit."""

    _has_turn = False

    def begin_in_turn(self) -> None:
        """Begin a transaction that writes, when it is this connection's turn."""
        if self._has_turn or self.in_transaction:
            return
        give_up_at = time.monotonic() + LONGEST_WAIT
        self._has_turn = _turn.acquire(timeout=LONGEST_WAIT)
        self.execute("PRAGMA busy_timeout = 0")
        while self._finds_it_taken() and time.monotonic() < give_up_at:
            _ended.wait(LOOK_AGAIN)
        self.execute(BUSY_TIMEOUT)

    def _finds_it_taken(self) -> bool:
        try:
            self.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:  # any other one the statement itself will meet
            return error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
        return False

    def commit(self) -> None:
        """Make what was written durable, and let the next one write."""
        try:
            super().commit()
        finally:
            self._end_turn()

    def rollback(self) -> None:
        """Undo what was written, and let the next one write."""
        try:
            super().rollback()
        finally:
            self._end_turn()

    def close(self) -> None:
        """Let go of everything, as when a connection is given up in the middle."""
        try:
            super().close()
        finally:
            self._end_turn()

    def _end_turn(self) -> None:
        if self._has_turn:
            self._has_turn = False
            _turn.release()
            _ended.ring()


def before_writing(
    connection: sa.Connection,
    _cursor: Any,
    _statement: str,
    _parameters: Any,
    context: Any,
    _many: bool,
) -> None:
    """Wait for a turn where a statement is the first of a transaction that writes."""
    if context is not None and (context.isinsert or context.isupdate or context.isdelete):
        cast(InTurn, connection.connection.dbapi_connection).begin_in_turn()
