"""From a file's items to comments of a letter, batch by batch.

A batch is a transaction: an import that is cut off anywhere has imported whole batches, and the
next run goes on from there. A comment's id in its file names it for ever, so nothing comes twice.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from flask_babel import gettext as _

from discuss.base import rendering
from discuss.base.db import session
from discuss.comments.models import State
from discuss.letters.models import Letter
from discuss.transfer import actions, queries
from discuss.transfer.actions import Arrival
from discuss.transfer.items import Item, Skipped
from discuss.transfer.queries import Known

BATCH = 500  # comments; writing them holds the letter's lock for some hundredths of a second


@dataclass
class Plan:
    """What is to become of a batch: the comments to add with their parents, and the rest."""

    new: list[tuple[Item, int | str]] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    known: int = 0


@dataclass
class Import:
    """One run over one file into one letter's thread, and what has come of it so far."""

    letter: Letter
    format: str
    is_dry: bool = False
    added: int = 0
    known: int = 0
    skipped: int = 0
    # The lines of ids that were skipped, so that their replies can be told why they are too.
    _lost: dict[str, int] = field(default_factory=dict)
    _would_add: dict[str, Known] = field(default_factory=dict)
    _given: list[range] = field(default_factory=list)
    """The numbers that this run has given, a range for each batch."""

    def run(self, things: Iterable[Item | Skipped]) -> Iterator[list[Skipped]]:
        """Import a file, and say after each batch what of it was left out, and why.

        :param things: what a reader made of the file.
        """
        things = iter(things)
        while batch := list(islice(things, BATCH)):
            skipped = [thing for thing in batch if isinstance(thing, Skipped)]
            self._lose(skipped)
            plan = self._take([thing for thing in batch if isinstance(thing, Item)])
            skipped += plan.skipped
            self.added += len(plan.new)
            self.known += plan.known
            self.skipped += len(skipped)
            yield sorted(skipped, key=lambda thing: thing.line)

    def _take(self, items: list[Item]) -> Plan:
        """Import what is new in a batch."""
        plan = self._plan(items)
        if self.is_dry:
            for item, _parent in plan.new:
                self._would_add[self._name(item.id)] = Known(0, item.created, State.VISIBLE)
            self._given = [range(1)]  # number 0, which no comment has, stands for all of them
        elif plan.new:
            html = {item.id: _html(item) for item, _parent in plan.new}  # slow, so before the lock
            actions.lock(self.letter)
            plan = self._plan(items)  # what another import did meanwhile counts
            arrivals = [self._arrival(*new, html) for new in plan.new]
            self._given.append(actions.join(self.letter, arrivals))
            session.commit()
        self._lose(plan.skipped)
        return plan

    def _plan(self, items: list[Item]) -> Plan:
        """Say what is to become of each item, from what the thread has."""
        plan = Plan()
        known = self._look_up(items)
        coming: set[str] = set()
        lost: dict[str, int] = {}
        for item in items:
            name = self._name(item.id)
            parent = self._parent(item, known, coming)
            if name in coming or (name in known and self._is_another(item, known[name])):
                why = _("another comment has its id")
            elif name in known:
                plan.known += 1
                continue
            elif parent is None:
                why = self._why_no_parent(item, known, lost)
            else:
                plan.new.append((item, parent))
                coming.add(name)
                continue
            plan.skipped.append(Skipped(item.line, why, item.id))
            lost.setdefault(item.id, item.line)
        return plan

    def _parent(self, item: Item, known: dict[str, Known], coming: set[str]) -> int | str | None:
        """Return the number of what an item answers, or its name while it has none."""
        if item.parent_id is None:
            return 0
        name = self._name(item.parent_id)
        if name in known:
            return known[name].number if known[name].state is not State.DELETED else None
        return name if name in coming else None

    def _is_another(self, item: Item, known: Known) -> bool:
        """Whether a comment under an item's id is none that an earlier run made of it."""
        is_of_this_run = any(known.number in given for given in self._given)
        return is_of_this_run or known.posted_at != item.created

    def _why_no_parent(self, item: Item, known: dict[str, Known], lost: dict[str, int]) -> str:
        parent = item.parent_id or ""
        if self._name(parent) in known:
            return _("the comment it answers, %(id)s, was deleted here", id=repr(parent))
        if (line := lost.get(parent) or self._lost.get(parent)) is not None:
            return _("the comment it answers was skipped in line %(line)s", line=line)
        return _("no line before it has the id of the comment it answers, %(id)s", id=repr(parent))

    def _look_up(self, items: list[Item]) -> dict[str, Known]:
        names = {self._name(item.id) for item in items}
        names |= {self._name(item.parent_id) for item in items if item.parent_id is not None}
        known = queries.imported(self.letter.id, names)
        return known | {name: self._would_add[name] for name in names & self._would_add.keys()}

    def _arrival(self, item: Item, parent: int | str, html: dict[str, str]) -> Arrival:
        return Arrival(
            source_id=self._name(item.id),
            parent=parent,
            author_name=item.author,
            posted_at=item.created,
            source=item.text,
            html=html.get(item.id) or _html(item),
            score=item.score,
        )

    def _name(self, id_: str) -> str:
        """Return the name that a comment keeps here: ids of two formats may be the same."""
        return f"{self.format}:{id_}"

    def _lose(self, skipped: list[Skipped]) -> None:
        self._lost |= {thing.id: thing.line for thing in skipped if thing.id is not None}


def _html(item: Item) -> str:
    return str(rendering.comment_html(item.text))
