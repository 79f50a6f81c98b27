"""What the assistant may do, and what it has learned."""

from datetime import datetime
from typing import TypedDict

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from discuss.base import clock
from discuss.base.db import UTC, Base

THE_ONE = 1  # the id of the only row
LEAST_THRESHOLD, MOST_THRESHOLD = 50, 99  # per cent; below it would hold what it takes for good
USUAL_THRESHOLD = 90
LEAST_OF_A_KIND = 50  # decisions; from fewer, chance words look telling
LONGEST_WORD = 40  # characters; longer ones are addresses, and never come twice


class Measure(TypedDict):
    """How the assistant did on the held-back decisions, had this been the threshold."""

    threshold: int
    found: int
    """Of what was removed, how many it would have held."""
    wrong: int
    """Of what was kept, how many it would have held."""


class Assistant(Base):
    """What an administrator lets the assistant do; a site without the row has it off."""

    __tablename__ = "assistants"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, default=THE_ONE)
    is_on: Mapped[bool] = mapped_column(default=False)
    may_hold: Mapped[bool] = mapped_column(default=False)
    threshold: Mapped[int] = mapped_column(default=USUAL_THRESHOLD)


class Knowledge(Base):
    """When and from how much the assistant learned, and how good it was on what it had not seen."""

    __tablename__ = "assistant_knowledge"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, default=THE_ONE)
    at: Mapped[datetime] = mapped_column(UTC, default=clock.now)
    last_decision_id: Mapped[int]
    kept_count: Mapped[int]
    """Decisions learned from by which a comment was kept; held-back ones are not among them."""
    removed_count: Mapped[int]
    held_back_kept: Mapped[int]
    held_back_removed: Mapped[int]
    word_count: Mapped[int]
    kept_words: Mapped[int]
    """All counts of `Word.kept` together."""
    removed_words: Mapped[int]
    measures: Mapped[list[Measure]] = mapped_column(JSON)

    @property
    def is_enough(self) -> bool:
        """Whether it has seen enough decisions of each kind to say anything."""
        kept, removed = self.kept_in_all, self.removed_in_all
        return min(kept, removed) >= LEAST_OF_A_KIND and self.word_count > 0

    @property
    def kept_in_all(self) -> int:
        """Decisions by which a comment was kept."""
        return self.kept_count + self.held_back_kept

    @property
    def removed_in_all(self) -> int:
        """Decisions by which one was removed."""
        return self.removed_count + self.held_back_removed


class Word(Base):
    """In how many kept and in how many removed comments a word was."""

    __tablename__ = "assistant_words"

    word: Mapped[str] = mapped_column(String(LONGEST_WORD), primary_key=True)
    kept: Mapped[int]
    removed: Mapped[int]
