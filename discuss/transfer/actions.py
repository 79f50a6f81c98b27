"""Writing imported comments into a thread, many under one tick of the clock's lock.

The letter's row is taken first, here as in every package. Functions flush; the caller commits.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from discuss.base.db import session
from discuss.comments.models import Comment
from discuss.letters.models import Letter


@dataclass(frozen=True)
class Arrival:
    """A comment that is about to join a thread; `parent` is a source id, or a number."""

    source_id: str
    parent: int | str
    author_name: str | None
    posted_at: datetime
    source: str
    html: str
    score: int


def lock(letter: Letter) -> int:
    """Make the letter's row ours until the end of the transaction; return its clock."""
    return _clock_after(sa.update(Letter).where(Letter.id == letter.id).values(clock=Letter.clock))


def join(letter: Letter, arrivals: list[Arrival]) -> range:
    """Add comments to a thread: numbers, counts and the clock as if each had come by itself.

    Not refused where the thread is locked: that is about what readers may do.

    :param letter: whose thread; its row is locked already.
    :param arrivals: parents before their replies.
    :returns: the numbers they have now, in their order.
    """
    if not arrivals:
        return range(0)
    many = len(arrivals)
    last = _clock_after(
        sa.update(Letter)
        .where(Letter.id == letter.id)
        .values(clock=Letter.clock + many, comment_count=Letter.comment_count + many)
    )
    given = range(last - many + 1, last + 1)
    numbers = dict(zip((arrival.source_id for arrival in arrivals), given, strict=True))
    parents = [
        numbers[arrival.parent] if isinstance(arrival.parent, str) else arrival.parent
        for arrival in arrivals
    ]
    replies = Counter(parents)
    rows = [
        {
            "letter_id": letter.id,
            "number": numbers[arrival.source_id],
            "changed": numbers[arrival.source_id],
            "parent": parent,
            "reply_count": replies.pop(numbers[arrival.source_id], 0),
            "source_id": arrival.source_id,
            "author_name": arrival.author_name,
            "posted_at": arrival.posted_at,
            "source": arrival.source,
            "html": arrival.html,
            "score": arrival.score,
            "base_score": arrival.score,
        }
        for arrival, parent in zip(arrivals, parents, strict=True)
    ]
    session.execute(sa.insert(Comment), rows)
    _count_replies(letter, replies)
    return given


def _count_replies(letter: Letter, replies: Counter[int]) -> None:
    """Count the replies of comments that were in the thread before."""
    if not replies:
        return
    statement = (
        sa.update(Comment)
        .where(Comment.letter_id == letter.id, Comment.number == sa.bindparam("answered"))
        .values(reply_count=Comment.reply_count + sa.bindparam("more"))
        .execution_options(synchronize_session=False)
    )
    found = [{"answered": number, "more": more} for number, more in sorted(replies.items())]
    session.connection().execute(statement, found)


def _clock_after(statement: sa.Update) -> int:
    clock: int = session.scalars(
        statement.returning(Letter.clock).execution_options(synchronize_session=False)
    ).one()
    return clock
