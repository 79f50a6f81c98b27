"""What follows from Akismet's answers, and what it is told of moderators' decisions."""

import sqlalchemy as sa
from flask_babel import gettext as _

from discuss.base.config import settings
from discuss.base.db import session
from discuss.comments.models import HeldComment, Reason
from discuss.moderation.assistant import akismet
from discuss.moderation.assistant.examples import Settled, sources_of
from discuss.moderation.assistant.judging import judged, set_aside
from discuss.moderation.models import Act, Decision
from discuss.moderation.queue.opinions import Judge, Opinion, note

SPAM = 100  # per cent: Akismet says yes or no
TOLD = frozenset({Act.REMOVED, Act.REFUSED, Act.APPROVED, Act.RESTORED, Act.DISMISSED})
"""Acts that may say something else than Akismet did."""


def ask(letter_id: int, number: int) -> None:
    """Ask about a comment in its thread; one that is taken for spam waits for a moderator."""
    comment = judged(letter_id, number) if settings().akismet_key else None
    if comment is None or (is_spam := akismet.is_spam(akismet.Said.of(comment))) is None:
        return
    held = set_aside(comment, _("Akismet takes it for spam.")) if is_spam else None
    note(held or comment, Judge.AKISMET, SPAM if is_spam else 0)


def ask_held(held_id: int) -> None:
    """Ask about a comment that waits; nothing comes of it but a note for moderators."""
    held = session.get(HeldComment, held_id) if settings().akismet_key else None
    if held is None or (is_spam := akismet.is_spam(akismet.Said.of(held))) is None:
        return
    note(held, Judge.AKISMET, SPAM if is_spam else 0)


def tell(decision_id: int) -> None:
    """Tell Akismet of a decision that says something else than it did."""
    decision = session.get_one(Decision, decision_id)
    opinion = _opinion(decision) if settings().akismet_key else None
    spam = decision.reason is Reason.SPAM and decision.act in {Act.REMOVED, Act.REFUSED}
    was_told = decision.undoes_id is not None and (
        session.get_one(Decision, decision.undoes_id).reason is Reason.SPAM
    )
    if opinion is None or (not was_told and spam == bool(opinion.score)):
        return
    letter_id, number, held_id = opinion.letter_id, decision.number, decision.held_id
    source = sources_of([Settled(decision.id, spam, letter_id, number, held_id)])
    if said := source.get(decision.id):
        akismet.tell(akismet.Said(letter_id, opinion.account_id, said), spam=spam)


def _opinion(decision: Decision) -> Opinion | None:
    """Return what Akismet said of a comment; it is told nothing of one that it never saw."""
    in_thread = sa.and_(
        Opinion.letter_id == decision.letter_id, Opinion.number == (decision.number or 0)
    )
    return session.scalar(
        sa.select(Opinion)
        .where(
            Opinion.judge == Judge.AKISMET,
            sa.or_(in_thread, Opinion.held_id == (decision.held_id or 0)),
        )
        .order_by(Opinion.id.desc())
        .limit(1)
    )
