"""The house rules as the publisher has written them; none until they are changed for once."""

from sqlalchemy import JSON, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from discuss.base.db import Base

LONGEST_TITLE = 120  # characters; a rule is named in a line
LONGEST_RULE = 3_000  # characters; about a printed page
MOST_RULES = 20  # nobody reads more before a comment


class HouseRule(Base):
    """One rule of the house, known by its number."""

    __tablename__ = "house_rules"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    title: Mapped[str] = mapped_column(String(LONGEST_TITLE))
    source: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    reasons: Mapped[list[str]] = mapped_column(JSON, default=list)
    """The reasons for a removal that point to it."""
