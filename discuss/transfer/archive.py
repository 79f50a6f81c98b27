"""The one file of a backup and of an export: tables as JSON Lines, packed with gzip.

The first line tells what the file is and which schema its rows have. Each table begins with a line
that names it and its columns, and has a line for each row. The last line counts and seals all
before it, so a file that was cut off or changed is known before anything is done with it. Reading
and writing keep one row in memory. Nothing here knows the database.
"""

import gzip
import hashlib
import json
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import IO, Any

from flask_babel import lazy_gettext as _

from discuss.base.errors import Refusal

FORMAT = 1
LEVEL = 4  # of gzip: 4 % larger than the usual 6, and written in a third of the time
LONGEST_LINE = 64 * 1024 * 1024  # bytes; what a letter as long as a book takes ten times over
STEP = 500  # rows between two steps of a progress bar

Watch = Callable[[int], None]
"""Told how far some work has come: in rows written, or in bytes of the file read."""


class NoArchive(Refusal):
    """The file is none of ours, or not the kind that is asked for."""

    default_message = _("The file is no archive of Discuss; nothing was changed.")


class Damaged(Refusal):
    """The file was one of ours, and is not whole any more."""

    default_message = _("The file is damaged or was cut off; nothing was changed.")


@dataclass(frozen=True)
class Head:
    """What a file says of itself: `backup` or `archive`, and the schema that its rows have."""

    discuss: str
    schema: str
    made_at: str
    format: int = FORMAT


@dataclass(frozen=True)
class Section:
    """One table. Take its rows before the next section: all come from one stream."""

    table: str
    columns: list[str]
    rows: Iterator[Any]
    last_id: int | None = None
    """The highest id that was ever given, where an id is for ever and its row may be gone."""


def write(file: IO[bytes], head: Head, sections: Iterable[Section], watch: Watch) -> int:
    """Write an archive.

    :param watch: told how many rows are written.
    :returns: how many there are.
    """
    seal, written = hashlib.sha256(), 0
    # Neither a name nor a time in gzip's own head: the same rows make the same bytes.
    with gzip.GzipFile("", "wb", LEVEL, file, mtime=0) as packed:

        def put(thing: Any) -> None:
            line = json.dumps(thing, ensure_ascii=False, default=_plain, separators=(",", ":"))
            seal.update(raw := line.encode() + b"\n")
            packed.write(raw)

        put(asdict(head))
        for section in sections:
            put({"table": section.table, "columns": section.columns, "last_id": section.last_id})
            for row in section.rows:
                put(list(row))
                written += 1
                if not written % STEP:
                    watch(written)
        put({"rows": written, "sha256": seal.hexdigest()})
    watch(written)
    return written


class Reader:
    """An archive that is read once, from its beginning to its end."""

    def __init__(self, file: IO[bytes]) -> None:
        """Read the first line.

        :raises NoArchive: it is none of ours.
        """
        self._file = file
        self._seal = hashlib.sha256()
        self._count = 0
        self._lines = _lines(file)
        try:
            self._line = next(self._lines, b"")
            self.head = Head(**self._take())
        except (Damaged, TypeError):
            raise NoArchive from None

    def sections(self, watch: Watch) -> Iterator[Section]:
        """Give the tables one after the other.

        :param watch: told how many bytes of the file are read.
        :raises Damaged: at the latest behind the last row.
        """
        while self._line:
            so_far = {"rows": self._count, "sha256": self._seal.hexdigest()}
            told = self._take()
            if told == so_far and not self._line:
                watch(self._file.tell())
                return
            if not isinstance(told, dict) or told.keys() != {"table", "columns", "last_id"}:
                break
            section = Section(rows=self._rows(watch), **told)
            yield section
            for _left in section.rows:
                pass
        raise Damaged

    def _rows(self, watch: Watch) -> Iterator[Any]:
        while self._line.startswith(b"["):
            self._count += 1
            if not self._count % STEP:
                watch(self._file.tell())
            yield self._take()

    def _take(self) -> Any:
        """Return what the next line says."""
        raw, self._line = self._line, next(self._lines, b"")
        self._seal.update(raw)
        try:
            return json.loads(raw)
        except (ValueError, RecursionError):
            raise Damaged from None


def verify(file: IO[bytes], watch: Watch) -> Head:
    """Read a file to its end and return what it says of itself.

    :raises NoArchive: it is none of ours.
    :raises Damaged: it is not whole.
    """
    reader = Reader(file)
    for section in reader.sections(watch):
        for _row in section.rows:
            pass
    return reader.head


def _lines(file: IO[bytes]) -> Iterator[bytes]:
    with gzip.GzipFile(fileobj=file, mode="rb") as packed:
        try:
            while line := packed.readline(LONGEST_LINE):
                yield line
        except (EOFError, gzip.BadGzipFile, zlib.error):
            raise Damaged from None


def _plain(value: object) -> str:
    """Return a moment or a day as JSON can carry it; SQLite's own moments have no zone."""
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)
