"""A copy of the whole database, of one moment, made while people go on posting.

It has every table: sign-ins, tokens and links too, as the digests that the database keeps of them,
so that nobody gets in by reading the file. The key that signs cookies is not in it, for whoever
finds a backup must not be able to sign anything; a site that lost it asks its people to sign in.
"""

from pathlib import Path

import sqlalchemy as sa

from discuss.base import clock, schema
from discuss.base.cli import progress
from discuss.base.db import Base
from discuss.transfer import archive, files, tables
from discuss.transfer.archive import Head
from discuss.transfer.connections import one_moment


def back_up(path: Path) -> int:
    """Write all that the database holds now into a file.

    :returns: how many rows that are.
    """
    return write(path, "backup", Base.metadata.sorted_tables)


def write(path: Path, kind: str, wanted: list[sa.Table]) -> int:
    """Write tables of one moment into a file, and read it again to be sure of it.

    :param kind: what the file says it is.
    :param wanted: the tables, those first that others point to.
    :returns: how many rows it has.
    :raises NotAtNewest: the schema is not the one of this release.
    :raises NotWritten: the file cannot be made; what was there before still is.
    """
    schema.refuse_unless_newest()
    with files.writing(path) as file:
        with one_moment() as connection:
            head = Head(kind, schema.newest(), clock.now().isoformat())
            with progress("Writing", tables.count(connection, wanted)) as watch:
                sections = tables.sections(connection, wanted)
                written = archive.write(file, head, sections, watch)
        size = file.tell()
        file.seek(0)
        with progress("Checking", size) as watch:
            archive.verify(file, watch)
    return written
