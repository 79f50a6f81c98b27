"""What follows when something changes that threads show, or a thread itself does."""

import sqlalchemy as sa
from flask import Flask

from discuss.accounts.models import Account
from discuss.base import jobs, metrics
from discuss.base.db import session
from discuss.comments.jobs import delete_words
from discuss.comments.models import Comment, HeldComment, Submission
from discuss.letters.models import Letter

POSTED = "discuss_comments_posted_total"


def init_app(app: Flask) -> None:
    """Make a place for the figures."""
    metrics.of(app).counter(POSTED, "Comments that became public.")


def posted(_: Comment) -> None:
    """Count a comment."""
    metrics.count_committed(POSTED)


def shown_differently(account: Account) -> None:
    """Tick every letter that shows an account's name, in the order of their ids.

    Two that tick several letters at once take their rows in the same order and cannot block each
    other; posting takes one.
    """
    ids = session.scalars(
        sa.select(Comment.letter_id)
        .where(Comment.account_id == account.id)
        .distinct()
        .order_by(Comment.letter_id)
    )
    for letter_id in ids.all():
        session.execute(
            sa.update(Letter)
            .where(Letter.id == letter_id)
            .values(clock=Letter.clock + 1)
            .execution_options(synchronize_session=False)
        )


def gone(account: Account, *, keeps_words: bool) -> None:
    """Let go of what threads hold of somebody who leaves; their words too, where they ask so.

    Public words go in steps in the background; what only moderators could read goes at once.
    """
    session.execute(sa.delete(HeldComment).where(HeldComment.account_id == account.id))
    session.execute(sa.delete(Submission).where(Submission.account_id == account.id))
    if not keeps_words:
        jobs.enqueue(delete_words, account.id)
