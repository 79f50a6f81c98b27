"""What follows for moderation when somebody leaves for good."""

import sqlalchemy as sa

from discuss.accounts.models import Account
from discuss.base.db import session
from discuss.moderation import chain
from discuss.moderation.models import Ban, Report
from discuss.moderation.redress import appeals
from discuss.moderation.redress.models import Appeal, Notice


def gone(account: Account, *, keeps_words: bool) -> None:
    """Erase what was noted about somebody, and what they wrote to moderators; decisions stay."""
    chain.erase_words_about(account.id)
    session.execute(sa.update(Report).where(Report.account_id == account.id).values(note=""))
    session.execute(sa.update(Ban).where(Ban.account_id == account.id).values(note=""))
    appeals.forget_banned(account)
    session.execute(sa.update(Appeal).where(Appeal.account_id == account.id).values(words=""))
    session.execute(
        sa.update(Notice)
        .where(Notice.account_id == account.id)
        .values(account_id=None, name="", email="")
    )
