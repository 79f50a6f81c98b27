"""The rules by which a comment waits for a moderator, for the site or for one letter."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from discuss.base import clock
from discuss.base.db import UTC, Base, enum_text

LONGEST_LIST = 5_000  # characters of words, hosts or patterns in one rule
MOST_RULES = 200  # switched on at once: each is looked at for every comment


class Kind(StrEnum):
    """What a rule looks at."""

    FIRST = "first"
    LINKS = "links"
    HOSTS = "hosts"
    WORDS = "words"
    PATTERNS = "patterns"
    PACE = "pace"
    REPEATED = "repeated"
    YOUNG = "young"
    OLD_LETTER = "old_letter"
    REPORTS = "reports"


class Rule(Base):
    """One rule; switched off it is kept, for the log names it."""

    __tablename__ = "screening_rules"

    id: Mapped[int] = mapped_column(primary_key=True)
    letter_id: Mapped[int | None] = mapped_column(ForeignKey("letters.id"), index=True)
    """Whose thread it is for; none means every letter's."""
    kind: Mapped[Kind] = mapped_column(enum_text(Kind))
    number: Mapped[int | None]
    """How many comments, links, days, per cent or people; each kind says of what."""
    minutes: Mapped[int | None]
    """Within how long."""
    words: Mapped[str] = mapped_column(Text, default="")
    """Words, hosts or patterns, one on a line."""
    trusted_after: Mapped[int | None]
    """Accounts with so many comments that stand, and none removed lately, are spared."""
    is_on: Mapped[bool] = mapped_column(default=True)
    made_at: Mapped[datetime] = mapped_column(UTC, default=clock.now)
