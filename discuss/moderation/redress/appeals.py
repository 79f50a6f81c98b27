"""An appeal: one against each removal or ban, decided by somebody else than who decided that.

The row of the letter, or of the account, is taken first, then the appeal's. Functions flush; the
boundary commits.
"""

from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from discuss.accounts.models import Account
from discuss.base.db import session
from discuss.base.errors import NotFound
from discuss.comments.models import Comment
from discuss.letters.models import Letter
from discuss.moderation import scope
from discuss.moderation.decisions import record, refuse_unless_moderator, taken
from discuss.moderation.errors import (
    AlreadyDecided,
    AppealedAlready,
    BanEnded,
    NothingToAppeal,
    SomebodyElseDecides,
    SomebodyElseLifts,
)
from discuss.moderation.models import Act, Decision
from discuss.moderation.redress import bans, removals
from discuss.moderation.redress.models import Appeal

APPEALABLE = (Act.REMOVED, Act.REFUSED, Act.BANNED)
OPEN, UPHELD, REJECTED = "open", "upheld", "rejected"
LIFTED = "upheld, lifted"  # the answer itself lifted the ban: undone, it bans again


def appeal(author: Account, decision: Decision, words: str) -> Appeal:
    """Ask another moderator to look at a removal of one's own comment, or at one's ban.

    :param author: who wrote the comment, or is banned.
    :param decision: the removal, the refusal of a held comment, or the ban.
    :param words: why it should come back, or the ban be lifted.
    :raises NotFound: it is about somebody else, or nothing that is appealed against.
    :raises AppealedAlready: once is enough.
    :raises NothingToAppeal: the comment is back, or its author has deleted it.
    :raises BanEnded: the ban has ended, or was lifted.
    """
    if decision.subject_id != author.id or decision.act not in APPEALABLE:
        raise NotFound
    _take(decision)  # so that a double click is one appeal
    if against(decision) is not None:
        raise AppealedAlready
    if not stands(decision):
        raise BanEnded if decision.act is Act.BANNED else NothingToAppeal
    asked = Appeal(decision_id=decision.id, account_id=author.id, words=words)
    session.add(asked)
    session.flush()
    return asked


def uphold(
    appeal_id: int, moderator: Account, answer: str = "", *, undoes: Decision | None = None
) -> Decision | None:
    """Give somebody right: the comment comes back, or the ban is lifted.

    :param answer: told to the author.
    :param undoes: the reopening that this undoes.
    :returns: the decision; nothing when it was upheld already.
    :raises SomebodyElseDecides: see `may_decide`.
    :raises AlreadyDecided: it was rejected meanwhile.
    """
    asked, decision = _taken(appeal_id, moderator)
    if _is_answered(asked, Act.APPEAL_UPHELD):
        return None
    state = UPHELD
    if decision.act is not Act.BANNED:
        removals.bring_back(decision, moderator)
    elif bans.lift(decision, moderator):
        state = LIFTED
    return _answer(asked, decision, moderator, Act.APPEAL_UPHELD, state, answer, undoes)


def reject(
    appeal_id: int, moderator: Account, answer: str = "", *, undoes: Decision | None = None
) -> Decision | None:
    """Let a removal or a ban stand.

    :param answer: told to the author.
    :param undoes: the reopening that this undoes.
    :returns: the decision; nothing when it was rejected already.
    :raises SomebodyElseDecides: see `may_decide`.
    :raises AlreadyDecided: it was upheld meanwhile.
    """
    asked, decision = _taken(appeal_id, moderator)
    if _is_answered(asked, Act.APPEAL_REJECTED):
        return None
    return _answer(asked, decision, moderator, Act.APPEAL_REJECTED, REJECTED, answer, undoes)


def reopen(moderator: Account, answer: Decision) -> Decision | None:
    """Undo the answer to an appeal: it waits again, and what it gave back is taken again.

    :returns: the decision; nothing when it waits already.
    :raises SomebodyElseDecides: see `may_decide`; who removed must not undo this either.
    """
    asked, decision = _taken(_id_of(answer), moderator)
    if asked.answer_id != answer.id:
        return None
    if answer.after == LIFTED:
        bans.ban_again(decision, moderator)
    elif answer.act is Act.APPEAL_UPHELD and decision.act is not Act.BANNED:
        removals.remove_again(decision, moderator, answer.note)
    return _wait_again(asked, decision, moderator, answer)


def set_aside(moderator: Account, line: Decision) -> None:
    """Let upheld appeals wait again whose outcome was undone: nobody is told a thing of the past.

    :param line: the restoration, the approval or the lifting that was undone.
    :raises SomebodyElseDecides: see `may_decide`; who removed or banned undoes no appeal so either.
    """
    upheld = (
        sa.select(Appeal.id, Decision)
        .join(Decision, Decision.id == Appeal.answer_id)
        .where(
            Decision.act == Act.APPEAL_UPHELD,
            Decision.id > line.id,
            Decision.subject_id == line.subject_id,
            Decision.letter_id == line.letter_id,
            Decision.number == line.number,
        )
        .order_by(Appeal.id)
    )
    for appeal_id, answer in session.execute(upheld).all():
        asked, decision = _taken(appeal_id, moderator)
        if asked.answer_id == answer.id:
            _wait_again(asked, decision, moderator, answer)


def answer_again(moderator: Account, reopening: Decision) -> Decision | None:
    """Undo a reopening: answer as before."""
    before = session.get_one(Decision, reopening.undoes_id)
    act = uphold if before.act is Act.APPEAL_UPHELD else reject
    return act(_id_of(reopening), moderator, before.note, undoes=reopening)


def may_decide(moderator: Account, decision: Decision, author_id: int) -> bool:
    """Whether somebody may answer an appeal: who moderates there, neither removed nor wrote."""
    if decision.act is Act.BANNED:
        return bans.may_decide(moderator, decision)
    is_another = moderator.id not in {decision.actor_id, author_id}
    return is_another and scope.moderates(moderator, decision.letter_id)


def may_undo(moderator: Account, line: Any) -> bool:
    """Whether somebody may undo the answer to an appeal, or its reopening; as `may_decide`.

    :param line: of `history`.
    """
    return may_decide(moderator, session.get_one(Decision, line.concerns_id), line.subject_id)


def somebody_may_decide(decision: Decision, author_id: int) -> bool:
    """Whether there is anybody who may answer an appeal."""
    if decision.act is Act.BANNED:
        return bans.somebody_may_decide(decision)
    others = sa.exists().where(
        scope.decides_under(decision.letter_id),
        Account.id.not_in({decision.actor_id, author_id}),
    )
    return bool(session.scalar(sa.select(others)))


def stands(decision: Decision) -> bool:
    """Whether what was decided still holds, so that there is something to appeal against."""
    if decision.act is Act.BANNED:
        return bans.stands(decision)
    return removals.stands(decision)


def against(decision: Decision) -> Appeal | None:
    """Return the appeal against a decision."""
    lines = bans.same(decision) if decision.act is Act.BANNED else [decision.id]
    return session.scalar(sa.select(Appeal).where(Appeal.decision_id.in_(lines)).limit(1))


def forget_deleted(comment: Comment) -> None:
    """Drop open appeals about what its author has deleted: nothing is left to bring back."""
    _drop_open(Decision.letter_id == comment.letter_id, Decision.number == comment.number)


def forget_banned(account: Account) -> None:
    """Drop open appeals against bans of who leaves: nobody is left who could comment again."""
    _drop_open(Decision.subject_id == account.id, Decision.act == Act.BANNED)


def _drop_open(*about: sa.ColumnElement[bool]) -> None:
    session.execute(
        sa.delete(Appeal)
        .where(
            Appeal.decision_id.in_(sa.select(Decision.id).where(*about)),
            Appeal.answer_id.is_(None),
        )
        .execution_options(synchronize_session=False)
    )


def _taken(appeal_id: int, moderator: Account) -> tuple[Appeal, Decision]:
    """Return an appeal and what it is about, the letter's row locked first and then its own."""
    refuse_unless_moderator(moderator)
    found = session.get(Appeal, appeal_id)
    if found is None:
        raise NotFound
    decision = session.get_one(Decision, found.decision_id)
    scope.refuse_beyond(moderator, decision.letter_id)
    if not may_decide(moderator, decision, found.account_id):
        raise SomebodyElseLifts if decision.act is Act.BANNED else SomebodyElseDecides
    _take(decision)
    asked = next(iter(taken(Appeal.words, Appeal.id == appeal_id)), None)
    if asked is None:
        raise NotFound
    return asked, decision


def _take(decision: Decision) -> None:
    """Lock the row that whoever decides about the same locks: of the account, or the letter."""
    if decision.act is Act.BANNED:
        taken(Account.role, Account.id == decision.subject_id)
    else:
        taken(Letter.clock, Letter.id == decision.letter_id)


def _is_answered(asked: Appeal, act: Act) -> bool:
    """Whether an appeal was answered like this already.

    :raises AlreadyDecided: it was answered otherwise.
    """
    if asked.answer_id is None:
        return False
    if session.get_one(Decision, asked.answer_id).act is not act:
        raise AlreadyDecided(_("This appeal was answered meanwhile. The log shows how."))
    return True


def _answer(
    asked: Appeal,
    decision: Decision,
    moderator: Account,
    act: Act,
    state: str,
    words: str,
    undoes: Decision | None,
) -> Decision:
    answer = record(
        moderator,
        act,
        f"appeal {asked.id}",
        (OPEN, state),
        undoes=undoes,
        note=words,
        letter_id=decision.letter_id,
        number=removals.number_of(decision),
        held_id=decision.held_id,
        subject_id=asked.account_id,
        concerns_id=decision.id,
    )
    asked.answer_id = answer.id
    session.flush()
    return answer


def _wait_again(
    asked: Appeal, decision: Decision, moderator: Account, answer: Decision
) -> Decision:
    asked.answer_id = None
    return record(
        moderator,
        Act.APPEAL_REOPENED,
        answer.about,
        (UPHELD if answer.act is Act.APPEAL_UPHELD else REJECTED, OPEN),
        undoes=answer,
        letter_id=decision.letter_id,
        number=removals.number_of(decision),
        subject_id=asked.account_id,
        concerns_id=decision.id,
    )


def _id_of(answer: Decision) -> int:
    found = session.scalar(sa.select(Appeal.id).where(Appeal.decision_id == answer.concerns_id))
    if found is None:
        raise NotFound
    return found
