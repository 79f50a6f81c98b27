"""Comments, votes, and what stands beside them: the held, the sealed, the drafts, the submissions.

How a thread is stored is told in docs/decisions/0003-threads.md.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from discuss.base import clock
from discuss.base.db import UTC, Base, enum_text

LONGEST_COMMENT = 6_000  # characters; about two printed pages, as much as one reads in a thread
LONGEST_IMPORTED = 65_536  # characters; older sites allowed more, and nothing may be cut
LONGEST_QUOTE = 280  # characters of an excerpt: enough to know a passage by
LONGEST_CONTEXT = 32  # characters kept before and after an excerpt, to find it after a revision
_IS_CITED = "passage IS NOT NULL AND state = 'visible'"
_IS_REMOVED = "state = 'removed'"
_WAITS = "refused_at IS NULL"
LONGEST_REASON = 500  # characters of why a comment waits, a line for each reason
LONGEST_KEY = 64  # characters of a submission's key


class State(StrEnum):
    """What stands at a comment's place: its words or a tombstone."""

    VISIBLE = "visible"
    REMOVED = "removed"
    DELETED = "deleted"


class Reason(StrEnum):
    """Why a comment is removed or reported; the house rules have a line for each."""

    ATTACK = "attack"
    OFF_SUBJECT = "off_subject"
    PRIVATE = "private"
    ILLEGAL = "illegal"
    SPAM = "spam"
    OTHER = "other"


class Comment(Base):
    """One remark in a letter's thread, known by its number there; 0 stands for the letter."""

    __tablename__ = "comments"
    __table_args__ = (
        ForeignKeyConstraint(["letter_id", "parent"], ["comments.letter_id", "comments.number"]),
        CheckConstraint("parent < number", name="parent_is_older"),  # no cycle can be written
        CheckConstraint("(parent IS NULL) = (number = 0)", name="only_the_letter_has_no_parent"),
        CheckConstraint("changed >= number", name="changed_since_posted"),
        UniqueConstraint("letter_id", "source_id"),
        Index("comments_by_age", "letter_id", "parent", "number"),
        Index("comments_by_score", "letter_id", "parent", "score", "number"),
        Index("comments_by_change", "letter_id", "changed"),
        Index("comments_by_author", "account_id", "posted_at"),
        Index("comments_by_time", "posted_at", "letter_id", "number"),
        Index(
            "comments_removed_of",
            "account_id",
            sqlite_where=text(_IS_REMOVED),
            postgresql_where=text(_IS_REMOVED),
        ),
        # Of a million comments few cite a passage; without it their letter's page reads all.
        Index(
            "comments_by_passage",
            "letter_id",
            "passage",
            "score",
            "number",
            sqlite_where=text(_IS_CITED),
            postgresql_where=text(_IS_CITED),
        ),
    )

    letter_id: Mapped[int] = mapped_column(ForeignKey("letters.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    parent: Mapped[int | None]
    changed: Mapped[int]
    reply_count: Mapped[int] = mapped_column(default=0)
    gone_count: Mapped[int] = mapped_column(default=0)
    """How many of its replies are deleted with nothing left under them, and so are not drawn."""
    score: Mapped[int] = mapped_column(default=0)
    base_score: Mapped[int] = mapped_column(default=0)
    """The score that an imported comment came with; votes are counted on top of it."""
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    author_name: Mapped[str | None] = mapped_column(String(200))
    source_id: Mapped[str | None] = mapped_column(String(200))
    posted_at: Mapped[datetime] = mapped_column(UTC, default=clock.now)
    edited_at: Mapped[datetime | None] = mapped_column(UTC)
    redacted_at: Mapped[datetime | None] = mapped_column(UTC)
    """When a moderator edited private information away; its author edits it no more."""
    state: Mapped[State] = mapped_column(enum_text(State), default=State.VISIBLE)
    removed_for: Mapped[Reason | None] = mapped_column(enum_text(Reason))
    source: Mapped[str]
    html: Mapped[str]
    passage: Mapped[int | None]
    quote: Mapped[str] = mapped_column(String(LONGEST_QUOTE), default="")
    quote_prefix: Mapped[str] = mapped_column(String(LONGEST_CONTEXT), default="")
    quote_suffix: Mapped[str] = mapped_column(String(LONGEST_CONTEXT), default="")


class BranchLock(Base):
    """No reply may be made to this comment, nor to anything under it."""

    __tablename__ = "branch_locks"
    __table_args__ = (
        ForeignKeyConstraint(["letter_id", "number"], ["comments.letter_id", "comments.number"]),
    )

    letter_id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    since: Mapped[datetime] = mapped_column(UTC, default=clock.now)


class Vote(Base):
    """One account's voice about one comment: 1 or -1."""

    __tablename__ = "votes"
    __table_args__ = (
        ForeignKeyConstraint(["letter_id", "number"], ["comments.letter_id", "comments.number"]),
        CheckConstraint("value IN (1, -1)", name="up_or_down"),
        Index("votes_by_voter", "account_id", "letter_id"),
    )

    letter_id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    value: Mapped[int]


class HeldComment(Base):
    """A comment that waits for a moderator; not in the thread, so no public read can show it."""

    __tablename__ = "held_comments"
    __table_args__ = (
        Index("held_comments_by_letter", "letter_id", "account_id"),
        *(
            Index(name, *columns, sqlite_where=text(_WAITS), postgresql_where=text(_WAITS))
            for name, columns in {
                "held_comments_waiting": ("posted_at", "id"),
                "held_comments_waiting_on": ("letter_id", "posted_at", "id"),
                "held_comments_waiting_of": ("account_id", "posted_at", "id"),
            }.items()
        ),
        {"sqlite_autoincrement": True},  # submissions know them by id: none may be given twice
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    letter_id: Mapped[int] = mapped_column(ForeignKey("letters.id"))
    parent: Mapped[int]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    posted_at: Mapped[datetime] = mapped_column(UTC, default=clock.now, index=True)
    source: Mapped[str]
    html: Mapped[str]
    passage: Mapped[int | None]
    quote: Mapped[str] = mapped_column(String(LONGEST_QUOTE), default="")
    quote_prefix: Mapped[str] = mapped_column(String(LONGEST_CONTEXT), default="")
    quote_suffix: Mapped[str] = mapped_column(String(LONGEST_CONTEXT), default="")
    reason: Mapped[str] = mapped_column(String(LONGEST_REASON))
    """Why it waits, a line for each reason; its author reads it."""
    refused_at: Mapped[datetime | None] = mapped_column(UTC)


class EarlierText(Base):
    """What a comment said before an edit; only moderators read it."""

    __tablename__ = "earlier_texts"
    __table_args__ = (
        ForeignKeyConstraint(["letter_id", "number"], ["comments.letter_id", "comments.number"]),
    )

    letter_id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    changed: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    source: Mapped[str]
    replaced_at: Mapped[datetime] = mapped_column(UTC, default=clock.now)


class SealedWords(Base):
    """What a removal or deletion took out of a comment's row, kept apart from every read."""

    __tablename__ = "sealed_words"
    __table_args__ = (
        ForeignKeyConstraint(["letter_id", "number"], ["comments.letter_id", "comments.number"]),
    )

    letter_id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    source: Mapped[str]
    html: Mapped[str]
    quote: Mapped[str] = mapped_column(String(LONGEST_QUOTE), default="")
    quote_prefix: Mapped[str] = mapped_column(String(LONGEST_CONTEXT), default="")
    quote_suffix: Mapped[str] = mapped_column(String(LONGEST_CONTEXT), default="")
    why: Mapped[State] = mapped_column(enum_text(State))
    until: Mapped[datetime | None] = mapped_column(UTC, index=True)


class Submission(Base):
    """One press of "Post comment", so that its repetition finds the comment it made."""

    __tablename__ = "submissions"
    __table_args__ = (
        UniqueConstraint("account_id", "letter_id", "key", "parent", "digest"),
        CheckConstraint("number IS NULL OR held_id IS NULL", name="one_outcome"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    letter_id: Mapped[int] = mapped_column(ForeignKey("letters.id"))
    key: Mapped[str] = mapped_column(String(LONGEST_KEY))
    parent: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    number: Mapped[int | None]
    held_id: Mapped[int | None]
    at: Mapped[datetime] = mapped_column(UTC, default=clock.now, index=True)


class Draft(Base):
    """Words on their way through a sign-in; the browser holds its name in a cookie for a day."""

    __tablename__ = "drafts"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    letter_id: Mapped[int] = mapped_column(ForeignKey("letters.id"))
    parent: Mapped[int]
    body: Mapped[str]
    passage: Mapped[int | None]
    quote: Mapped[str] = mapped_column(String(LONGEST_QUOTE), default="")
    quote_prefix: Mapped[str] = mapped_column(String(LONGEST_CONTEXT), default="")
    quote_suffix: Mapped[str] = mapped_column(String(LONGEST_CONTEXT), default="")
    network: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UTC, default=clock.now, index=True)
