"""Removing everything of a spammer in one act, and undoing it as one.

The comments go in steps, each a transaction of its own, so that fifty thousand of them hold no lock
for long; `sweeps` has the steps.
"""

from datetime import datetime

import sqlalchemy as sa

from discuss.accounts.models import Account
from discuss.base import clock, jobs
from discuss.base.db import session
from discuss.comments.models import Reason, State
from discuss.moderation import actions
from discuss.moderation.decisions import latest, record, refuse_unless_moderator, taken
from discuss.moderation.errors import AlreadyUndone, CannotBan, NothingToSweep, StillSweeping
from discuss.moderation.models import Act, Decision
from discuss.moderation.sanctions.sweeps import (
    Sweep,
    Way,
    has_held,
    next_letter,
    remove_some,
    restore_some,
)


def sweep(
    account: Account,
    moderator: Account,
    reason: Reason,
    note: str = "",
    *,
    ban: bool = False,
    until: datetime | None = None,
    undoes: Decision | None = None,
) -> Decision:
    """Remove everything that an account has said, in public and held.

    The first step is done at once; where there is more, the rest follows in the background.

    :param account: whose.
    :param moderator: who decides.
    :param reason: shown on the tombstones.
    :param note: for the log alone.
    :param ban: whether the account is banned as well, `until` a time or for good.
    :param undoes: the restoring that this undoes.
    :raises CannotBan: see `may_ban`.
    :raises NothingToSweep: it has said nothing that can be read, and nothing waits.
    :raises StillSweeping: the last one is not through.
    """
    refuse_unless_moderator(moderator)
    actions.refuse_without_note(reason, note)
    (account,) = taken(Account.role, Account.id == account.id)
    if not actions.may_ban(moderator, account.role):
        raise CannotBan
    _refuse_while_at_work(account)
    if next_letter(account.id) is None and not has_held(account.id):
        raise NothingToSweep
    banned = actions.ban(account, moderator, reason, note, until) if ban else None
    decision = record(
        moderator,
        Act.SWEPT,
        f"sweep {account.id}",
        ("there", State.REMOVED),
        undoes=undoes,
        reason=reason,
        note=note,
        until=until if ban else None,
        subject_id=account.id,
    )
    session.add(
        Sweep(decision_id=decision.id, account_id=account.id, ban_id=banned.id if banned else None)
    )
    session.flush()
    go_on(decision.id)
    return decision


def restore(moderator: Account, decision: Decision) -> Decision | None:
    """Undo a sweep: what it removed comes back, and so does the right to comment.

    One that is still under way stops where it is.

    :returns: the decision; nothing when it is undone already.
    :raises AlreadyUndone: what it removed is not known any more.
    """
    refuse_unless_moderator(moderator)
    (account,) = taken(Account.role, Account.id == decision.subject_id)
    swept = session.get(Sweep, decision.id, populate_existing=True)
    if swept is None:
        raise AlreadyUndone
    if swept.way in {Way.RESTORING, Way.RESTORED}:
        return None
    swept.way = Way.RESTORING
    undoing = record(
        moderator,
        Act.UNSWEPT,
        decision.about,
        (State.REMOVED, "there"),
        undoes=decision,
        subject_id=account.id,
    )
    _lift(swept, moderator, account)
    session.flush()
    go_on(decision.id)
    return undoing


def sweep_again(moderator: Account, decision: Decision) -> Decision | None:
    """Undo the undoing of a sweep: remove everything anew, for the same reason."""
    undone = session.get_one(Decision, decision.undoes_id)
    before = session.get_one(Sweep, undone.id)
    account = session.get_one(Account, decision.subject_id)
    reason, banned = undone.reason or Reason.OTHER, _has_lifted(decision, before)
    if banned and undone.until is not None and undone.until <= clock.now():
        banned = False
    return sweep(
        account,
        moderator,
        reason,
        undone.note,
        ban=banned,
        until=undone.until,
        undoes=decision,
    )


@jobs.task
def go_on(decision_id: int) -> None:
    """Do the next step of a sweep or of its undoing, and queue the one after that."""
    account_id = session.get_one(Sweep, decision_id).account_id
    taken(Account.role, Account.id == account_id)  # a step and its undoing wait for each other
    swept = session.get_one(Sweep, decision_id, populate_existing=True)
    step = {Way.REMOVING: remove_some, Way.RESTORING: restore_some}.get(swept.way)
    if step is None:
        return
    if step(swept):
        jobs.enqueue(go_on, decision_id)
    else:
        swept.way = Way.REMOVED if swept.way is Way.REMOVING else Way.RESTORED
    session.flush()


def _lift(swept: Sweep, moderator: Account, account: Account) -> None:
    """Lift the ban that came with a sweep, where nobody has decided about it since."""
    if swept.ban_id is None:
        return
    ban = session.get_one(Decision, swept.ban_id)
    if (last := latest(ban.about)) is not None and last.id == ban.id:
        actions.unban(account, moderator, undoes=ban)


def _refuse_while_at_work(account: Account) -> None:
    at_work = sa.select(Sweep.decision_id).where(
        Sweep.account_id == account.id, Sweep.way.in_((Way.REMOVING, Way.RESTORING))
    )
    if session.scalar(at_work.limit(1)) is not None:
        raise StillSweeping


def _has_lifted(undoing: Decision, swept: Sweep) -> bool:
    """Whether the undoing of a sweep has lifted its ban, and nobody has decided about it since."""
    if swept.ban_id is None:
        return False
    last = latest(session.get_one(Decision, swept.ban_id).about)
    return last is not None and last.undoes_id == swept.ban_id and last.id > undoing.id
