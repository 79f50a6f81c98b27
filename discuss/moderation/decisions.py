"""The log's pen: every act of moderation writes its line here, and here alone."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from discuss.accounts.models import Account
from discuss.base.db import session
from discuss.base.errors import Forbidden
from discuss.comments.models import Reason
from discuss.moderation import chain, scope
from discuss.moderation.errors import Superseded
from discuss.moderation.events import decision_made
from discuss.moderation.models import Act, Decision, Office

UNDONE_BY: dict[Act, Act] = {
    Act.REMOVED: Act.RESTORED,
    Act.APPROVED: Act.HELD,
    Act.REFUSED: Act.HELD,
    Act.DISMISSED: Act.REOPENED,
    Act.BANNED: Act.UNBANNED,
    Act.LOCKED: Act.UNLOCKED,
    Act.HELD_BY_RULE: Act.APPROVED,
    Act.REDACTED: Act.UNREDACTED,
    Act.BRANCH_LOCKED: Act.BRANCH_UNLOCKED,
    Act.WARNED: Act.UNWARNED,
    Act.SWEPT: Act.UNSWEPT,
    Act.APPEAL_UPHELD: Act.APPEAL_REOPENED,
    Act.APPEAL_REJECTED: Act.APPEAL_REOPENED,
    Act.NOTICE_UPHELD: Act.NOTICE_REOPENED,
    Act.NOTICE_REJECTED: Act.NOTICE_REOPENED,
}


def refuse_unless_moderator(account: Account) -> None:
    """Refuse anybody but moderators; every act asks, whatever its caller has asked before.

    :raises Forbidden: the account may not decide.
    """
    if not account.is_moderator:
        raise Forbidden


def taken(column: Any, *conditions: sa.ColumnElement[bool]) -> list[Any]:
    """Return rows as they are now, ours until the end of the transaction.

    An UPDATE that changes nothing locks them on both databases; SQLite has no FOR UPDATE.

    :param column: one of the table's that is no key: SQLite looks for the rows that point to one.
    :param conditions: which rows.
    """
    return list(
        session.scalars(
            sa.update(column.class_)
            .where(*conditions)
            .values({column.key: column})
            .returning(column.class_)
            .execution_options(synchronize_session=False, populate_existing=True)
        )
    )


def record(
    moderator: Account | None,
    act: Act,
    about: str,
    change: tuple[str, str],
    *,
    undoes: Decision | None = None,
    reason: Reason | None = None,
    note: str = "",
    until: datetime | None = None,
    office: Office | None = None,
    **thing: int | None,
) -> Decision:
    """Write one line of the log; the rows it is about are locked by then.

    It joins the public record's chain before the transaction commits.

    :param moderator: who decided; nobody where a rule did, or the operator on the command line.
    :param act: what was done.
    :param about: what it was done to, in one word.
    :param change: the state before and after.
    :param undoes: the decision that this one was asked to undo.
    :param reason: why, and `note` the moderator's words beside it.
    :param until: when a ban ends.
    :param office: as what it was decided; the moderator's own where left out.
    :param thing: `letter_id`, `number`, `held_id`, `subject_id`, `concerns_id`, where there is one.
    :raises Superseded: `undoes` is no longer the last word on this.
    :raises Forbidden: the moderator's role was taken away while the request waited.
    """
    if moderator is not None and act is Act.HOUSE_RULES_SET:
        scope.refuse_unless_still_publisher(moderator)
    elif moderator is not None:
        scope.refuse_unless_still(moderator, thing.get("letter_id"))
    undone = _undone(about, act, undoes)
    decision = Decision(
        actor_id=moderator.id if moderator else None,
        about=about,
        act=act,
        reason=reason,
        note=note,
        until=until,
        before=change[0],
        after=change[1],
        undoes_id=undone.id if undone else None,
        office=office or office_of(moderator),
        **thing,
    )
    session.add(decision)
    chain.announce()
    session.flush()
    decision_made.send(decision)
    return decision


def office_of(account: Account | None) -> Office:
    """Return as what somebody decides who gives no other office; nobody is a rule."""
    if account is None:
        return Office.RULE
    return Office.ADMINISTRATOR if account.is_administrator else Office.MODERATOR


def latest(about: str) -> Decision | None:
    """Return the last word on something."""
    return session.scalar(
        sa.select(Decision).where(Decision.about == about).order_by(Decision.id.desc()).limit(1)
    )


def _undone(about: str, act: Act, undoes: Decision | None) -> Decision | None:
    """Return what an act undoes, whether it was asked to or not."""
    last = latest(about)
    if undoes is not None and (last is None or last.id != undoes.id):
        raise Superseded
    if undoes is None and last is not None and UNDONE_BY.get(last.act) is act:
        return last  # "Restore" on a tombstone undoes the removal as "Undo" in the log does
    return undoes
