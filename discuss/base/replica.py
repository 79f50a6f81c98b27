"""One read replica: its connections, how long it is waited for, and when it is left alone."""

import logging
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

import psycopg
import sqlalchemy as sa
from sqlalchemy.orm import Session

from discuss.base.db import postgresql_options, reading_from, session

if TYPE_CHECKING:
    from discuss.base.pagecache import Stamp

log = logging.getLogger("discuss.replicas")

PATIENCE = 1.0  # seconds for a statement; a page takes a few milliseconds
CONNECT_SECONDS = 2  # libpq takes no less; one reader in AWAY seconds may wait this long
AWAY = 10.0  # seconds to leave a replica alone that did not answer
BEHIND = 0.1  # seconds to leave one alone that lags; usually it is there after one


class Impatient(psycopg.Connection[Any]):
    """A connection that gives up a server which takes a question and never answers."""

    def wait(self, gen: Any, interval: float = PATIENCE, timeout: float | None = PATIENCE) -> Any:
        """Wait for a statement's result, or fail as if the connection were lost."""
        return super().wait(gen, interval, timeout or PATIENCE)


class Replica:
    """One read replica, and until when to do without it."""

    def __init__(self, url: str) -> None:
        """Get ready to connect; `page` does.

        :param url: as SQLAlchemy wants it.
        """
        options = postgresql_options(CONNECT_SECONDS, PATIENCE)
        options["connect_args"]["options"] += " -c default_transaction_read_only=on"
        # Its first statement fixes what a REPEATABLE READ transaction sees to its end.
        options["isolation_level"] = "REPEATABLE READ"
        self._engine = sa.create_engine(url, **options)
        sa.event.listen(self._engine, "do_connect", _connect)
        self._name = f"{self._engine.url.host}:{self._engine.url.port or 5432}"
        self._lock = threading.Lock()
        self._rests_until: float | None = 0.0  # nothing while it answers

    def page(self, render: Callable[[], str], stamp: "Stamp") -> str | None:
        """Return a page rendered on this replica, or nothing when it cannot be.

        :param render: makes the page.
        :param stamp: the clocks that it must show.
        """
        if not self._may_try():
            return None
        try:
            with self._snapshot() as snapshot, reading_from(snapshot):
                return render() if self._is_fit(stamp) else None
        except sa.exc.SQLAlchemyError as error:
            self._engine.dispose()  # after a restart all of its connections are dead
            self._rest(AWAY, f"does not answer: {str(error).splitlines()[0]}")
        except Exception as error:  # a refusal, or a fault: the primary has the last word
            log.debug("replica %s: %r", self._name, error)
        return None

    def close(self) -> None:
        """Close its connections."""
        self._engine.dispose()

    def _may_try(self) -> bool:
        """Whether to ask it now; after a rest one reader finds out, and no other waits for it."""
        with self._lock:
            if self._rests_until is None:
                return True
            now = time.monotonic()
            if now < self._rests_until:
                return False
            self._rests_until = now + AWAY
            return True

    def _is_fit(self, stamp: "Stamp") -> bool:
        if not session.scalar(sa.select(sa.func.pg_is_in_recovery())):
            self._rest(AWAY, "is no replica any more")
            return False
        if not _has_reached(stamp):
            self._rest(BEHIND)
            return False
        self._rests_until = None
        return True

    def _rest(self, seconds: float, why: str = "") -> None:
        self._rests_until = time.monotonic() + seconds
        if why:
            log.warning("replica %s %s; without it for %d s", self._name, why, seconds)

    def _snapshot(self) -> AbstractContextManager[Session]:
        return Session(self._engine, expire_on_commit=False, autoflush=False)


def _has_reached(stamp: "Stamp") -> bool:
    row = session.execute(stamp.source.statement, stamp.arguments).one_or_none()
    if row is None:
        return False
    *clocks, _due = row
    wanted = map(int, stamp.text.split("-"))
    return all(here >= there for here, there in zip(clocks, wanted, strict=True))


def _connect(_dialect: Any, _record: Any, arguments: list[Any], named: dict[str, Any]) -> Any:
    return Impatient.connect(*arguments, **named)
