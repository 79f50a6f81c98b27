"""What of a file is in a letter's thread already."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from discuss.base.db import session
from discuss.comments.models import Comment, State


@dataclass(frozen=True)
class Known:
    """An imported comment, as much of it as an import needs."""

    number: int
    posted_at: datetime
    state: State


def imported(letter_id: int, source_ids: Collection[str]) -> dict[str, Known]:
    """Return a letter's comments that came in under these ids."""
    rows = session.execute(
        sa.select(Comment.source_id, Comment.number, Comment.posted_at, Comment.state).where(
            Comment.letter_id == letter_id, Comment.source_id.in_(source_ids)
        )
    )
    return {row.source_id or "": Known(row.number, row.posted_at, row.state) for row in rows}
