"""What one reader has under a letter that others do not see, told by one statement.

Most readers have nothing of it, and each question apart is a round trip to PostgreSQL.
"""

from dataclasses import dataclass

import sqlalchemy as sa

from discuss.accounts.models import Account
from discuss.base import clock
from discuss.base.db import connection
from discuss.comments.queries import HAS_VOTED, HAS_WAITING, HAS_WRITTEN
from discuss.moderation.actions import IS_BANNED
from discuss.moderation.muting.actions import HAS_MUTED


@dataclass(frozen=True)
class Belongings:
    """Which of these there are, and so are worth a statement of their own."""

    is_banned: bool
    has_muted: bool
    has_voted: bool
    has_waiting: bool
    has_written: bool


_BELONGINGS = sa.select(
    IS_BANNED.label("is_banned"),
    HAS_MUTED.label("has_muted"),
    HAS_VOTED.label("has_voted"),
    HAS_WAITING.label("has_waiting"),
    HAS_WRITTEN.label("has_written"),
)


def belongings(reader: Account, letter_id: int) -> Belongings:
    """Return what a reader has under a letter."""
    asked = {"account": reader.id, "letter": letter_id, "now": clock.now()}
    return Belongings(*connection().execute(_BELONGINGS, asked).one())
