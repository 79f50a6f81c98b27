"""What people may ask of moderators: another look at a decision, an answer to a legal notice."""

from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from discuss.base import clock
from discuss.base.db import UTC, Base

LONGEST_WORDS = 2_000  # characters of an appeal or a notice: a page, which is read before all else
LONGEST_NAME = 120
LONGEST_EMAIL = 254  # RFC 5321, 4.5.3.1.3, without the brackets


class Appeal(Base):
    """Somebody's wish that another moderator looks at a removal or a ban; one for each."""

    __tablename__ = "appeals"
    __table_args__ = (Index("appeals_by_answer", "answer_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decisions.id"), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    words: Mapped[str] = mapped_column(String(LONGEST_WORDS))
    at: Mapped[datetime] = mapped_column(UTC, default=clock.now)
    answer_id: Mapped[int | None] = mapped_column(ForeignKey("decisions.id"))


class Notice(Base):
    """A notice of illegal content (EU Digital Services Act, article 16)."""

    __tablename__ = "notices"
    __table_args__ = (
        ForeignKeyConstraint(["letter_id", "number"], ["comments.letter_id", "comments.number"]),
        Index("notices_by_answer", "answer_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    """Of the reference, by which whoever sent it finds the answer."""
    letter_id: Mapped[int]
    number: Mapped[int]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    explanation: Mapped[str] = mapped_column(String(LONGEST_WORDS))
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    email: Mapped[str] = mapped_column(String(LONGEST_EMAIL))
    at: Mapped[datetime] = mapped_column(UTC, default=clock.now)
    answer_id: Mapped[int | None] = mapped_column(ForeignKey("decisions.id"))
