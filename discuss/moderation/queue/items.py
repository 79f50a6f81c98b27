"""The items of the queue: what each is called, and all that is shown of it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Self

import sqlalchemy as sa

from discuss.accounts.models import Account
from discuss.base.db import LARGEST_NUMBER, session
from discuss.base.errors import NotFound
from discuss.comments.models import HeldComment
from discuss.moderation import queries, scope
from discuss.moderation.models import Report
from discuss.moderation.queue import claims, opinions
from discuss.moderation.queue.opinions import Opinion
from discuss.moderation.records import AuthorRecord, records


class Name(NamedTuple):
    """What an item is called in forms, addresses and claims: `held-7`, or `comment-3-17`."""

    held_id: int = 0
    letter_id: int = 0
    number: int = 0

    def __str__(self) -> str:
        """Write it down."""
        if self.held_id:
            return f"held-{self.held_id}"
        return f"comment-{self.letter_id}-{self.number}"

    @property
    def key(self) -> tuple[int, int]:
        """The letter and the number of a comment that is in its thread."""
        return self.letter_id, self.number

    @classmethod
    def read(cls, written: str) -> Self:
        """Return the name that a form holds.

        :raises NotFound: nothing can be called so.
        """
        kind, *parts = written.split("-")
        if not all(part.isascii() and part.isdigit() and len(part) < 11 for part in parts):
            raise NotFound
        numbers = [int(part) for part in parts]
        if not all(0 < number <= LARGEST_NUMBER for number in numbers):
            raise NotFound
        match kind, numbers:
            case "held", [held_id]:
                return cls(held_id=held_id)
            case "comment", [letter_id, number]:
                return cls(letter_id=letter_id, number=number)
        raise NotFound


def refuse_beyond(names: Iterable[Name], moderator: Account) -> None:
    """Refuse comments under letters that a moderator may not know of.

    A held one beyond them is as one that its author has taken back: not there, and no refusal.

    :raises NotFound: one is of a letter that they don't moderate.
    """
    for name in names:
        if not name.held_id:
            scope.refuse_beyond(moderator, name.letter_id)


def known(names: Iterable[Name], moderator: Account) -> list[Name]:
    """Return those that a moderator may know of."""
    names = list(names)
    if moderator.moderates_site:
        return names
    own = scope.within(moderator, HeldComment.letter_id)
    ids = [name.held_id for name in names if name.held_id]
    held = set(session.scalars(sa.select(HeldComment.id).where(HeldComment.id.in_(ids), own)))
    return [
        name
        for name in names
        if name.held_id in held or (name.number and scope.moderates(moderator, name.letter_id))
    ]


@dataclass
class Item:
    """A comment with its context, who reported it, its author, and who is looking at it."""

    name: Name
    row: Any
    reports: list[Any] = field(default_factory=list)
    author: AuthorRecord | None = None
    looking: list[str] = field(default_factory=list)
    opinions: list[Opinion] = field(default_factory=list)
    """What programs think of it."""

    @property
    def is_held(self) -> bool:
        """It waits, and is not in its thread yet."""
        return bool(self.name.held_id)


def load(names: Iterable[Name], viewer: Account) -> list[Item]:
    """Return items in the order of their names, in as many statements as for one.

    :param names: those that are no more, or beyond the viewer's letters, are left out.
    :param viewer: whose own claims need no mention.
    """
    names = list(names)
    rows = _held(names) | _in_threads(names)
    own = scope.letters_of(viewer)
    found = [
        Item(name, rows[name])
        for name in names
        if name in rows and (own is None or rows[name].letter_id in own)
    ]
    reports = _reports([item.name.key for item in found if not item.is_held])
    authors = records({item.row.account_id for item in found if item.row.account_id})
    looking = claims.of_others((str(item.name) for item in found), viewer)
    thought = opinions.about(
        [item.name.held_id for item in found if item.is_held],
        [item.name.key for item in found if not item.is_held],
    )
    for item in found:
        item.reports = reports.get(item.name.key, [])
        item.author = authors.get(item.row.account_id)
        item.looking = looking.get(str(item.name), [])
        item.opinions = thought.get(item.name.held_id or item.name.key, [])
    return found


def _held(names: list[Name]) -> dict[Name, Any]:
    ids = [name.held_id for name in names if name.held_id]
    if not ids:
        return {}
    wanted = queries.with_context(HeldComment, HeldComment.id, HeldComment.reason)
    rows = session.execute(wanted.where(HeldComment.id.in_(ids), HeldComment.refused_at.is_(None)))
    return {Name(held_id=row.id): row for row in rows}


def _in_threads(names: list[Name]) -> dict[Name, Any]:
    keys = [name.key for name in names if not name.held_id]
    if not keys:
        return {}
    return {
        Name(letter_id=letter_id, number=number): row
        for (letter_id, number), row in queries.comments_at(keys).items()
    }


def _reports(keys: list[tuple[int, int]]) -> dict[tuple[int, int], list[Any]]:
    found: dict[tuple[int, int], list[Any]] = {key: [] for key in keys}
    if not keys:
        return found
    for row in session.execute(
        sa.select(Report.letter_id, Report.number, Report.reason, Report.note, Account.name)
        .join(Account, Account.id == Report.account_id)
        .where(queries.at(Report, keys), Report.decision_id.is_(None))
        .order_by(Report.id)
    ):
        found[row.letter_id, row.number].append(row)
    return found
