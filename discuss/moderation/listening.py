"""What follows for moderation when somebody leaves for good."""

import sqlalchemy as sa

from discuss.accounts.models import Account
from discuss.base.db import session
from discuss.moderation import chain
from discuss.moderation.models import Act, Ban, Decision, Report
from discuss.moderation.redress.models import Appeal, Notice


def gone(account: Account, *, keeps_words: bool) -> None:
    """Erase what was noted about somebody, and what they wrote to moderators; decisions stay."""
    chain.erase_words_about(account.id)
    session.execute(sa.update(Report).where(Report.account_id == account.id).values(note=""))
    session.execute(sa.update(Ban).where(Ban.account_id == account.id).values(note=""))
    _drop_appeals_against_bans(account)
    session.execute(sa.update(Appeal).where(Appeal.account_id == account.id).values(words=""))
    session.execute(
        sa.update(Notice)
        .where(Notice.account_id == account.id)
        .values(account_id=None, name="", email="")
    )


def _drop_appeals_against_bans(account: Account) -> None:
    """Drop what waits: nobody is left whom the lifting of a ban would let comment."""
    own = sa.select(Decision.id).where(
        Decision.subject_id == account.id, Decision.act == Act.BANNED
    )
    session.execute(
        sa.delete(Appeal)
        .where(Appeal.decision_id.in_(own), Appeal.answer_id.is_(None))
        .execution_options(synchronize_session=False)
    )
