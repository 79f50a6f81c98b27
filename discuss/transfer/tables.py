"""Tables as sections of an archive, and back into a database of either kind.

What an archive holds has no dialect: moments are ISO 8601 in UTC, an enum is its word.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any

import sqlalchemy as sa

from discuss.transfer.archive import NoArchive, Section

Row = dict[str, Any]
"""A row by the names of its columns."""

BATCH = 1_000  # rows in memory at once; a thousand comments are a few megabytes


def count(connection: sa.Connection, tables: Iterable[sa.Table]) -> int:
    """Return how many rows some tables have together."""
    return sum(
        connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0 for table in tables
    )


def sections(connection: sa.Connection, tables: Iterable[sa.Table]) -> Iterator[Section]:
    """Give tables row by row, in the order of their keys: a parent comes before its replies.

    :param connection: in a transaction that sees one moment.
    """
    for table in tables:
        plain = _plain(table)
        wanted = sa.select(*plain.columns).order_by(*table.primary_key.columns)
        yield Section(
            table=table.name,
            columns=[column.name for column in table.columns],
            rows=iter(connection.execute(wanted, execution_options={"yield_per": BATCH})),
            last_id=last_id(connection, table),
        )


def load(connection: sa.Connection, table: sa.Table, section: Section) -> None:
    """Add a section's rows to a table as they are.

    :raises NoArchive: it has a column that the table lacks, or the other way round.
    """
    if set(section.columns) != set(table.columns.keys()):
        raise NoArchive
    if connection.dialect.name == "sqlite":
        for batch in batches(table, section):
            insert(connection, table, batch)
    else:
        _copy(connection, table, section)
    give_no_id_twice(connection, table, section.last_id)


def batches(table: sa.Table, section: Section) -> Iterator[list[Row]]:
    """Give a section's rows by the names of their columns, as Python has their values."""
    read = [_reader(table.columns[name]) for name in section.columns]
    while batch := list(islice(section.rows, BATCH)):
        yield [
            {
                name: value if parse is None or value is None else parse(value)
                for name, parse, value in zip(section.columns, read, row, strict=True)
            }
            for row in batch
        ]


def insert(connection: sa.Connection, table: sa.Table, rows: list[Row]) -> None:
    """Add rows whose values are those of an archive."""
    if rows:
        connection.execute(sa.insert(_plain(table)), rows)


def plan_anew(connection: sa.Connection, table: sa.Table) -> None:
    """Let PostgreSQL see that a table has grown; call it whenever the table has doubled.

    It searches a comment's parent by a plan from when the table was small, and keeps to that.
    """
    if connection.dialect.name != "sqlite":
        connection.exec_driver_sql(f"ANALYZE {table.name}")


def update(connection: sa.Connection, table: sa.Table, row: Row) -> None:
    """Make the row with the same key what an archive says."""
    plain = _plain(table)
    keys = [column.name for column in table.primary_key.columns]
    is_it = sa.and_(*(plain.columns[key] == row[key] for key in keys))
    connection.execute(sa.update(plain).where(is_it).values(row))


def _copy(connection: sa.Connection, table: sa.Table, section: Section) -> None:
    """Let PostgreSQL read an archive's values by itself, in one statement.

    In many, it would plan its search for parents while the table is small, keep to that plan, and
    read the whole table for each comment: five minutes for 100,000.
    """
    is_json = [isinstance(table.columns[name].type, sa.JSON) for name in section.columns]
    quote = connection.dialect.identifier_preparer.quote
    columns = ", ".join(map(quote, section.columns))
    statement = f"COPY {quote(table.name)} ({columns}) FROM STDIN"
    driver: Any = connection.connection.dbapi_connection
    rows = (
        [
            json.dumps(v) if whole and v is not None else v
            for whole, v in zip(is_json, row, strict=True)
        ]
        for row in section.rows
    )
    try:
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
    except connection.dialect.loaded_dbapi.Error as error:
        raise sa.exc.DatabaseError(f"COPY {table.name}", None, error) from error


def last_id(connection: sa.Connection, table: sa.Table) -> int | None:
    """Return the highest id that a table ever gave, where the database keeps count of that."""
    if not _keeps_count(connection, table):
        return None
    if connection.dialect.name == "sqlite":
        asked = "SELECT seq FROM sqlite_sequence WHERE name = :name"
    else:
        asked = "SELECT pg_sequence_last_value(pg_get_serial_sequence(:name, 'id')::regclass)"
    found: int | None = connection.scalar(sa.text(asked), {"name": table.name})
    return found


def give_no_id_twice(connection: sa.Connection, table: sa.Table, told: int | None) -> None:
    """Let a table go on behind every id that it, or the table its rows came from, ever gave.

    :param told: the highest one that the other table gave.
    """
    if not _keeps_count(connection, table):
        return
    kept = connection.scalar(sa.select(sa.func.max(table.columns.id)))
    known = (kept, told, last_id(connection, table))
    if not (highest := max((number for number in known if number), default=0)):
        return
    if connection.dialect.name == "sqlite":
        sets = [
            "DELETE FROM sqlite_sequence WHERE name = :name",
            "INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :highest)",
        ]
    else:
        sets = ["SELECT setval(pg_get_serial_sequence(:name, 'id'), :highest)"]
    for statement in sets:
        connection.execute(sa.text(statement), {"name": table.name, "highest": highest})


def _keeps_count(connection: sa.Connection, table: sa.Table) -> bool:
    if connection.dialect.name != "sqlite":
        return table.autoincrement_column is not None
    asked = "SELECT sql LIKE '%AUTOINCREMENT%' FROM sqlite_master WHERE name = :name"
    return bool(connection.scalar(sa.text(asked), {"name": table.name}))


def _plain(table: sa.Table) -> sa.TableClause:
    """Return a table whose columns have the types of an archive's values."""
    return sa.table(table.name, *(sa.column(c.name, _type(c)) for c in table.columns))


def _type(column: sa.Column[Any]) -> sa.types.TypeEngine[Any]:
    if isinstance(column.type, sa.Enum):
        return sa.String()
    if isinstance(column.type, sa.types.TypeDecorator):
        return column.type.impl_instance
    return column.type


def _reader(column: sa.Column[Any]) -> Callable[[Any], object] | None:
    kind = _type(column)
    if isinstance(kind, sa.DateTime):
        return _moment
    return _day if isinstance(kind, sa.Date) else None


def _moment(told: str | datetime) -> datetime:
    """Return a moment from an archive, or from another database as it is."""
    read = datetime.fromisoformat(told) if isinstance(told, str) else told
    return read if read.tzinfo else read.replace(tzinfo=UTC)  # SQLite keeps no zone


def _day(told: str | date) -> date:
    return date.fromisoformat(told) if isinstance(told, str) else told
