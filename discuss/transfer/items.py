"""What a reader of some format hands over, one thing after the other: comments, and what is none.

Pure: nothing here knows the database. What no comment can be is refused here, by its line.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from flask_babel import gettext as _

from discuss.base import rendering
from discuss.base.errors import Invalid
from discuss.comments.models import LONGEST_IMPORTED

LONGEST_ID = 180  # characters; the column has 200, and the format's name stands before it
LONGEST_NAME = 200  # characters, as wide as the column
LARGEST_SCORE = 2**31 - 1  # the column is 32 bits wide
_EPOCH = re.compile(r"-?[0-9]{9,12}(\.[0-9]{1,9})?")  # nobody writes a date like this


class NotAComment(ValueError):
    """Something in the file cannot become a comment; says why."""


@dataclass(frozen=True)
class Item:
    """A comment of the file."""

    line: int
    id: str
    parent_id: str | None
    author: str | None
    created: datetime
    text: str
    score: int = 0


@dataclass(frozen=True)
class Skipped:
    """Something that is not imported, where it stands in the file, and why."""

    line: int
    why: str
    id: str | None = None


def name_of(value: object, what: str) -> str:
    """Return an id as text, so that 7 and "7" are the same.

    :param what: the member's name, for the message.
    :raises NotAComment: it is neither text nor a whole number, empty, or too long.
    """
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, str | int) or value == "":
        raise NotAComment(_("its %(what)s is neither text nor a number", what=what))
    return clean(str(value), what, LONGEST_ID)


def author_of(value: object) -> str | None:
    """Return an author's name as it stands, nothing for one who is deleted.

    :raises NotAComment: it is no text, or cannot be kept whole.
    """
    if value is None:
        return None
    if not isinstance(value, str):
        raise NotAComment(_("its author is no text"))
    return clean(value, "author", LONGEST_NAME) if value.strip() else None


def text_of(value: object) -> str:
    """Return a comment's words as they stand.

    :raises NotAComment: there are none, or they cannot be kept whole.
    """
    if not isinstance(value, str):
        raise NotAComment(_("it has no text"))
    return clean(value, "text", LONGEST_IMPORTED)


def score_of(value: object) -> int:
    """Return a score, 0 where none was given.

    :raises NotAComment: it is no whole number.
    """
    if value is None:
        return 0
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > LARGEST_SCORE:
        raise NotAComment(_("its score is no whole number"))
    return value


def moment_of(value: object) -> datetime:
    """Return when a comment was written; a time without a zone is UTC.

    :param value: ISO 8601, or seconds since 1970 as a number or as digits.
    :raises NotAComment: it is neither, or beyond the years 1 to 9999.
    """
    if value is None:
        raise NotAComment(_("it has no date"))
    if isinstance(value, str) and _EPOCH.fullmatch(value):
        value = float(value)
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value, UTC)
        if isinstance(value, str):
            read = datetime.fromisoformat(value.strip())
            return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        pass
    raise NotAComment(
        _("its date cannot be read: %(date)s", date=rendering.plain_excerpt(repr(value), 60))
    )


def clean(text: str, what: str, longest: int) -> str:
    """Return a text that can be kept whole, unchanged.

    :param what: the member's name, for the message.
    :param longest: characters at most.
    :raises NotAComment: it is longer, or holds a character that cannot be shown.
    """
    if len(text) > longest:
        raise NotAComment(
            _(
                "its %(what)s has %(length)s characters, and %(longest)s fit",
                what=what,
                length=f"{len(text):,}",
                longest=f"{longest:,}",
            )
        )
    try:
        rendering.check_text(text, longest)
    except Invalid as refusal:
        why = refusal.message.rstrip(".")
        raise NotAComment(_("its %(what)s: %(why)s", what=what, why=why)) from None
    return text
