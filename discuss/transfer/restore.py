"""A backup's rows in place of the site's, in one transaction, while the site goes on being read.

A kill leaves the old rows. Who writes meanwhile waits, and is refused when it takes longer than the
database lets a writer wait.
"""

from pathlib import Path

import sqlalchemy as sa

from discuss.base.cli import progress
from discuss.base.db import Base
from discuss.transfer import files, promises, tables
from discuss.transfer.archive import Reader
from discuss.transfer.connections import writing_alone
from discuss.transfer.opening import brought_up


def replace(path: Path) -> int:
    """Put a verified backup's rows in place of what the database holds.

    :returns: how many rows it holds now.
    """
    everything = Base.metadata.sorted_tables
    with files.reading(path) as file, progress("Restoring", path.stat().st_size) as watch:
        reader = Reader(file)
        with brought_up(reader, everything, watch) as sections, writing_alone() as connection:
            promises.note(connection)
            for table in reversed(everything):
                connection.execute(sa.delete(table))
            for section in sections:
                tables.load(connection, Base.metadata.tables[section.table], section)
            promises.keep(connection)
            if connection.dialect.name != "sqlite":
                connection.exec_driver_sql("ANALYZE")  # else the first readers get bad plans
            return tables.count(connection, everything)
