"""Reports, bans, and the decisions that make the log."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from discuss.base import clock
from discuss.base.db import UTC, Base, enum_text
from discuss.comments.models import Reason

LONGEST_NOTE = 500  # characters beside a reason; a sentence or two
LONGEST_NAME = 40  # characters of what a decision is about, and of an item of the queue
_IS_OPEN = "decision_id IS NULL"
_WAS_HELD = "held_id IS NOT NULL"


class Act(StrEnum):
    """What a moderator did; each has another that undoes it."""

    APPROVED = "approved"
    REFUSED = "refused"
    REMOVED = "removed"
    RESTORED = "restored"
    HELD = "held"
    DISMISSED = "dismissed"
    REOPENED = "reopened"
    BANNED = "banned"
    UNBANNED = "unbanned"
    LOCKED = "locked"
    UNLOCKED = "unlocked"


class Report(Base):
    """A reader's notice that a comment breaks the rules; one for each reader and comment."""

    __tablename__ = "reports"
    __table_args__ = (
        ForeignKeyConstraint(["letter_id", "number"], ["comments.letter_id", "comments.number"]),
        UniqueConstraint("letter_id", "number", "account_id"),
        Index("reports_by_decision", "decision_id", "at"),
        # The queue walks along what is open; a decision answers it for good.
        *(
            Index(name, *columns, sqlite_where=text(_IS_OPEN), postgresql_where=text(_IS_OPEN))
            for name, columns in {
                "reports_open": ("id",),
                "reports_open_on": ("letter_id", "id"),
            }.items()
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    letter_id: Mapped[int]
    number: Mapped[int]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    reason: Mapped[Reason] = mapped_column(enum_text(Reason))
    note: Mapped[str] = mapped_column(String(LONGEST_NOTE), default="")
    at: Mapped[datetime] = mapped_column(UTC, default=clock.now)
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("decisions.id"))


class Ban(Base):
    """This account may not comment, until a time or for good."""

    __tablename__ = "bans"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    reason: Mapped[Reason] = mapped_column(enum_text(Reason))
    note: Mapped[str] = mapped_column(String(LONGEST_NOTE), default="")
    since: Mapped[datetime] = mapped_column(UTC, default=clock.now)
    until: Mapped[datetime | None] = mapped_column(UTC)


class Claim(Base):
    """Which item of the queue a moderator is looking at, so that the others begin elsewhere."""

    __tablename__ = "claims"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    item: Mapped[str] = mapped_column(String(LONGEST_NAME))
    until: Mapped[datetime] = mapped_column(UTC)


class Decision(Base):
    """A line of the log: who, what, why, from which state to which. Never edited, never deleted."""

    __tablename__ = "decisions"
    __table_args__ = (
        Index("decisions_by_thing", "about", "id"),
        Index("decisions_by_comment", "letter_id", "number", "id"),
        Index("decisions_by_subject", "subject_id", "id"),
        Index("decisions_by_actor", "actor_id", "id"),
        Index(
            "decisions_by_held",
            "held_id",
            "id",
            sqlite_where=text(_WAS_HELD),
            postgresql_where=text(_WAS_HELD),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UTC, default=clock.now)
    actor_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    about: Mapped[str] = mapped_column(String(LONGEST_NAME))
    """What was decided on, in one word: decisions with the same one supersede each other."""
    act: Mapped[Act] = mapped_column(enum_text(Act))
    reason: Mapped[Reason | None] = mapped_column(enum_text(Reason))
    note: Mapped[str] = mapped_column(String(LONGEST_NOTE), default="")
    letter_id: Mapped[int | None] = mapped_column(ForeignKey("letters.id"))
    number: Mapped[int | None]
    held_id: Mapped[int | None]
    """The held comment; a bare number, for its row goes when it is approved."""
    subject_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    until: Mapped[datetime | None] = mapped_column(UTC)
    """When the ban ends by itself."""
    before: Mapped[str] = mapped_column(String(40))
    after: Mapped[str] = mapped_column(String(40))
    undoes_id: Mapped[int | None] = mapped_column(ForeignKey("decisions.id"), unique=True)
