"""The reads that only programs ask for: a letter's comments by their last change, the letters."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from discuss.accounts.models import Account
from discuss.api.paging import Changed, LetterPlace
from discuss.base.db import session
from discuss.comments.models import Comment
from discuss.comments.walk import COLUMNS
from discuss.letters.models import Letter, State


def changed_since(letter_id: int, since: int, after: Changed | None, limit: int) -> list[Any]:
    """Return comments that changed after a clock, by their last change, as rows of a walk.

    :param letter_id: whose thread.
    :param since: the clock that the caller has seen; 0 wants every comment.
    :param after: where the page before ended. Several comments may have changed in one tick.
    :param limit: most rows.
    """
    wanted = (
        sa.select(*COLUMNS, Comment.source, sa.literal(1).label("level"))
        .outerjoin(Account, Account.id == Comment.account_id)
        .where(Comment.letter_id == letter_id, Comment.number > 0, Comment.changed > since)
        .order_by(Comment.changed, Comment.number)
        .limit(limit)
    )
    if after is not None:
        place = sa.tuple_(Comment.changed, Comment.number)
        wanted = wanted.where(place > sa.tuple_(after.changed, after.number))
    return list(session.execute(wanted))


def has_row(letter_id: int, number: int) -> bool:
    """Whether a letter has a comment, or its tombstone, of that number."""
    known = sa.select(Comment.number).filter_by(letter_id=letter_id, number=number)
    return session.scalar(known) is not None


def letters(after: LetterPlace | None, limit: int) -> list[Letter]:
    """Return a page of the published letters with their tags, the newest first.

    :param after: where the page before ended; letters of an unknown date come last.
    :param limit: most rows.
    """
    wanted = (
        sa.select(Letter)
        .where(Letter.state == State.PUBLISHED)
        .order_by(Letter.sent_on.desc().nulls_last(), Letter.id.desc())
        .limit(limit)
        .options(selectinload(Letter.tags))
    )
    if after is not None and after.sent_on is None:
        wanted = wanted.where(Letter.sent_on.is_(None), Letter.id < after.id)
    elif after is not None:
        older = sa.or_(Letter.sent_on < after.sent_on, Letter.sent_on.is_(None))
        same_day = sa.and_(Letter.sent_on == after.sent_on, Letter.id < after.id)
        wanted = wanted.where(sa.or_(older, same_day))
    return list(session.scalars(wanted))
