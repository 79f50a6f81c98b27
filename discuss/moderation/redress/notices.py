"""Legal notices: anybody may say that a comment is illegal, and is answered with reasons.

EU Digital Services Act (Regulation 2022/2065), article 16 for the notice, 17 for the statement of
reasons. The letter's row is taken first. Functions flush; the boundary commits.
"""

from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy

from discuss.accounts.models import Account
from discuss.base import clock, ratelimit
from discuss.base.db import session
from discuss.base.errors import NotFound
from discuss.base.ids import digest, token
from discuss.base.ratelimit import HOUR, Pace
from discuss.comments import queries as comments
from discuss.comments.models import Comment, Reason, State
from discuss.letters.models import Letter
from discuss.moderation import actions, scope
from discuss.moderation.decisions import latest, record, refuse_unless_moderator, taken
from discuss.moderation.errors import AlreadyDecided, NotInDiscussion, StatementNeeded
from discuss.moderation.models import Act, Decision
from discuss.moderation.redress.models import Notice

PACE = Pace("notice", {HOUR: 5, 24 * HOUR: 20})  # of a network, or an account
MANY = lazy("Many notices came from you. Nothing was sent: send this one in %(time)s.")
# Six months, which the form and the privacy page name: so long a decision can be complained about
# (article 20, paragraph 1), and whom it answered must be known.
SENDER_KEPT = timedelta(days=183)
OPEN, UPHELD, REJECTED = "open", "upheld", "rejected"


@dataclass(frozen=True)
class Notification:
    """What a notice says: where, why, and who says so (article 16, paragraph 2)."""

    letter: Letter
    number: int
    explanation: str
    name: str
    email: str


def notify(said: Notification, sender: Account | None, network: str) -> str:
    """Tell the moderators that a comment is illegal.

    :param said: what the form held.
    :param sender: who is signed in, if anybody is.
    :param network: where it came from; looked at for its pace, and not kept.
    :returns: the reference, by which the sender finds the answer.
    :raises NotInDiscussion: the comment was removed or deleted.
    :raises TooFast: many notices came from there.
    """
    comment = comments.comment(said.letter, said.number)
    if comment.state is not State.VISIBLE:
        raise NotInDiscussion
    whose = f"account {sender.id}" if sender else network
    ratelimit.refuse_if_too_fast(PACE, whose, MANY)
    reference = token()
    session.add(
        Notice(
            digest=digest(reference),
            letter_id=said.letter.id,
            number=said.number,
            account_id=sender.id if sender else None,
            explanation=said.explanation,
            name=said.name,
            email=said.email,
        )
    )
    session.flush()
    return reference


def uphold(
    notice_id: int,
    moderator: Account,
    reason: Reason,
    statement: str,
    *,
    undoes: Decision | None = None,
) -> Decision | None:
    """Remove the comment that a notice is about.

    :param reason: the house rule, or that it is illegal.
    :param statement: the facts and the ground, told to the author and to the sender.
    :param undoes: the reopening that this undoes.
    :returns: the decision; nothing when it was upheld already.
    :raises StatementNeeded: there are no reasons.
    :raises AlreadyDecided: it was rejected meanwhile.
    """
    notice = _taken(notice_id, moderator)
    _refuse_without(statement, undoes)
    if _is_answered(notice, Act.NOTICE_UPHELD):
        return None
    letter = session.get_one(Letter, notice.letter_id)
    removal = actions.remove(letter, moderator, notice.number, reason, statement)
    removal = removal or latest(f"comment {notice.letter_id}/{notice.number}")
    return _answer(notice, moderator, Act.NOTICE_UPHELD, UPHELD, statement, undoes, reason, removal)


def reject(
    notice_id: int, moderator: Account, statement: str, *, undoes: Decision | None = None
) -> Decision | None:
    """Keep the comment that a notice is about.

    :param statement: why, told to the sender.
    :param undoes: the reopening that this undoes.
    :returns: the decision; nothing when it was rejected already.
    :raises StatementNeeded: there are no reasons.
    :raises AlreadyDecided: it was upheld meanwhile.
    """
    notice = _taken(notice_id, moderator)
    _refuse_without(statement, undoes)
    if _is_answered(notice, Act.NOTICE_REJECTED):
        return None
    return _answer(notice, moderator, Act.NOTICE_REJECTED, REJECTED, statement, undoes)


def reopen(moderator: Account, answer: Decision) -> Decision | None:
    """Undo the answer to a notice: it waits again, and a comment removed for it comes back.

    :returns: the decision; nothing when it waits already.
    """
    notice = _taken(_id_of(answer), moderator)
    if notice.answer_id != answer.id:
        return None
    removal = session.get(Decision, answer.concerns_id) if answer.concerns_id else None
    last = latest(removal.about) if removal is not None else None
    if removal is not None and last is not None and last.id == removal.id:
        letter = session.get_one(Letter, notice.letter_id)
        actions.restore(letter, moderator, notice.number, undoes=removal)
    return _wait_again(notice, moderator, answer)


def set_aside(moderator: Account, removal: Decision) -> None:
    """Let upheld notices wait again whose removal was undone: nobody is told a thing of the past.

    :param removal: which was undone.
    """
    upheld = (
        sa.select(Notice.id, Decision)
        .join(Decision, Decision.id == Notice.answer_id)
        .where(Decision.act == Act.NOTICE_UPHELD, Decision.concerns_id == removal.id)
        .order_by(Notice.id)
    )
    for notice_id, answer in session.execute(upheld).all():
        notice = _taken(notice_id, moderator)
        if notice.answer_id == answer.id:
            _wait_again(notice, moderator, answer)


def answer_again(moderator: Account, reopening: Decision) -> Decision | None:
    """Undo a reopening: answer as before."""
    before = session.get_one(Decision, reopening.undoes_id)
    notice_id = _id_of(reopening)
    if before.act is Act.NOTICE_REJECTED:
        return reject(notice_id, moderator, before.note, undoes=reopening)
    reason = before.reason or Reason.ILLEGAL
    return uphold(notice_id, moderator, reason, before.note, undoes=reopening)


def by_reference(reference: str) -> Notice:
    """Return a notice for whoever sent it.

    :raises NotFound: no notice has this reference.
    """
    wanted = sa.select(Notice).where(Notice.digest == digest(reference))
    if (found := session.scalar(wanted)) is None:
        raise NotFound
    return found


def forget_senders() -> None:
    """Erase names and addresses that came with notices which were answered long ago."""
    answered = sa.select(Decision.id).where(Decision.at < clock.now() - SENDER_KEPT)
    session.execute(
        sa.update(Notice)
        .where(Notice.answer_id.in_(answered), sa.or_(Notice.name != "", Notice.email != ""))
        .values(name="", email="")
        .execution_options(synchronize_session=False)
    )


def _taken(notice_id: int, moderator: Account) -> Notice:
    """Return a notice, the letter's row locked first and then its own."""
    refuse_unless_moderator(moderator)
    found = session.get(Notice, notice_id)
    if found is None:
        raise NotFound
    scope.refuse_beyond(moderator, found.letter_id)
    taken(Letter.clock, Letter.id == found.letter_id)
    (notice,) = taken(Notice.explanation, Notice.id == notice_id)
    return notice


def _refuse_without(statement: str, undoes: Decision | None) -> None:
    # What is answered again had its reasons, which went with an account that was deleted since.
    if not statement and undoes is None:
        raise StatementNeeded


def _is_answered(notice: Notice, act: Act) -> bool:
    """Whether a notice was answered like this already.

    :raises AlreadyDecided: it was answered otherwise.
    """
    if notice.answer_id is None:
        return False
    if session.get_one(Decision, notice.answer_id).act is not act:
        raise AlreadyDecided(_("This notice was answered meanwhile. The log shows how."))
    return True


def _answer(
    notice: Notice,
    moderator: Account,
    act: Act,
    state: str,
    statement: str,
    undoes: Decision | None,
    reason: Reason | None = None,
    removal: Decision | None = None,
) -> Decision:
    comment = session.get_one(Comment, (notice.letter_id, notice.number))
    answer = record(
        moderator,
        act,
        f"notice {notice.id}",
        (OPEN, state),
        undoes=undoes,
        reason=reason,
        note=statement,
        letter_id=notice.letter_id,
        number=notice.number,
        subject_id=comment.account_id,
        concerns_id=removal.id if removal else None,
    )
    notice.answer_id = answer.id
    session.flush()
    return answer


def _wait_again(notice: Notice, moderator: Account, answer: Decision) -> Decision:
    notice.answer_id = None
    return record(
        moderator,
        Act.NOTICE_REOPENED,
        answer.about,
        (UPHELD if answer.act is Act.NOTICE_UPHELD else REJECTED, OPEN),
        undoes=answer,
        letter_id=answer.letter_id,
        number=answer.number,
        subject_id=answer.subject_id,
    )


def _id_of(answer: Decision) -> int:
    """Return the id of the notice that a decision names as what it is about."""
    return int(answer.about.removeprefix("notice "))
