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
_IS_ANSWERED = "decision_id IS NOT NULL"
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
    APPEAL_UPHELD = "appeal_upheld"
    APPEAL_REJECTED = "appeal_rejected"
    APPEAL_REOPENED = "appeal_reopened"
    NOTICE_UPHELD = "notice_upheld"
    NOTICE_REJECTED = "notice_rejected"
    NOTICE_REOPENED = "notice_reopened"
    HELD_BY_RULE = "held_by_rule"
    RULE_SET = "rule_set"
    PACE_SET = "pace_set"
    PACE_GROWN = "pace_grown"
    HOUSE_RULES_SET = "house_rules_set"
    REDACTED = "redacted"
    UNREDACTED = "unredacted"
    BRANCH_LOCKED = "branch_locked"
    BRANCH_UNLOCKED = "branch_unlocked"
    WARNED = "warned"
    UNWARNED = "unwarned"
    SWEPT = "swept"
    UNSWEPT = "unswept"
    GRANTED = "granted"
    ASSISTANT_SET = "assistant_set"


class Office(StrEnum):
    """As what somebody decided: the public record tells this and no name."""

    MODERATOR = "moderator"
    ADMINISTRATOR = "administrator"
    RULE = "rule"


class Report(Base):
    """A reader's notice that a comment breaks the rules; one for each reader and comment."""

    __tablename__ = "reports"
    __table_args__ = (
        ForeignKeyConstraint(["letter_id", "number"], ["comments.letter_id", "comments.number"]),
        UniqueConstraint("letter_id", "number", "account_id"),
        # The queue walks along what is open; a decision answers it for good.
        *(
            Index(name, *columns, sqlite_where=text(which), postgresql_where=text(which))
            for name, columns, which in (
                ("reports_open", ("id",), _IS_OPEN),
                ("reports_open_on", ("letter_id", "id"), _IS_OPEN),
                ("reports_answered", ("decision_id",), _IS_ANSWERED),
            )
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
        Index("decisions_by_line", "line", unique=True),
        Index("decisions_by_act", "act", "line"),
        Index("decisions_by_concern", "concerns_id", "line"),
        Index("decisions_by_time", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UTC, default=clock.now)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    """Who decided; nobody where a rule did, or the operator on the command line."""
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
    concerns_id: Mapped[int | None] = mapped_column(ForeignKey("decisions.id"))
    """The decision that somebody complained of, where this answers an appeal."""
    office: Mapped[Office] = mapped_column(
        enum_text(Office), default=Office.MODERATOR, server_default=Office.MODERATOR
    )
    line: Mapped[int | None]
    """Its place in the public record, from 1; the rest of its chain is told in `chain`."""
    salt: Mapped[str | None] = mapped_column(String(32))
    """Opens the seal; erased together with the words that it seals."""
    seal: Mapped[str | None] = mapped_column(String(64))
    previous: Mapped[str | None] = mapped_column(String(64))
    hash: Mapped[str | None] = mapped_column(String(64))
