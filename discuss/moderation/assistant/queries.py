"""Reading what the assistant may do, what it knows, and how good it is."""

from dataclasses import dataclass

import sqlalchemy as sa

from discuss.base.db import connection, session
from discuss.moderation.assistant.models import (
    MOST_THRESHOLD,
    THE_ONE,
    USUAL_THRESHOLD,
    Assistant,
    Knowledge,
)

IS_ON = sa.select(Assistant.is_on).where(Assistant.id == THE_ONE).scalar_subquery()
"""Whether the assistant looks at new comments; null where nobody has said."""
_IS_ON = sa.select(IS_ON)

STEPS = range(50, 100, 10)  # thresholds that the table has beside the one that is set


@dataclass(frozen=True)
class Outcome:
    """How a threshold did on the held-back decisions."""

    threshold: int
    held: int
    precision: int | None
    """Per cent of what it would have held that moderators removed."""
    recall: int | None
    """Per cent of what moderators removed that it would have held."""


def assistant() -> Assistant:
    """Return what the assistant may do; off where nobody has said anything."""
    found = session.get(Assistant, THE_ONE)
    return found or Assistant(is_on=False, may_hold=False, threshold=USUAL_THRESHOLD)


def is_on() -> bool:
    """Whether the assistant looks at new comments, in one short statement."""
    return bool(connection().scalar(_IS_ON))


def knowledge() -> Knowledge | None:
    """Return what was learned last."""
    return session.get(Knowledge, THE_ONE)


def outcomes(known: Knowledge, threshold: int) -> list[Outcome]:
    """Return how some thresholds did, the one that is set among them."""
    shown = {*STEPS, MOST_THRESHOLD, threshold}
    return [
        Outcome(
            measure["threshold"],
            held := measure["found"] + measure["wrong"],
            _percent(measure["found"], held),
            _percent(measure["found"], known.held_back_removed),
        )
        for measure in known.measures
        if measure["threshold"] in shown
    ]


def _percent(part: int, whole: int) -> int | None:
    return round(100 * part / whole) if whole else None
