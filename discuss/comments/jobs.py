"""What threads sweep now and then; each call is an action's, made in the background."""

from datetime import timedelta

import sqlalchemy as sa

from discuss.accounts.models import Account
from discuss.base import clock, jobs
from discuss.base.db import session
from discuss.comments import actions, drafts, submissions
from discuss.comments.models import Comment, SealedWords, State
from discuss.letters.models import Letter

AT_ONCE = 50  # comments of somebody who leaves; each takes its letter's row for a moment


@jobs.periodic(every=timedelta(hours=1))
def forget_what_is_over() -> None:
    """Delete drafts and submissions of yesterday, and sealed words whose time is over."""
    drafts.forget_old()
    submissions.forget_old()
    session.execute(sa.delete(SealedWords).where(SealedWords.until < clock.now()))


@jobs.task
def delete_words(account_id: int) -> None:
    """Delete some comments of somebody who left, and queue the rest."""
    author = session.get_one(Account, account_id)
    found = session.execute(
        sa.select(Comment.letter_id, Comment.number)
        .where(Comment.account_id == account_id, Comment.state != State.DELETED)
        .order_by(Comment.letter_id, Comment.number)
        .limit(AT_ONCE)
    ).all()
    for letter_id, number in found:
        actions.delete(session.get_one(Letter, letter_id), author, number)
    session.execute(
        sa.delete(SealedWords).where(
            sa.tuple_(SealedWords.letter_id, SealedWords.number).in_([tuple(row) for row in found])
        )
    )
    if len(found) == AT_ONCE:
        jobs.enqueue(delete_words, account_id)
