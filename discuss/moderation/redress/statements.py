"""The statement of reasons: what somebody is told about a removal of theirs, or a ban."""

from dataclasses import dataclass

import sqlalchemy as sa

from discuss.base.db import session
from discuss.comments.models import Comment, State
from discuss.letters.models import Letter
from discuss.letters.models import State as LetterState
from discuss.moderation.models import Act, Decision, Office, Report
from discuss.moderation.redress import appeals, removals
from discuss.moderation.redress.models import Appeal


@dataclass(frozen=True)
class Statement:
    """Why something was removed or somebody banned (Digital Services Act, article 17(3))."""

    decision: Decision
    slug: str | None
    headline: str | None
    words: str | None
    facts: str
    """The reasons given with a legal notice."""
    is_noticed: bool
    is_reported: bool
    appeal: Appeal | None
    answer: Decision | None
    stands: bool
    state: State | None
    """Of the comment now; nothing where it has no number in the discussion."""
    later: Decision | None
    """The latest removal after this one."""

    @property
    def is_automatic(self) -> bool:
        """Whether no person decided."""
        return self.decision.office is Office.RULE


def statement(decision: Decision) -> Statement:
    """Return what somebody is told about a removal of theirs, or a ban."""
    letter = session.get(Letter, decision.letter_id) if decision.letter_id else None
    is_public = letter is not None and letter.state is LetterState.PUBLISHED
    asked = appeals.against(decision)
    noticed = session.scalar(
        sa.select(Decision)
        .where(Decision.concerns_id == decision.id, Decision.act == Act.NOTICE_UPHELD)
        .limit(1)
    )
    reported = sa.select(Report.id).where(Report.decision_id == decision.id).limit(1)
    return Statement(
        decision=decision,
        slug=letter.slug if letter and is_public else None,
        headline=letter.headline if letter and is_public else None,
        words=removals.words_of(decision),
        facts=noticed.note if noticed else "",
        is_noticed=noticed is not None,
        is_reported=session.scalar(reported) is not None,
        appeal=asked,
        answer=session.get(Decision, asked.answer_id) if asked and asked.answer_id else None,
        stands=appeals.stands(decision),
        state=_state(decision),
        later=_later(decision),
    )


def _state(decision: Decision) -> State | None:
    number = removals.number_of(decision)
    comment = session.get(Comment, (decision.letter_id, number)) if number else None
    return comment.state if comment else None


def _later(decision: Decision) -> Decision | None:
    wanted = sa.select(Decision).where(
        Decision.letter_id == decision.letter_id,
        Decision.number == removals.number_of(decision),
        Decision.subject_id == decision.subject_id,
        Decision.act.in_((Act.REMOVED, Act.REFUSED)),
        Decision.id > decision.id,
    )
    return session.scalar(wanted.order_by(Decision.id.desc()).limit(1))
