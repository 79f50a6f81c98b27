"""An archive on its way in: proven to be whole, and brought up to the schema of this release."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import sqlalchemy as sa
from flask_babel import lazy_gettext as _

from discuss.base import migrations, schema
from discuss.base.cli import progress
from discuss.transfer import archive, files, tables
from discuss.transfer.archive import Head, NoArchive, Reader, Section, Watch


class TooNew(NoArchive):
    """The file comes from a newer release."""

    default_message = _("The file was made by a newer release of Discuss; nothing was changed.")


def verify(path: Path, kind: str) -> Head:
    """Read an archive to its end; refuse what cannot come in.

    :param kind: `backup`, or `archive` for an export.
    :raises NotRead: it cannot be opened.
    :raises NoArchive: it is none, or of the other kind.
    :raises Damaged: it is not whole.
    :raises TooNew: this release does not know its schema.
    """
    with files.reading(path) as file, progress("Checking", path.stat().st_size) as watch:
        head = archive.verify(file, watch)
    if head.discuss != kind:
        message = _(
            "The file is of the kind %(found)s, not %(kind)s; nothing was changed.",
            found=head.discuss,
            kind=kind,
        )
        raise NoArchive(message)
    if head.format > archive.FORMAT or not migrations.is_known(head.schema):
        raise TooNew
    return head


@contextmanager
def brought_up(
    reader: Reader, wanted: Sequence[sa.Table], watch: Watch
) -> Iterator[Iterable[Section]]:
    """Give an archive's tables as this release has them.

    Migrations change databases and no files: rows of an older schema go into a scratch database on
    SQLite, are migrated there, and come out anew.

    :param wanted: the tables, in the archive's order.
    :param watch: told how many bytes of the file are read.
    """
    if reader.head.schema == schema.newest():
        yield reader.sections(watch)
        return
    with TemporaryDirectory(prefix="discuss-") as folder:
        scratch = sa.create_engine(f"sqlite:///{folder}/scratch.db", poolclass=sa.NullPool)
        with scratch.connect() as connection:
            migrations.migrate_scratch(connection, reader.head.schema)
        with scratch.begin() as connection:
            _fill(connection, reader.sections(watch))
        with scratch.connect() as connection:
            migrations.migrate_scratch(connection, schema.newest())
        with scratch.connect() as connection:
            yield tables.sections(connection, wanted)


def _fill(connection: sa.Connection, sections: Iterable[Section]) -> None:
    schema = sa.MetaData()
    schema.reflect(connection)
    for section in sections:
        if section.table not in schema.tables:
            raise NoArchive
        table = schema.tables[section.table]
        connection.execute(sa.delete(table))  # of what a migration puts there
        tables.load(connection, table, section)
