"""A ban as something that is appealed against: whether it stands, who may lift it, lifting it.

A ban whose lifting was undone goes on as a line of its own, so one ban may have several.
"""

import sqlalchemy as sa

from discuss.accounts.models import Account, Role
from discuss.base import clock
from discuss.base.db import session
from discuss.comments.models import Reason
from discuss.moderation import actions, scope
from discuss.moderation.decisions import latest
from discuss.moderation.models import Act, Decision


def stands(ban: Decision) -> bool:
    """Whether a ban is in force, by its own line or by one that undid its lifting."""
    last = latest(ban.about)
    is_it = last is not None and ban.id in {one.id for one in lines(last)}
    return is_it and is_on(ban)


def standing_line(account_id: int) -> Decision | None:
    """Return the decision by which an account may not comment now."""
    last = latest(f"ban {account_id}")
    return last if last is not None and is_on(last) else None


def is_on(line: Decision) -> bool:
    """Whether whom a line is about may not comment now."""
    return line.subject_id is not None and actions.standing_ban(line.subject_id) is not None


def lines(ban: Decision) -> list[Decision]:
    """Return a line about a ban and those before it that it undoes, the latest first."""
    found = [ban]
    while (undone := found[-1].undoes_id) is not None:
        found.append(session.get_one(Decision, undone))
    return found


def may_decide(moderator: Account, ban: Decision) -> bool:
    """Whether somebody may answer an appeal: who may ban such an account, and hasn't banned it."""
    banned = session.get_one(Account, ban.subject_id)
    is_another = moderator.id not in _who_decided(ban)
    return is_another and actions.may_ban(moderator, banned.role)


def somebody_may_decide(ban: Decision) -> bool:
    """Whether there is anybody who may answer an appeal."""
    banned = session.get_one(Account, ban.subject_id)
    if banned.role is Role.ADMINISTRATOR:
        return False
    may_ban = scope.decides_under(None)
    if banned.role is Role.MODERATOR:
        may_ban = Account.role == Role.ADMINISTRATOR
    others = sa.exists().where(may_ban, Account.id.not_in(_who_decided(ban)))
    return bool(session.scalar(sa.select(others)))


def lift(ban: Decision, moderator: Account) -> bool:
    """Let an account comment again; whether this ban was what kept it from that."""
    return stands(ban) and actions.unban(_banned(ban), moderator) is not None


def ban_again(ban: Decision, moderator: Account) -> None:
    """Undo a lifting: for what is left of the time, unless somebody has decided anew since."""
    last = latest(ban.about)
    if last is None or last.act is not Act.UNBANNED or ban not in lines(last):
        return
    if ban.until is None or ban.until > clock.now():
        reason = ban.reason or Reason.OTHER
        note = ban.note or ("–" if reason is Reason.OTHER else "")
        actions.ban(_banned(ban), moderator, reason, note, ban.until, undoes=last)


def same(ban: Decision) -> list[int]:
    """Return the ids of all lines of a ban: there is one appeal against them together."""
    return [one.id for one in _whole(ban)]


def _whole(ban: Decision) -> list[Decision]:
    last = latest(ban.about)
    whole = lines(last) if last is not None else []
    return whole if ban in whole else lines(ban)


def _who_decided(ban: Decision) -> set[int]:
    """Return whom a ban is about, and everybody who decided that it should be.

    Who took back a lifting of their own has not decided so, and may decide again.
    """
    whole = {one.id: one for one in _whole(ban)}
    who = [ban.subject_id]
    for one in whole.values():
        undone = whole.get(one.undoes_id or 0)
        if one.act is Act.BANNED and (undone is None or undone.actor_id != one.actor_id):
            who.append(one.actor_id)
    return {one for one in who if one is not None}


def _banned(ban: Decision) -> Account:
    return session.get_one(Account, ban.subject_id)
