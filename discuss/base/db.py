"""The engine, the request's session, and the types that every table shares."""

import select
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC as TZ
from datetime import datetime
from enum import StrEnum
from inspect import iscoroutinefunction
from typing import Any, cast

import sqlalchemy as sa
from flask import Flask
from flask_sqlalchemy_lite import SQLAlchemy
from sqlalchemy.orm import DeclarativeBase, Session
from werkzeug.local import LocalProxy

from discuss.base import turns
from discuss.base.config import Settings

LARGEST_NUMBER = 2**31 - 1  # the columns of ids and numbers are 32 bits wide
POOL_SIZE = 4  # as many as a worker lets in at once; more only wait for the interpreter
# SQLite: what each connection keeps of the database. The system keeps it for all of them together;
# at SQLite's own 2 MB, five connections in each of two workers held 20 MB of the same.
CACHE = "PRAGMA cache_size = -512"  # KiB
CONNECT_SECONDS = 5  # PostgreSQL: a database that hangs must not take the workers with it

_HUNG_UP = getattr(select, "POLLRDHUP", 0)  # Linux; elsewhere POLLHUP, which always comes, must do

db = SQLAlchemy(session_options={"expire_on_commit": False})

_elsewhere: ContextVar[Session | None] = ContextVar("elsewhere", default=None)

session: Session = cast(Session, LocalProxy(lambda: _elsewhere.get() or db.session))


@contextmanager
def reading_from(other: Session) -> Iterator[None]:
    """Let `session` read from another database than the site's own for as long as the block lasts.

    :param other: a session of that database; nothing may be written through it.
    """
    before = _elsewhere.set(other)
    try:
        yield
    finally:
        _elsewhere.reset(before)


class Base(DeclarativeBase):
    """Every table's base: one naming of constraints, so that migrations can name them too."""

    metadata = sa.MetaData(
        naming_convention={
            "ix": "%(table_name)s_by_%(column_0_N_name)s",
            "uq": "%(table_name)s_one_%(column_0_N_name)s",
            "ck": "%(table_name)s_%(constraint_name)s",
            "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
            "pk": "%(table_name)s_pkey",
        }
    )


class UTC(sa.types.TypeDecorator[datetime]):
    """A moment, always aware and in UTC; SQLite keeps none of that by itself."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Refuse a naive time, send the rest as UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone")
        return value.astimezone(TZ)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Give every stored time its zone."""
        if value is None:
            return None
        return value.replace(tzinfo=TZ) if value.tzinfo is None else value.astimezone(TZ)


def enum_text(kind: type[StrEnum]) -> sa.Enum:
    """Return a column type that stores an enum's values as text, with a check."""
    return sa.Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        length=20,
        name=f"{kind.__name__.lower()}_known",
        values_callable=lambda members: [member.value for member in members],
    )


def init_app(app: Flask, settings: Settings) -> None:
    """Connect the application to its database."""
    url = sa.make_url(cast(str, settings.database_url))
    # Errors are logged, and what somebody wrote or is called has no business there.
    options = {"url": url, "hide_parameters": True, **_options(url, settings)}
    app.config["SQLALCHEMY_ENGINES"] = {"default": options}
    db.init_app(app)
    _drop_async_teardown(app)
    with app.app_context():
        engine = db.engine
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _prepare_sqlite)
        sa.event.listen(engine, "before_cursor_execute", turns.before_writing)
    else:
        sa.event.listen(engine, "checkout", _refuse_if_hung_up)
        sa.event.listen(engine, "handle_error", _drop_details)


def _drop_async_teardown(app: Flask) -> None:
    """Spare every request an event loop: 760 µs for closing async sessions that nobody opens.

    It also refuses to run where a loop runs already, as in a test that drives a browser.
    """
    ends = app.teardown_appcontext_funcs
    ends[:] = [function for function in ends if not iscoroutinefunction(function)]


def connection() -> sa.Connection:
    """Return this transaction's connection, for rows that become no objects: a fifth of the cost.

    What the session's objects have changed is written first, as before the session's statements.
    """
    here = db.session
    here.flush()
    return here.connection()


def is_sqlite() -> bool:
    """Whether the site runs on SQLite; the few statements that differ by dialect ask."""
    return db.engine.dialect.name == "sqlite"


def _options(url: sa.URL, settings: Settings) -> dict[str, Any]:
    if url.get_backend_name() == "sqlite":
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        # In sqlite3's own transaction control reads run outside a transaction and the first
        # write begins one with BEGIN IMMEDIATE: no reader is ever refused for having read first.
        return {
            "connect_args": {
                "isolation_level": "IMMEDIATE",
                "timeout": turns.BUSY_SECONDS,
                "factory": turns.InTurn,
            }
        }
    return postgresql_options(CONNECT_SECONDS, CONNECT_SECONDS)


def postgresql_options(connect_seconds: int, statement_seconds: float) -> dict[str, Any]:
    """Return an engine's options for PostgreSQL: a bounded pool, and an end to every wait.

    :param connect_seconds: for a connection, or a free place in the pool.
    :param statement_seconds: for one statement.
    """
    limits = f"-c statement_timeout={statement_seconds * 1000:.0f} -c timezone=UTC"
    return {
        "pool_size": POOL_SIZE,
        "max_overflow": 0,
        "pool_timeout": connect_seconds,
        "isolation_level": "READ COMMITTED",
        "connect_args": {"connect_timeout": connect_seconds, "options": limits},
    }


def _prepare_sqlite(connection: Any, _record: object) -> None:
    for pragma in (
        "PRAGMA journal_mode = WAL",
        "PRAGMA synchronous = FULL",  # a commit survives a power cut
        "PRAGMA foreign_keys = ON",
        CACHE,
        turns.BUSY_TIMEOUT,
    ):
        connection.execute(pragma)


def _refuse_if_hung_up(connection: Any, _record: object, _fairy: object) -> None:
    """Have the pool connect anew where PostgreSQL has ended a connection meanwhile.

    The socket knows; SQLAlchemy's `pool_pre_ping` asks the server, a round trip for each request.

    :raises sa.exc.DisconnectionError: it has ended.
    """
    poll = select.poll()
    if not connection.closed:
        poll.register(connection.fileno(), _HUNG_UP)
    if connection.closed or poll.poll(0):
        raise sa.exc.DisconnectionError("PostgreSQL has hung up")


def _drop_details(context: sa.engine.ExceptionContext) -> None:
    """Leave out what PostgreSQL adds to an error: the row that failed, with somebody's words."""
    original = context.original_exception
    diagnosis: Any = getattr(original, "diag", None)  # of a psycopg error
    if diagnosis is not None and (message := diagnosis.message_primary):
        original.args = (message,)
        if context.sqlalchemy_exception is not None:
            context.sqlalchemy_exception.args = (f"({type(original).__name__}) {message}",)
