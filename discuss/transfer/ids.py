"""The ids that an archive's rows have here: their own where none was ever given, else new ones."""

import re
from collections import defaultdict
from collections.abc import Iterator

import sqlalchemy as sa

from discuss.base.db import Base
from discuss.transfer import here, tables
from discuss.transfer.tables import Row

_POINTS_TO = {
    "account_id": "accounts",
    "actor_id": "accounts",
    "subject_id": "accounts",
    "letter_id": "letters",
    "held_id": "held_comments",
    "decision_id": "decisions",
    "answer_id": "decisions",
}
# A decision names what it is about by a word and an id, as moderation writes it.
_ABOUT_WHAT = re.compile(r"(\w+) (\d+)(.*)")
_ABOUT = {
    "comment": "letters",
    "reports": "letters",
    "lock": "letters",
    "pace": "letters",
    "ban": "accounts",
    "held": "held_comments",
    "rule": "screening_rules",
    "words": "letters",
    "branch": "letters",
    "role": "accounts",
    "warning": "accounts",
    "sweep": "accounts",
    "appeal": "appeals",
    "notice": "notices",
}


class Ids:
    """What each id of an archive is here."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._here: dict[str, dict[int, int]] = defaultdict(dict)
        self._next: dict[str, int] = {}

    def of(self, table: str) -> dict[int, int]:
        """Return a table's ids, by those that they have in the archive."""
        return self._here[table]

    def give(self, table: str, rows: list[Row]) -> None:
        """Give rows the ids that they have here."""
        for row in rows:
            row["id"] = self.one(table, row["id"])

    def one(self, table: str, theirs: int) -> int:
        """Return the id that a row of the archive has here, a new one where it had none."""
        if table not in self._next:
            self._next[table] = here.first_free_id(self._connection, Base.metadata.tables[table])
        if theirs not in self._here[table]:
            is_free = self._next[table] == 0
            self._here[table][theirs] = theirs if is_free else self._next[table]
            self._next[table] += 0 if is_free else 1
        return self._here[table][theirs]

    def pointing(self, batch: list[Row]) -> Iterator[Row]:
        """Let rows point to what they mean here; those that mean nothing here are left out."""
        for row in batch:
            for column in row.keys() & _POINTS_TO.keys():
                if row[column] is None:
                    continue
                if column == "held_id":  # a bare number: what it means may be gone
                    row[column] = self.one("held_comments", row[column])
                elif (found := self._here[_POINTS_TO[column]].get(row[column])) is None:
                    break
                else:
                    row[column] = found
            else:
                yield row

    def about(self, told: str) -> str:
        """Return a decision's `about` with the id that it means here."""

        def name(found: re.Match[str]) -> str:
            word, number, rest = found.groups()
            if word not in _ABOUT:
                return told
            return f"{word} {self.one(_ABOUT[word], int(number))}{rest}"

        return _ABOUT_WHAT.sub(name, told)

    def give_none_twice(self, table: sa.Table, last_id: int | None) -> None:
        """Let a table go on behind all that were given.

        :param last_id: the highest one that the archive's site gave.
        """
        given = self._next.get(table.name, 0)
        tables.give_no_id_twice(self._connection, table, given - 1 if given else last_id)
