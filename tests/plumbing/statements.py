"""Statements compiled once for all engines of a run; each test's own engine would begin anew."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.util import LRUCache

_compiled: LRUCache[Any, Any] = LRUCache(5000)


def _traits(dialect: DefaultDialect) -> tuple[Any, ...]:
    # Of one run's engines nothing else decides how a statement is written.
    return type(dialect), dialect.paramstyle, getattr(dialect, "server_version_info", None)


# A statement is kept under its dialect, of which every engine has one of its own.
DefaultDialect.__hash__ = lambda self: hash(type(self))  # type: ignore[method-assign,assignment]
DefaultDialect.__eq__ = lambda self, other: (  # type: ignore[method-assign,assignment]
    isinstance(other, DefaultDialect) and _traits(self) == _traits(other)
)


@sa.event.listens_for(sa.Engine, "engine_connect")
def _share(connection: sa.Connection) -> None:
    connection.execution_options(compiled_cache=_compiled)
