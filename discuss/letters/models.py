"""Letters: what was written, by whom, to whom, and who may comment on it."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from discuss.base import clock
from discuss.base.db import UTC, Base, enum_text
from discuss.letters.parsing.parsed import Precision

PRINTED = "printed"  # columns that only a letter printed whole needs; posting does not read them
_WHEN_PRINTED: Any = {"deferred": True, "deferred_group": PRINTED}


class State(StrEnum):
    """Whether readers can see a letter."""

    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Policy(StrEnum):
    """Who may comment on a letter, and when their words show."""

    SITE = "site"
    AFTER = "after"
    FIRST = "first"
    BEFORE = "before"
    LOCKED = "locked"


class Letter(Base):
    """A signed piece of writing addressed to people, and the clock of its thread."""

    __tablename__ = "letters"
    __table_args__ = (
        CheckConstraint("clock >= 0 AND comment_count >= 0", name="counts_are_natural"),
        Index("letters_by_publication", "state", "sent_on", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(100), unique=True)
    headline: Mapped[str] = mapped_column(String(300))
    author: Mapped[str] = mapped_column(String(120))
    role: Mapped[str] = mapped_column(String(200), default="")
    addressee: Mapped[str] = mapped_column(String(200), default="")
    sent_on: Mapped[date | None]
    precision: Mapped[Precision | None] = mapped_column(enum_text(Precision))
    introduction: Mapped[list[str]] = mapped_column(JSON, default=list, **_WHEN_PRINTED)
    closing: Mapped[str] = mapped_column(String(300), default="", **_WHEN_PRINTED)
    signed_name: Mapped[str] = mapped_column(String(200), default="", **_WHEN_PRINTED)
    signed_role: Mapped[str] = mapped_column(String(200), default="", **_WHEN_PRINTED)
    postscript: Mapped[list[str]] = mapped_column(JSON, default=list, **_WHEN_PRINTED)
    image_caption: Mapped[str] = mapped_column(String(300), default="", **_WHEN_PRINTED)
    language: Mapped[str] = mapped_column(String(35), default="en-GB")
    source: Mapped[str] = mapped_column(String(500), default="", **_WHEN_PRINTED)
    set_aside: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list, **_WHEN_PRINTED)
    state: Mapped[State] = mapped_column(enum_text(State), default=State.DRAFT)
    policy: Mapped[Policy] = mapped_column(enum_text(Policy), default=Policy.SITE)
    locked_at: Mapped[datetime | None] = mapped_column(UTC)
    closes_at: Mapped[datetime | None] = mapped_column(UTC)
    created_at: Mapped[datetime] = mapped_column(UTC, default=clock.now)
    published_at: Mapped[datetime | None] = mapped_column(UTC)
    clock: Mapped[int] = mapped_column(default=0)
    comment_count: Mapped[int] = mapped_column(default=0)
    pace: Mapped[int] = mapped_column(default=0, server_default="0")
    """Seconds from one comment of an account to its next in slow mode, 0 without."""
    pace_grows: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    grown_pace: Mapped[int] = mapped_column(default=0, server_default="0")
    """What reports have made of the pace, until `grown_until`."""
    grown_until: Mapped[datetime | None] = mapped_column(UTC)
    due: Mapped[datetime | None] = mapped_column(UTC)
    paragraphs: Mapped[list["Paragraph"]] = relationship(
        order_by="Paragraph.position", cascade="all, delete-orphan"
    )
    tags: Mapped[list["Tag"]] = relationship(order_by="Tag.position", cascade="all, delete-orphan")


class Paragraph(Base):
    """One paragraph of a letter; its number is its name for ever, its position may change."""

    __tablename__ = "paragraphs"

    letter_id: Mapped[int] = mapped_column(ForeignKey("letters.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    position: Mapped[int]
    text: Mapped[str]
    lost_links: Mapped[list[str]] = mapped_column(JSON, default=list)


class Tag(Base):
    """A subject that a letter is listed under; `in_text` is one that its own words carry."""

    __tablename__ = "letter_tags"
    __table_args__ = (Index("letter_tags_by_key", "key", "letter_id"),)

    letter_id: Mapped[int] = mapped_column(ForeignKey("letters.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    label: Mapped[str] = mapped_column(String(80))
    position: Mapped[int]
    in_text: Mapped[bool] = mapped_column(default=False)
