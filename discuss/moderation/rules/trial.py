"""What a rule would hold, before it is switched on: a pasted text, and the latest comments."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from discuss.accounts.models import Account
from discuss.base import clock
from discuss.base.db import session
from discuss.comments.models import Comment, State
from discuss.letters.models import Letter
from discuss.letters.models import State as LetterState
from discuss.moderation.rules.explain import Ready, explanation
from discuss.moderation.rules.facts import Facts

LATEST = 200  # comments that a rule is tried on


@dataclass(frozen=True)
class Found:
    """A comment that a rule would have held, and why."""

    row: Any
    why: str


@dataclass(frozen=True)
class Trial:
    """What a rule would have held of the latest comments."""

    looked_at: int
    found: list[Found]
    sample: str | None
    """Why the pasted text would wait."""


def tried(rule: Ready, sample: str) -> Trial:
    """Try a rule, each comment at the moment at which it was posted.

    :param rule: it need not be switched on.
    :param sample: a text as somebody new would post it; nothing where none was pasted.
    """
    rows = _latest(rule.letter_id)
    found = [Found(row, why) for row in rows if (why := explanation(rule, _facts(row)))]
    return Trial(len(rows), found, explanation(rule, _of_nobody(rule, sample)) if sample else None)


def _latest(letter_id: int | None) -> list[Any]:
    wanted = (
        sa.select(
            Comment.letter_id,
            Comment.number,
            Comment.account_id,
            Comment.posted_at,
            Comment.source,
            Comment.html,
            Account.created_at,
            sa.func.coalesce(Account.name, Comment.author_name).label("name"),
            Letter.slug,
            Letter.published_at,
        )
        .join(Letter, Letter.id == Comment.letter_id)
        .outerjoin(Account, Account.id == Comment.account_id)
        .where(
            Comment.number > 0,
            Comment.state == State.VISIBLE,
            Letter.state == LetterState.PUBLISHED,
        )
        .order_by(Comment.posted_at.desc(), Comment.letter_id, Comment.number)
        .limit(LATEST)
    )
    if letter_id is not None:
        wanted = wanted.where(Comment.letter_id == letter_id)
    return list(session.execute(wanted))


def _facts(row: Any) -> Facts:
    return Facts(
        source=row.source,
        at=row.posted_at,
        letter_id=row.letter_id,
        letter_since=row.published_at,
        account_id=row.account_id,
        account_since=row.created_at,
        number=row.number,
        is_past=True,
    )


def _of_nobody(rule: Ready, sample: str) -> Facts:
    """Return the facts of a text that an account posts which came a minute ago."""
    now = clock.now()
    letter = session.get(Letter, rule.letter_id) if rule.letter_id else None
    return Facts(
        source=sample,
        at=now,
        letter_id=rule.letter_id or 0,
        letter_since=letter.published_at if letter else None,
        account_id=0,
        account_since=now - timedelta(minutes=1),
    )
