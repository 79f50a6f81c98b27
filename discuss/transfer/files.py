"""Files that people give and take: one appears at its name when it is whole, and never in part."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from flask_babel import lazy_gettext as _

from discuss.base.errors import NotFound, Refusal
from discuss.transfer.archive import NoArchive, Reader


class NotWritten(Refusal):
    """The file cannot be made; what was there before still is."""


class NotRead(NotFound):
    """The file cannot be opened."""


@contextmanager
def reading(path: Path) -> Iterator[IO[bytes]]:
    """Open a file to read it.

    :raises NotRead: it cannot be.
    """
    try:
        with path.open("rb") as file:
            yield file
    except OSError as error:
        why = error.strerror
        raise NotRead(_("%(path)s cannot be read: %(why)s.", path=path, why=why)) from None


@contextmanager
def writing(path: Path) -> Iterator[IO[bytes]]:
    """Write a file that only its owner may read, and which takes its name when all is on the disk.

    :raises NotWritten: it cannot be, or its name belongs to something else.
    """
    part = path.with_name(f"{path.name}.part")
    try:
        _refuse_another_file(path)
        with _locked(part) as file:
            try:
                yield file
                file.flush()
                os.fsync(file.fileno())
                part.replace(path)
            except BaseException:
                part.unlink(missing_ok=True)
                raise
        _sync_folder(path.parent)
    except OSError as error:
        why = error.strerror
        raise NotWritten(_("%(path)s cannot be written: %(why)s.", path=path, why=why)) from None


def _refuse_another_file(path: Path) -> None:
    """Refuse to write over what is no archive: a slip must not cost a database."""
    if not path.exists():
        return
    try:
        with path.open("rb") as file:
            Reader(file)
    except NoArchive:
        message = _("%(path)s is there, and is no archive of Discuss.", path=path)
        raise NotWritten(message) from None


@contextmanager
def _locked(part: Path) -> Iterator[IO[bytes]]:
    """Open the unfinished file for one process; what a killed one left is used again."""
    descriptor = os.open(part, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "r+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            is_mine = os.fstat(descriptor).st_ino == part.stat().st_ino  # no other renamed it
        except (BlockingIOError, FileNotFoundError):
            is_mine = False
        if not is_mine:
            raise NotWritten(_("%(path)s is being written by another process.", path=part))
        os.fchmod(descriptor, 0o600)
        file.truncate()
        yield file


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
