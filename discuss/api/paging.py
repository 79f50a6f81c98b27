"""What the address of a call asks for: which part of a list, from where, how much of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from discuss.api.problems import BadField
from discuss.base.db import LARGEST_NUMBER
from discuss.base.errors import NotFound
from discuss.comments.walk import Cursor, Sort

MOST_AT_ONCE = 100  # rows of any list
USUAL = 100

Arguments = Mapping[str, str]

_SORTS = {order.value[0]: order.value for order in Sort}  # by the letter that a cursor begins with


@dataclass(frozen=True)
class Changed:
    """A place in the list of changes: the comment that it follows, and when that changed."""

    changed: int
    number: int

    def __str__(self) -> str:
        return f"c{self.changed}.{self.number}"


@dataclass(frozen=True)
class LetterPlace:
    """A place in the list of letters: the letter that it follows, and when that was sent."""

    sent_on: date | None
    id: int

    def __str__(self) -> str:
        return f"{self.sent_on or ''}.{self.id}"


def whole_number(arguments: Arguments, name: str, usual: int, *, least: int, most: int) -> int:
    """Return a parameter that is a whole number; one that is empty counts as left out.

    :raises BadField: it is none, or out of bounds.
    """
    word = arguments.get(name) or str(usual)
    if not re.fullmatch(r"[0-9]{1,10}", word, re.ASCII) or not least <= int(word) <= most:
        raise BadField(
            _(
                "“%(name)s” must be a whole number from %(least)s to %(most)s.",
                name=name,
                least=least,
                most=most,
            ),
            name,
        )
    return int(word)


def limit(arguments: Arguments) -> int:
    """Return how many rows are wanted, 1 to 100.

    :raises BadField: another number, or none.
    """
    return whole_number(arguments, "limit", USUAL, least=1, most=MOST_AT_ONCE)


def number(arguments: Arguments, name: str) -> int:
    """Return a parameter that is a comment's number or a clock, 0 when left out.

    :raises BadField: it can be neither.
    """
    return whole_number(arguments, name, 0, least=0, most=LARGEST_NUMBER)


def sort(arguments: Arguments) -> Sort:
    """Return the order asked for; a cursor given without one tells its own.

    :raises BadField: there is no such order.
    """
    word = arguments.get("sort") or _SORTS.get(arguments.get("after", "")[:1])
    try:
        return Sort(word or Sort.BEST)
    except ValueError:
        raise BadField(
            _("“sort” must be one of: %(names)s.", names=", ".join(Sort)), "sort"
        ) from None


def cursor(arguments: Arguments, order: Sort) -> Cursor | None:
    """Return where a page of replies begins.

    :raises BadField: it is no cursor of this order.
    """
    try:
        return Cursor.parse(order, arguments.get("after"))
    except NotFound:
        raise bad_cursor() from None


def changed(arguments: Arguments) -> Changed | None:
    """Return where a page of changes begins.

    :raises BadField: it is no cursor of such a list.
    """
    word = arguments.get("after")
    if not word:
        return None
    found = re.fullmatch(r"c([0-9]{1,10})\.([0-9]{1,10})", word, re.ASCII)
    if found is None or max(int(found[1]), int(found[2])) > LARGEST_NUMBER:
        raise bad_cursor()
    return Changed(int(found[1]), int(found[2]))


def letter_place(arguments: Arguments) -> LetterPlace | None:
    """Return where a page of letters begins.

    :raises BadField: it is no cursor of such a list.
    """
    word = arguments.get("after")
    if not word:
        return None
    found = re.fullmatch(r"([0-9]{4}-[0-9]{2}-[0-9]{2})?\.([0-9]{1,10})", word, re.ASCII)
    if found is None or int(found[2]) > LARGEST_NUMBER:
        raise bad_cursor()
    try:
        return LetterPlace(date.fromisoformat(found[1]) if found[1] else None, int(found[2]))
    except ValueError:
        raise bad_cursor() from None


def bad_cursor() -> BadField:
    """Return the refusal of an `after` that no answer gave for this list."""
    return BadField(
        _("“after” must be the “next” or “more” of an answer in the same order."), "after"
    )
