"""What moderators have decided here, with the words that they decided about."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

import sqlalchemy as sa

from discuss.base.db import session
from discuss.comments.models import Comment, HeldComment, SealedWords, State
from discuss.moderation.assistant.scoring import words_of
from discuss.moderation.models import Act, Decision
from discuss.moderation.queries import at

NEWEST = 20_000  # lines of the log that are looked at: some megabytes, and what a site is like now
BATCH = 200  # comments in memory at once
KEPT = frozenset(
    {Act.APPROVED, Act.DISMISSED, Act.RESTORED, Act.APPEAL_UPHELD, Act.NOTICE_REJECTED}
)
REMOVED = frozenset({Act.REMOVED, Act.REFUSED, Act.NOTICE_UPHELD})
OPEN = frozenset({Act.HELD, Act.REOPENED, Act.HELD_BY_RULE})
"""What leaves a comment undecided, whatever was decided before."""


@dataclass(frozen=True)
class Settled:
    """The last word on a comment."""

    id: int
    is_removed: bool
    letter_id: int
    number: int | None
    held_id: int | None

    @property
    def key(self) -> tuple[int, int]:
        """Where it is in its thread, or was."""
        return self.letter_id, self.number or 0


@dataclass(frozen=True)
class Example:
    """A decision and the different words that it was about."""

    id: int
    is_removed: bool
    words: frozenset[str]


def settled() -> list[Settled]:
    """Return the last word on each comment that the newest lines of the log are about."""
    columns = (Decision.id, Decision.act, Decision.letter_id, Decision.number, Decision.held_id)
    rows = session.execute(
        sa.select(*columns)
        .where(Decision.act.in_(KEPT | REMOVED | OPEN), Decision.letter_id.is_not(None))
        .order_by(Decision.id.desc())
        .limit(NEWEST)
    )
    seen: set[tuple[int, int | None]] = set()
    found = []
    for row in rows:
        names = {(row.letter_id, row.number)} if row.number else set()
        names |= {(0, row.held_id)} if row.held_id else set()
        if not names & seen and row.act not in OPEN:
            is_removed = row.act in REMOVED
            found.append(Settled(row.id, is_removed, row.letter_id, row.number, row.held_id))
        seen |= names
    return found


def examples(decisions: Iterable[Settled]) -> Iterator[Example]:
    """Give decisions with their words, some at a time; what was erased is left out."""
    rest = iter(decisions)
    while batch := list(islice(rest, BATCH)):
        sources = sources_of(batch)
        for one in batch:
            if (source := sources.get(one.id)) is not None:
                yield Example(one.id, one.is_removed, words_of(source))


def sources_of(decisions: list[Settled]) -> dict[int, str]:
    """Return what the comments said that decisions were about, by the decisions' ids."""
    kept = [one for one in decisions if not one.is_removed and one.number]
    gone = [one for one in decisions if one.is_removed]
    standing = _words(Comment, kept, Comment.state == State.VISIBLE)
    sealed = _words(SealedWords, gone, SealedWords.why == State.REMOVED)
    held_ids = [one.held_id for one in gone if one.held_id]
    rows = session.execute(
        sa.select(HeldComment.id, HeldComment.source).where(
            HeldComment.id.in_(held_ids), HeldComment.refused_at.is_not(None)
        )
    )
    refused = {row.id: row.source for row in rows}
    found = {one.id: standing.get(one.key) for one in kept}
    found |= {one.id: sealed.get(one.key) or refused.get(one.held_id or 0) for one in gone}
    return {decision_id: source for decision_id, source in found.items() if source}


def _words(
    table: type[Comment | SealedWords], some: list[Settled], which: sa.ColumnElement[bool]
) -> dict[tuple[int, int], str]:
    keys = [one.key for one in some if one.number]
    rows = session.execute(
        sa.select(table.letter_id, table.number, table.source).where(at(table, keys), which)
    )
    return {(row.letter_id, row.number): row.source for row in rows}
