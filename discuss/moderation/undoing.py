"""Every decision can be undone, by the opposite act, once, and while nobody has decided since."""

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _

from discuss.accounts.models import Account
from discuss.base import clock
from discuss.base.db import session
from discuss.base.errors import NotFound
from discuss.comments.models import Reason
from discuss.letters.models import Letter
from discuss.moderation import actions, branches, holding, reports, scope
from discuss.moderation.assistant import actions as assistant
from discuss.moderation.decisions import latest, refuse_unless_moderator
from discuss.moderation.errors import AlreadyUndone, Superseded
from discuss.moderation.houserules import actions as houserules
from discuss.moderation.models import Act, Decision
from discuss.moderation.redaction import actions as redacting
from discuss.moderation.redress import appeals, notices
from discuss.moderation.roles import actions as roles
from discuss.moderation.rules import actions as rules
from discuss.moderation.sanctions import sweeping, warnings
from discuss.moderation.slowmode import actions as slowmode

_GIVING_BACK = {Act.RESTORED, Act.APPROVED, Act.UNBANNED}
"""What an upheld appeal leads to."""

Undoing = Callable[[Account, Decision], Decision | None]


def undo(decision: Decision, moderator: Account) -> Decision:
    """Do the opposite of a decision, and say in the log which one it undoes.

    :param decision: what is to be undone; it need not be the moderator's own.
    :param moderator: who undoes it.
    :returns: the decision that undid it.
    :raises AlreadyUndone: somebody was faster.
    :raises Superseded: somebody decided anew about the same thing.
    """
    refuse_unless_moderator(moderator)
    scope.refuse_beyond(moderator, decision.letter_id)
    last = latest(decision.about)
    if last is not None and last.undoes_id == decision.id:
        raise AlreadyUndone
    if last is None or last.id != decision.id:
        raise Superseded
    undoing = _UNDOINGS[decision.act](moderator, decision)
    if undoing is None:
        raise AlreadyUndone
    if decision.act in _GIVING_BACK:
        appeals.set_aside(moderator, decision)
    elif decision.act is Act.REMOVED:
        notices.set_aside(moderator, decision)
    return undoing


def may_undo(account: Account, line: Any) -> bool:
    """Whether somebody is offered the undoing of a line of the log.

    :param line: of `history`.
    """
    may_decide = _NOT_FOR_EVERYBODY.get(line.act)
    return bool(line.may_undo) and (may_decide is None or may_decide(account, line))


def _undo_removal(moderator: Account, decision: Decision) -> Decision | None:
    letter, number = _letter(decision), decision.number or 0
    return actions.restore(letter, moderator, number, undoes=decision)


def _undo_restoration(moderator: Account, decision: Decision) -> Decision | None:
    removal = _undone_by(decision)
    return actions.remove(
        _letter(decision),
        moderator,
        decision.number or 0,
        removal.reason or Reason.OTHER,
        removal.note,
        undoes=decision,
    )


def _undo_holding(moderator: Account, decision: Decision) -> Decision | None:
    """Decide again as before the comment was put back."""
    held_id, undone = decision.held_id or 0, _undone_by(decision)
    if undone.act is Act.APPROVED:
        return holding.approve(held_id, moderator, undoes=decision)
    reason = undone.reason or Reason.OTHER
    return holding.refuse_held(held_id, moderator, reason, undone.note, undoes=decision)


def _undo_rule(moderator: Account, decision: Decision) -> Decision | None:
    return holding.approve(decision.held_id or 0, moderator, undoes=decision)


def _undo_reopening(moderator: Account, decision: Decision) -> Decision | None:
    return reports.dismiss(_letter(decision), moderator, decision.number or 0, undoes=decision)


def _undo_ban(moderator: Account, decision: Decision) -> Decision | None:
    return actions.unban(_subject(decision), moderator, undoes=decision)


def _undo_lifting(moderator: Account, decision: Decision) -> Decision | None:
    ban = _undone_by(decision)
    if ban.until is not None and ban.until <= clock.now():
        raise AlreadyUndone(_("The ban would have ended by now."))
    return actions.ban(
        _subject(decision),
        moderator,
        ban.reason or Reason.OTHER,
        ban.note,
        ban.until,
        undoes=decision,
    )


_UNDOINGS: dict[Act, Undoing] = {
    Act.REMOVED: _undo_removal,
    Act.RESTORED: _undo_restoration,
    Act.APPROVED: holding.put_back_approved,
    Act.REFUSED: holding.put_back_refused,
    Act.HELD: _undo_holding,
    Act.DISMISSED: reports.reopen,
    Act.REOPENED: _undo_reopening,
    Act.BANNED: _undo_ban,
    Act.UNBANNED: _undo_lifting,
    Act.LOCKED: lambda moderator, lock: actions.unlock(_letter(lock), moderator, undoes=lock),
    Act.HELD_BY_RULE: _undo_rule,
    Act.RULE_SET: rules.undo,
    Act.PACE_SET: slowmode.undo,
    Act.PACE_GROWN: slowmode.undo,
    Act.HOUSE_RULES_SET: houserules.undo,
    Act.UNLOCKED: lambda moderator, lock: actions.lock(_letter(lock), moderator, undoes=lock),
    Act.REDACTED: redacting.swap_back,
    Act.UNREDACTED: redacting.swap_back,
    Act.BRANCH_LOCKED: lambda moderator, lock: branches.unlock(
        _letter(lock), moderator, lock.number or 0, undoes=lock
    ),
    Act.BRANCH_UNLOCKED: lambda moderator, lock: branches.lock(
        _letter(lock), moderator, lock.number or 0, undoes=lock
    ),
    Act.WARNED: warnings.withdraw,
    Act.UNWARNED: warnings.give_again,
    Act.SWEPT: sweeping.restore,
    Act.UNSWEPT: sweeping.sweep_again,
    Act.GRANTED: roles.undo_grant,
    Act.ASSISTANT_SET: assistant.undo,
    Act.APPEAL_UPHELD: appeals.reopen,
    Act.APPEAL_REJECTED: appeals.reopen,
    Act.APPEAL_REOPENED: appeals.answer_again,
    Act.NOTICE_UPHELD: notices.reopen,
    Act.NOTICE_REJECTED: notices.reopen,
    Act.NOTICE_REOPENED: notices.answer_again,
}


_NOT_FOR_EVERYBODY: dict[Act, Callable[[Account, Any], bool]] = {
    Act.GRANTED: lambda account, _line: account.is_administrator,
    Act.ASSISTANT_SET: lambda account, _line: account.is_administrator,
    Act.HOUSE_RULES_SET: lambda account, _line: account.is_publisher,
    Act.APPEAL_UPHELD: appeals.may_undo,
    Act.APPEAL_REJECTED: appeals.may_undo,
    Act.APPEAL_REOPENED: appeals.may_undo,
}


def _undone_by(decision: Decision) -> Decision:
    if decision.undoes_id is None:
        raise NotFound
    return session.get_one(Decision, decision.undoes_id)


def _letter(decision: Decision) -> Letter:
    return session.get_one(Letter, decision.letter_id)


def _subject(decision: Decision) -> Account:
    return session.get_one(Account, decision.subject_id)
