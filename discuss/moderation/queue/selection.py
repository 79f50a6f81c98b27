"""Several items decided at once, and undone at once: each by itself, so that none costs another."""

from collections.abc import Callable, Iterable
from functools import partial

import sqlalchemy as sa

from discuss.accounts.models import Account
from discuss.base.db import session
from discuss.base.errors import NotFound, Refusal
from discuss.comments.models import HeldComment, Reason
from discuss.letters.models import Letter
from discuss.letters.models import State as LetterState
from discuss.moderation import actions, holding, reports, scope, undoing
from discuss.moderation.decisions import refuse_unless_moderator, taken
from discuss.moderation.errors import AlreadyDecided
from discuss.moderation.models import Decision
from discuss.moderation.queue import verdicts
from discuss.moderation.queue.items import Name, known, refuse_beyond
from discuss.moderation.queue.outcome import Outcome

MOST = 200  # items at once; a selection is made by eye


def decide(name: Name, moderator: Account, reason: Reason | None, note: str = "") -> Decision:
    """Decide about one item, whatever it is.

    :param name: the item.
    :param moderator: who decides.
    :param reason: why it is removed; nothing approves it.
    :param note: for the log alone.
    :raises AlreadyDecided: somebody was faster; says who, and what they did.
    :raises NotFound: there is no such item, its author may have taken it back; or it is under a
        letter that they don't moderate.
    """
    if name.held_id:
        scope.refuse_beyond_held(moderator, name.held_id)
    else:
        scope.refuse_beyond(moderator, name.letter_id)
    try:
        decision = _decided(name, moderator, reason, note)
    except AlreadyDecided:
        decision = None
    if decision is None:
        raise AlreadyDecided(verdicts.verdict(name, moderator))
    return decision


def decide_all(
    names: Iterable[Name], moderator: Account, reason: Reason | None, note: str = ""
) -> Outcome:
    """Decide alike about several items; what cannot be decided stays as it is.

    :param names: the items.
    :param moderator: who decides.
    :param reason: why they are removed; nothing approves them.
    :param note: for the log alone.
    :raises NoteNeeded: the reason is "other" and nothing says which.
    :raises NotFound: a comment is under a letter that they don't moderate.
    """
    refuse_unless_moderator(moderator)
    names = list(dict.fromkeys(names))
    refuse_beyond(names, moderator)
    if reason is not None:
        actions.refuse_without_note(reason, note)
    _take_letters(
        [name.letter_id for name in names],
        [name.held_id for name in known(names, moderator)],
    )
    outcome = Outcome()
    for name in names:
        try:
            _each(outcome, partial(decide, name, moderator, reason, note))
        except NotFound:
            outcome.refused.append(verdicts.verdict(name, moderator))
    return outcome


def undo_all(decisions: Iterable[Decision], moderator: Account) -> Outcome:
    """Undo several decisions, the last one first.

    :raises NotFound: one is about a letter that they don't moderate.
    """
    refuse_unless_moderator(moderator)
    latest_first = sorted(decisions, key=lambda decision: decision.id, reverse=True)
    for decision in latest_first:
        scope.refuse_beyond(moderator, decision.letter_id)
    _take_letters([decision.letter_id or 0 for decision in latest_first], [])
    outcome = Outcome()
    for decision in latest_first:
        _each(outcome, partial(undoing.undo, decision, moderator))
    return outcome


def _decided(name: Name, moderator: Account, reason: Reason | None, note: str) -> Decision | None:
    if name.held_id and reason is None:
        return holding.approve(name.held_id, moderator)
    if name.held_id and reason is not None:
        return holding.refuse_held(name.held_id, moderator, reason, note)
    letter = session.get(Letter, name.letter_id)
    if letter is None or letter.state is not LetterState.PUBLISHED:
        raise NotFound
    if reason is None:
        return reports.dismiss(letter, moderator, name.number)
    return actions.remove(letter, moderator, name.number, reason, note)


def _take_letters(letter_ids: list[int], held_ids: list[int]) -> None:
    """Lock the letters, always in one order: two moderators must not wait for each other."""
    found = session.scalars(
        sa.select(HeldComment.letter_id).where(HeldComment.id.in_(held_ids)).distinct()
    )
    for letter_id in sorted({*letter_ids, *found} - {0}):
        taken(Letter.clock, Letter.id == letter_id)


def _each(outcome: Outcome, act: Callable[[], Decision]) -> None:
    """Do one of several; a refusal undoes what it began, and nothing else.

    :raises NotFound: there is nothing to do it to.
    """
    try:
        with session.begin_nested():
            outcome.decisions.append(act())
    except NotFound:
        raise
    except Refusal as refusal:
        outcome.refused.append(refusal.message)
