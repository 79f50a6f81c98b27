"""Reading back: the log, what was decided about one thing, and what a comment said before."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from discuss.accounts.models import Account
from discuss.base.db import session
from discuss.base.errors import NotFound
from discuss.comments.models import Comment, EarlierText, SealedWords, State
from discuss.letters.models import Letter
from discuss.moderation import scope
from discuss.moderation.models import Act, Decision

PAGE_SIZE = 100  # lines of the log; they are short
LINES_OF_ONE = 50  # of one comment's or one account's; nobody is decided about more often

GROUPS: dict[str, tuple[Act, ...]] = {
    "removals": (Act.REMOVED, Act.RESTORED, Act.REFUSED, Act.SWEPT, Act.UNSWEPT),
    "approvals": (Act.APPROVED, Act.HELD, Act.HELD_BY_RULE),
    "reports": (Act.DISMISSED, Act.REOPENED),
    "bans": (Act.BANNED, Act.UNBANNED),
    "locks": (Act.LOCKED, Act.UNLOCKED, Act.BRANCH_LOCKED, Act.BRANCH_UNLOCKED),
    "redactions": (Act.REDACTED, Act.UNREDACTED),
    "warnings": (Act.WARNED, Act.UNWARNED),
    "appeals": (Act.APPEAL_UPHELD, Act.APPEAL_REJECTED, Act.APPEAL_REOPENED),
    "notices": (Act.NOTICE_UPHELD, Act.NOTICE_REJECTED, Act.NOTICE_REOPENED),
    "rules": (
        Act.RULE_SET,
        Act.PACE_SET,
        Act.PACE_GROWN,
        Act.HOUSE_RULES_SET,
        Act.ASSISTANT_SET,
    ),
    "roles": (Act.GRANTED,),
}
"""What the log can be narrowed to."""

_SUBJECT = orm.aliased(Account, name="subject")
_LATER = orm.aliased(Decision, name="later")


@dataclass(frozen=True)
class PageOfLog:
    """Some lines of the log, newest first, and where the older ones begin."""

    lines: list[Any]
    next: int | None


def log(who: int | None = None, what: str | None = None, before: int | None = None) -> PageOfLog:
    """Return a page of the log, newest first.

    :param who: only what this account decided.
    :param what: only acts of this group.
    :param before: the id of the last line on the page before.
    """
    wanted = _lines().where(scope.here(Decision.letter_id))
    if who is not None:
        wanted = wanted.where(Decision.actor_id == who)
    if what is not None:
        wanted = wanted.where(Decision.act.in_(GROUPS[what]))
    if before is not None:
        wanted = wanted.where(Decision.id < before)
    found = session.execute(wanted.limit(PAGE_SIZE + 1)).all()
    shown = list(found[:PAGE_SIZE])
    return PageOfLog(shown, shown[-1].id if len(found) > PAGE_SIZE else None)


def actors() -> list[tuple[int, str]]:
    """Return id and name of everybody who ever decided something."""
    deciding = (
        sa.select(Decision.actor_id)
        .where(scope.here(Decision.letter_id), Decision.actor_id.is_not(None))
        .distinct()
        .scalar_subquery()
    )
    rows = session.execute(
        sa.select(Account.id, Account.name).where(Account.id.in_(deciding)).order_by(Account.name)
    )
    return [(account_id, name) for account_id, name in rows]


def about_comment(letter: Letter, number: int) -> list[Any]:
    """Return the lines of the log about one comment, newest first."""
    wanted = _lines().where(Decision.letter_id == letter.id, Decision.number == number)
    return list(session.execute(wanted.limit(LINES_OF_ONE)))


def about_account(account: Account) -> list[Any]:
    """Return the latest lines of the log about an account and its comments, newest first."""
    wanted = _lines().where(Decision.subject_id == account.id)
    return list(session.execute(wanted.limit(LINES_OF_ONE)))


def decision(decision_id: int) -> Decision:
    """Return a line of the log.

    :raises NotFound: there is no such line.
    """
    found = session.get(Decision, decision_id)
    if found is None:
        raise NotFound
    return found


def earlier_texts(letter: Letter, number: int) -> list[EarlierText]:
    """Return what a comment said before its edits, oldest first."""
    return list(
        session.scalars(
            sa.select(EarlierText)
            .where(EarlierText.letter_id == letter.id, EarlierText.number == number)
            .order_by(EarlierText.changed)
        )
    )


def removed_words(letter: Letter, number: int) -> str | None:
    """Return what a removed comment said; what its author deleted is nobody's to read."""
    return session.scalar(
        sa.select(SealedWords.source).where(
            SealedWords.letter_id == letter.id,
            SealedWords.number == number,
            SealedWords.why == State.REMOVED,
        )
    )


def _lines() -> sa.Select[Any]:
    """Decisions with the names a line needs, and whether each is the last word on its thing."""
    superseded = (
        sa.exists()
        .where(_LATER.about == Decision.about, _LATER.id > Decision.id)
        .correlate(Decision)
    )
    columns: tuple[Any, ...] = (
        Decision.id,
        Decision.at,
        Decision.about,
        Decision.act,
        Decision.reason,
        Decision.note,
        Decision.number,
        Decision.until,
        Decision.before,
        Decision.after,
        Decision.subject_id,
        Decision.concerns_id,
        Account.name.label("actor"),
        sa.func.coalesce(_SUBJECT.name, Comment.author_name).label("subject"),
        Letter.slug,
        Letter.headline,
        sa.not_(superseded).label("may_undo"),
    )
    return (
        sa.select(*columns)
        .select_from(Decision)
        .outerjoin(Account, Account.id == Decision.actor_id)
        .outerjoin(_SUBJECT, _SUBJECT.id == Decision.subject_id)
        .outerjoin(Letter, Letter.id == Decision.letter_id)
        .outerjoin(
            Comment,
            sa.and_(Comment.letter_id == Decision.letter_id, Comment.number == Decision.number),
        )
        .order_by(Decision.id.desc())
    )
