"""The plainest way in: one JSON object a line.

{"id", "parent_id" (or null), "author" (or null), "created", "text", "score"?}, parents before their
replies. Members that are not named here are ignored.
"""

import json
from collections.abc import Iterator
from typing import IO, Any

from flask_babel import gettext as _

from discuss.transfer.items import (
    Item,
    NotAComment,
    Skipped,
    author_of,
    moment_of,
    name_of,
    score_of,
    text_of,
)

# Bytes; 65,536 characters can each be written as two escapes of six.
LONGEST_LINE = 1024 * 1024
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def read(file: IO[bytes]) -> Iterator[Item | Skipped]:
    """Read a file line by line, never more than one line at a time.

    :param file: in UTF-8.
    """
    number = 0
    while line := file.readline(LONGEST_LINE + 1):
        number += 1
        if len(line) > LONGEST_LINE:
            _to_next_line(file, line)
            yield Skipped(number, _("the line is longer than a megabyte"))
        elif line := line.removeprefix(_BYTE_ORDER_MARK if number == 1 else b"").strip():
            yield one(number, line)


def one(number: int, line: bytes) -> Item | Skipped:
    """Read one line.

    :param number: of the line, from 1.
    :param line: without its end.
    """
    name: str | None = None
    try:
        told = _object(line)
        name = name_of(told.get("id"), "id")
        parent = told.get("parent_id")
        return Item(
            line=number,
            id=name,
            parent_id=None if parent is None else name_of(parent, "parent_id"),
            author=author_of(told.get("author")),
            created=moment_of(told.get("created")),
            text=text_of(told.get("text")),
            score=score_of(told.get("score")),
        )
    except NotAComment as refusal:
        return Skipped(number, str(refusal), name)


def _object(line: bytes) -> dict[str, Any]:
    try:
        found = json.loads(line.decode())
    except UnicodeDecodeError:
        raise NotAComment(_("the line is not UTF-8")) from None
    except (ValueError, RecursionError):
        raise NotAComment(_("the line is not JSON")) from None
    if not isinstance(found, dict):
        raise NotAComment(_("the line is JSON, but no object"))
    return found


def _to_next_line(file: IO[bytes], line: bytes) -> None:
    """Read on to the end of a line in pieces, keeping none of them."""
    while line and not line.endswith(b"\n"):
        line = file.readline(LONGEST_LINE)
