"""An archive's letters, people and threads among those of this site, whose own stay as they are.

A letter is known by its address, a person by an identity, a comment by its number in its letter.
What is here already is not added again, so a second run changes nothing. Into an empty site
everything comes as it was, ids and clocks too; else ids are given anew.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from discuss.base import sanitising
from discuss.base.cli import progress
from discuss.base.db import Base
from discuss.moderation import chain
from discuss.transfer import files, here, tables
from discuss.transfer.archive import Reader, Section
from discuss.transfer.connections import writing_alone
from discuss.transfer.ids import Ids
from discuss.transfer.opening import brought_up
from discuss.transfer.tables import Row

Way = Callable[[list[Row]], list[Row]]
"""Of a batch of the archive's rows, makes those that are to be added."""

# What an archive has, in its order: what is pointed to comes first, but identities before
# accounts, for by them it shows whether an account is here.
PORTABLE = (
    "identities",
    "accounts",
    "letters",
    "paragraphs",
    "letter_tags",
    "moderated_letters",
    "comments",
    "votes",
    "earlier_texts",
    "sealed_words",
    "branch_locks",
    "held_comments",
    "screening_rules",
    "house_rules",
    "decisions",
    "decision_changes",
    "reports",
    "redactions",
    "appeals",
    "notices",
    "bans",
    "leavings",
    "mutes",
)


@dataclass(frozen=True)
class Left:
    """A comment that was not added, and why."""

    slug: str
    number: int
    why: str


def portable() -> list[sa.Table]:
    """Return the tables of an archive: no sign-ins, tokens, jobs, drafts or site's clocks."""
    return [Base.metadata.tables[name] for name in PORTABLE]


def merge(path: Path, *, is_dry: bool = False) -> "Merge":
    """Add what a verified archive has and this site has not, all or nothing.

    :param is_dry: only find out what that would be.
    """
    with files.reading(path) as file, progress("Importing", path.stat().st_size) as watch:
        reader = Reader(file)
        with brought_up(reader, portable(), watch) as sections, writing_alone() as connection:
            work = Merge(connection)
            work.take(sections)
            if is_dry:
                connection.rollback()
    return work


class Merge:
    """One run of one archive, and what has come of it so far."""

    def __init__(self, connection: sa.Connection) -> None:
        self.added: Counter[str] = Counter()
        self.known = 0
        self.left: list[Left] = []
        self._connection = connection
        self._ids = Ids(connection)
        self._identities: dict[int, list[Row]] = {}
        self._new_accounts: set[int] = set()
        self._new_texts: set[int] = set()
        self._new_decisions: set[int] = set()
        self._slugs: dict[int, str] = {}
        self._floors: dict[int, int] = {}
        """By letter, the number up to which its thread is this site's own; -1 for a new letter."""
        self._lost: set[tuple[int, int]] = set()
        self._lines: dict[int, int] = {}
        """By decision, its line in the record of the site that it comes from."""

    def take(self, sections: Iterable[Section]) -> None:
        """Add what is not here."""
        ways: dict[str, Way] = {
            "paragraphs": self._texts,
            "letter_tags": self._texts,
            "identities": self._identified,
            "accounts": self._accounts,
            "letters": self._letters,
            "comments": self._comments,
            "held_comments": self._held,
            "screening_rules": self._rules,
            "house_rules": self._house_rules,
            "decisions": self._decisions,
            "decision_changes": self._changes,
            "appeals": self._appeals,
            "notices": self._notices,
            "bans": self._bans,
            "moderated_letters": self._bans,
            "mutes": self._mutes,
            "leavings": self._leavings,
        }
        last_ids: dict[sa.Table, int | None] = {}
        for section in sections:
            table = Base.metadata.tables[section.table]
            way = ways.get(section.table, self._of_comments)
            for batch in tables.batches(table, section):
                self._add(table, way(batch))
            last_ids[table] = section.last_id
        self._chain()
        for table, last_id in last_ids.items():
            self._ids.give_none_twice(table, last_id)
        here.make_pages_stale(self._connection)

    def _add(self, table: sa.Table, rows: list[Row]) -> None:
        for row in rows:
            if "html" in row:  # it may have passed through other hands
                row["html"] = sanitising.seal(row["html"])
        tables.insert(self._connection, table, rows)
        before = self.added[table.name]
        self.added[table.name] += sum(row.get("number") != 0 for row in rows)  # row 0 is none
        if self.added[table.name].bit_length() > before.bit_length():
            tables.plan_anew(self._connection, table)

    def _identified(self, batch: list[Row]) -> list[Row]:
        """Keep identities until their accounts come."""
        for row in batch:
            del row["id"]
            self._identities.setdefault(row["account_id"], []).append(row)
        return []

    def _accounts(self, batch: list[Row]) -> list[Row]:
        """Add people whom nobody here is, and their identities."""
        identities = [one for row in batch for one in self._identities.get(row["id"], ())]
        by_proof = here.accounts_by_identity(self._connection, identities)
        by_birth = here.accounts_by_birth(self._connection, batch)
        taken, new = set(self._ids.of("accounts").values()), []
        for row in batch:
            own = self._identities.get(row["id"], [])
            proven = (by_proof.get(here.proof(one)) for one in own)
            found = next((id_ for id_ in proven if id_), None) or by_birth.get(row["created_at"])
            if found and found not in taken:
                self._ids.of("accounts")[row["id"]] = found
                taken.add(found)
            else:
                new.append(row)
        self._ids.give("accounts", new)
        self._new_accounts.update(row["id"] for row in new)
        tables.insert(self._connection, Base.metadata.tables["accounts"], new)
        self.added["accounts"] += len(new)
        theirs = [one for one in identities if here.proof(one) not in by_proof]
        self._add(
            Base.metadata.tables["identities"],
            [one for one in self._ids.pointing(theirs) if one["account_id"] in self._new_accounts],
        )
        return []

    def _letters(self, batch: list[Row]) -> list[Row]:
        """Add letters; one that is here and has no thread becomes as the archive has it."""
        found = here.letters(self._connection, [row["slug"] for row in batch])
        new = []
        for row in batch:
            if (one := found.get(row["slug"])) is None:
                new.append(row)
                continue
            self._ids.of("letters")[row["id"]] = one.id
            self._floors[one.id] = one.clock if one.has_thread else 0
            if one.has_thread:
                self._slugs[one.id] = row["slug"]
                here.raise_clock(self._connection, one.id, row["clock"])
            else:
                row |= {"id": one.id, "clock": max(one.clock + 1, row["clock"])}
                here.replace_letter(self._connection, row)
                self._new_texts.add(one.id)
        self._ids.give("letters", new)
        self._floors |= dict.fromkeys((row["id"] for row in new), -1)
        self._new_texts.update(row["id"] for row in new)
        return new

    def _texts(self, batch: list[Row]) -> list[Row]:
        return [row for row in self._ids.pointing(batch) if row["letter_id"] in self._new_texts]

    def _comments(self, batch: list[Row]) -> list[Row]:
        """Add comments whose numbers this site has not given."""
        batch = list(self._ids.pointing(batch))
        own = here.comments(
            self._connection, [row for row in batch if self._floors[row["letter_id"]] > 0]
        )
        new = []
        for row in batch:
            letter_id, number = row["letter_id"], row["number"]
            floor = self._floors[letter_id]
            if number > floor and (why := self._why_not(row, floor, own)):
                self._lose(row, why)
            elif number > floor:
                new.append(row)
            elif number == floor == 0:
                here.replace_row_0(self._connection, row)
            elif number == 0:
                continue
            elif own.at.get((letter_id, number)) == row["posted_at"]:
                self.known += 1
            else:
                self._lose(row, "its number stands for something else here")
        grown = [row for row in new if self._floors[row["letter_id"]] > 0]
        here.count_in(self._connection, grown, self._floors)
        return new

    def _why_not(self, row: Row, floor: int, own: here.Comments) -> str | None:
        above = (row["letter_id"], row["parent"])
        if above in self._lost or (0 < (row["parent"] or 0) <= floor and above not in own.at):
            return "the comment it answers was left out"
        if above in own.deleted:
            return "the comment it answers was deleted here"
        if (row["letter_id"], row["source_id"]) in own.source_ids:
            return "it was imported here from elsewhere"
        return None

    def _lose(self, row: Row, why: str) -> None:
        self._lost.add((row["letter_id"], row["number"]))
        self.left.append(Left(self._slugs[row["letter_id"]], row["number"], why))

    def _of_comments(self, batch: list[Row]) -> list[Row]:
        """Add what belongs to comments that were added."""
        new = [row for row in self._ids.pointing(batch) if self._is_new(row)]
        if new and "id" in new[0]:
            self._ids.give("reports", new)
        return new

    def _is_new(self, row: Row) -> bool:
        place = (row["letter_id"], row["number"])
        return row["number"] > self._floors[row["letter_id"]] and place not in self._lost

    def _held(self, batch: list[Row]) -> list[Row]:
        found = here.held(self._connection, rows := list(self._ids.pointing(batch)))
        new = []
        for row in rows:
            key = (row["letter_id"], row["account_id"], row["posted_at"])
            if key in found:
                self._ids.of("held_comments")[row["id"]] = found[key]
            elif (row["letter_id"], row["parent"]) not in self._lost:
                new.append(row)
        self._ids.give("held_comments", new)
        return new

    def _rules(self, batch: list[Row]) -> list[Row]:
        """Add the rules that hold comments, known by the microsecond at which they were made."""
        found = here.rules_by_birth(self._connection, batch)
        new = []
        for row in self._ids.pointing(batch):
            if known := found.get(row["made_at"]):
                self._ids.of("screening_rules")[row["id"]] = known
            else:
                new.append(row)
        self._ids.give("screening_rules", new)
        return new

    def _house_rules(self, batch: list[Row]) -> list[Row]:
        """Add the house rules to a site whose publisher has written none."""
        return [] if here.has_house_rules(self._connection) else batch

    def _changes(self, batch: list[Row]) -> list[Row]:
        rows = self._ids.pointing(batch)
        return [row for row in rows if row["decision_id"] in self._new_decisions]

    def _decisions(self, batch: list[Row]) -> list[Row]:
        """Add lines of the log, but none about what was left out."""
        rows = list(self._ids.pointing(batch))
        found = here.decisions(self._connection, rows)
        new = []
        for row in rows:
            if known := found.get((row["at"], row["actor_id"])):
                self._ids.of("decisions")[row["id"]] = known
            elif (row["letter_id"], row["number"]) not in self._lost:
                new.append(row)
        self._ids.give("decisions", new)
        self._new_decisions.update(row["id"] for row in new)
        for row in new:
            for pointer in ("undoes_id", "concerns_id"):
                row[pointer] = self._ids.of("decisions").get(row[pointer])
            self._lines[row["id"]] = row["line"]
            row["line"] = row["previous"] = row["hash"] = None  # given by the chain of this site
            row["about"] = self._ids.about(row["about"])
        return new

    def _appeals(self, batch: list[Row]) -> list[Row]:
        """Add appeals against decisions that were added."""
        new = [row for row in self._ids.pointing(batch) if row["decision_id"] in self._lines]
        self._ids.give("appeals", new)
        return new

    def _notices(self, batch: list[Row]) -> list[Row]:
        """Add notices about comments that were added."""
        new = [row for row in self._ids.pointing(batch) if self._is_new(row)]
        self._ids.give("notices", new)
        return new

    def _chain(self) -> None:
        """Let the decisions that came follow those of this site in its public record."""
        if self._lines:
            with Session(self._connection) as here:
                chain.chain_all(here, self._lines)

    def _bans(self, batch: list[Row]) -> list[Row]:
        return [row for row in self._ids.pointing(batch) if row["account_id"] in self._new_accounts]

    def _mutes(self, batch: list[Row]) -> list[Row]:
        """Add whom new people mute, where those are here too."""
        muted = self._ids.of("accounts")
        return [
            row | {"muted_id": muted[row["muted_id"]]}
            for row in self._bans(batch)
            if row["muted_id"] in muted
        ]

    def _leavings(self, batch: list[Row]) -> list[Row]:
        """Add who is on the way out, and the codes of those who went."""
        done = here.done_leavings(self._connection, batch)
        new = [
            row
            for row in self._ids.pointing(batch)
            if row["account_id"] in self._new_accounts
            or (row["account_id"] is None and row["done_at"] not in done)
        ]
        self._ids.give("leavings", new)
        return new
