"""What decides whether a stored page is right: the clocks that it shows, and how to read them anew.

A clock is a counter of changes. A letter has its own; what no single letter owns is counted here.
"""

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from discuss.base.db import Base, is_sqlite, session


class Clock(Base):
    """A counter of changes that no single letter owns: `site` for settings, `letters` for lists."""

    __tablename__ = "clocks"

    name: Mapped[str] = mapped_column(sa.String(20), primary_key=True)
    value: Mapped[int] = mapped_column(default=0)


@dataclass(frozen=True, eq=False)
class Source:
    """A statement that tells a page's clocks anew.

    Its one row holds the clocks in the order of the stamp and last, in seconds since 1970, when
    they stop to count whatever they say (or nothing). No row: only the application can answer.
    """

    statement: sa.Select[*tuple[Any, ...]]


@dataclass(frozen=True)
class Stamp:
    """The clocks that a page shows, read before it is rendered."""

    text: str
    source: Source
    arguments: Mapping[str, Any] = field(default_factory=dict)


def value_of(name: str) -> sa.ColumnElement[int]:
    """Return the value of a named clock as an expression, 0 where it never ticked."""
    found = sa.select(Clock.value).where(Clock.name == name).scalar_subquery()
    return sa.func.coalesce(found, 0)


def stamp_of(*names: str) -> Stamp:
    """Return the named clocks as they stand now."""
    return read(_source_of(names))


def read(source: Source, **arguments: Any) -> Stamp:
    """Return what a source tells now.

    :param source: one whose row is always there and never due.
    :param arguments: of its statement.
    """
    *clocks, _due = session.execute(source.statement, arguments).one()
    return Stamp(joined(clocks), source, arguments)


def joined(clocks: Any) -> str:
    """Return clocks in one word, for an ETag."""
    return "-".join(map(str, clocks))


def tick(name: str) -> None:
    """Make every page that shows what this clock counts stale, in this transaction."""
    done = session.execute(sa.update(Clock).where(Clock.name == name).values(value=Clock.value + 1))
    if not done.rowcount:  # type: ignore[attr-defined]  # a CursorResult, as every UPDATE's
        insert = sqlite.insert if is_sqlite() else postgresql.insert
        first: Any = insert(Clock).values(name=name, value=1)  # another may be the first as well
        counted = {"value": Clock.value + 1}
        session.execute(first.on_conflict_do_update(index_elements=["name"], set_=counted))


@functools.cache
def _source_of(names: tuple[str, ...]) -> Source:
    return Source(sa.select(*map(value_of, names), sa.null()))
