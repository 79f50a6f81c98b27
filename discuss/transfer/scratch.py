"""An archive with the rows of an older schema, brought up in a database of its own beside the site.

Migrations change databases and no files: so the rows go into a scratch one on SQLite, are migrated
there, and come out as this release has them.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory

import sqlalchemy as sa

from discuss.base import migrations
from discuss.base.db import Base
from discuss.transfer import tables
from discuss.transfer.archive import NoArchive, Reader, Section, Watch


@contextmanager
def brought_up(reader: Reader, watch: Watch) -> Iterator[Iterable[Section]]:
    """Give an archive's tables as this release has them.

    :param watch: told how many bytes of the file are read.
    """
    if reader.head.schema == migrations.newest():
        yield reader.sections(watch)
        return
    with TemporaryDirectory(prefix="discuss-") as folder:
        scratch = sa.create_engine(f"sqlite:///{folder}/scratch.db", poolclass=sa.NullPool)
        with scratch.connect() as connection:
            migrations.migrate_scratch(connection, reader.head.schema)
        with scratch.begin() as connection:
            _fill(connection, reader.sections(watch))
        with scratch.connect() as connection:
            migrations.migrate_scratch(connection, migrations.newest())
        with scratch.connect() as connection:
            yield tables.sections(connection, Base.metadata.sorted_tables)


def _fill(connection: sa.Connection, sections: Iterable[Section]) -> None:
    schema = sa.MetaData()
    schema.reflect(connection)
    for section in sections:
        if section.table not in schema.tables:
            raise NoArchive
        tables.load(connection, schema.tables[section.table], section)
