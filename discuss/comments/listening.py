"""What threads do when something else of what they show changes."""

import sqlalchemy as sa

from discuss.accounts.models import Account
from discuss.base.db import session
from discuss.comments.models import Comment
from discuss.letters.models import Letter


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
