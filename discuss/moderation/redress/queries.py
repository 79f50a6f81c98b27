"""Reading what people are told: authors of removed comments, reporters, senders of notices."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from discuss.accounts.models import Account
from discuss.base.db import session
from discuss.base.errors import NotFound
from discuss.comments.models import Comment, HeldComment, SealedWords, State
from discuss.letters.models import Letter
from discuss.letters.models import State as LetterState
from discuss.moderation import scope
from discuss.moderation.models import Act, Decision, Report
from discuss.moderation.redress import appeals
from discuss.moderation.redress.models import Appeal, Notice

SHOWN = 50  # of each kind on somebody's page; more happens to nobody who is still let in
PAGE_SIZE = 30  # appeals, or notices, that moderators see at once
_ANSWER = orm.aliased(Decision, name="answer")
_AUTHOR = orm.aliased(Account, name="author")
_ACTOR = orm.aliased(Account, name="actor")
_IN_PUBLIC = Letter.state == LetterState.PUBLISHED


@dataclass(frozen=True)
class Page:
    """Some of what waits for moderators, and where the rest begins."""

    items: list[Any]
    next: int | None


def decisions_about(author: Account) -> list[Any]:
    """Return the latest bans of somebody and removals of what they said, newest first."""
    columns: tuple[Any, ...] = (
        Decision.id,
        Decision.at,
        Decision.act,
        Decision.reason,
        Decision.until,
        Letter.slug,
        Letter.headline,
        sa.func.coalesce(SealedWords.source, HeldComment.source).label("words"),
        Comment.state,
        Appeal.id.label("appeal_id"),
        _ANSWER.act.label("answer"),
    )
    sealed = sa.and_(
        SealedWords.letter_id == Decision.letter_id,
        SealedWords.number == Decision.number,
        SealedWords.why == State.REMOVED,
    )
    held = sa.and_(
        HeldComment.id == Decision.held_id,
        HeldComment.account_id == Decision.subject_id,
        Decision.act == Act.REFUSED,
    )
    at = sa.and_(Comment.letter_id == Decision.letter_id, Comment.number == Decision.number)
    wanted = (
        sa.select(*columns)
        .select_from(Decision)
        .outerjoin(Letter, sa.and_(Letter.id == Decision.letter_id, _IN_PUBLIC))
        .outerjoin(Comment, at)
        .outerjoin(SealedWords, sealed)
        .outerjoin(HeldComment, held)
        .outerjoin(Appeal, Appeal.decision_id == Decision.id)
        .outerjoin(_ANSWER, _ANSWER.id == Appeal.answer_id)
        .where(Decision.subject_id == author.id, Decision.act.in_(appeals.APPEALABLE))
        .order_by(Decision.id.desc())
    )
    return list(session.execute(wanted.limit(SHOWN)))


def reports_of(reader: Account) -> list[Any]:
    """Return somebody's latest reports, newest first, with what came of them."""
    wanted = (
        sa.select(
            Report.at,
            Report.reason,
            Report.number,
            Letter.slug,
            Letter.headline,
            Comment.state,
            _ANSWER.act.label("answer"),
            _ANSWER.at.label("answered_at"),
            _ANSWER.reason.label("rule"),
        )
        .join(
            Comment,
            sa.and_(Comment.letter_id == Report.letter_id, Comment.number == Report.number),
        )
        .outerjoin(Letter, sa.and_(Letter.id == Report.letter_id, _IN_PUBLIC))
        .outerjoin(_ANSWER, _ANSWER.id == Report.decision_id)
        .where(Report.account_id == reader.id)
        .order_by(Report.id.desc())
    )
    return list(session.execute(wanted.limit(SHOWN)))


def own_decision(author: Account, decision_id: int) -> Decision:
    """Return a removal of somebody's own comment, or a ban of theirs.

    :raises NotFound: there is none, or it is about somebody else.
    """
    found = session.get(Decision, decision_id)
    if found is None or found.subject_id != author.id or found.act not in appeals.APPEALABLE:
        raise NotFound
    return found


def last_removal(author: Account, letter: Letter, number: int) -> Decision:
    """Return the latest removal of somebody's own comment.

    :raises NotFound: it was not removed, or is somebody else's.
    """
    wanted = sa.select(Decision).where(
        Decision.letter_id == letter.id,
        Decision.number == number,
        Decision.subject_id == author.id,
        Decision.act.in_(appeals.APPEALABLE),
    )
    if (found := session.scalar(wanted.order_by(Decision.id.desc()).limit(1))) is None:
        raise NotFound
    return found


def told_to_sender(notice: Notice) -> dict[str, Any]:
    """Return what the sender of a legal notice is told: what they sent, and what was decided."""
    letter = session.get_one(Letter, notice.letter_id)
    comment = session.get_one(Comment, (notice.letter_id, notice.number))
    return {
        "notice": notice,
        "is_back": comment.state is State.VISIBLE,
        "slug": letter.slug if letter.state is LetterState.PUBLISHED else None,
        "headline": letter.headline,
        "answer": session.get(Decision, notice.answer_id) if notice.answer_id else None,
    }


def open_appeals(after: int = 0) -> Page:
    """Return the viewer's appeals that wait, the one that has waited longest first.

    :param after: the id of the last one on the page before.
    """
    wanted = (
        sa.select(Appeal, Decision, _AUTHOR.name.label("author"), _ACTOR.name.label("actor"))
        .join(Decision, Decision.id == Appeal.decision_id)
        .join(_AUTHOR, _AUTHOR.id == Appeal.account_id)
        .join(_ACTOR, _ACTOR.id == Decision.actor_id)
        .where(Appeal.answer_id.is_(None), Appeal.id > after, scope.here(Decision.letter_id))
        .order_by(Appeal.id)
    )
    rows = session.execute(wanted.limit(PAGE_SIZE + 1)).all()
    return _page(list(rows), lambda row: row.Appeal.id)


def open_notices(after: int = 0) -> Page:
    """Return the viewer's legal notices that wait, the one that has waited longest first.

    :param after: the id of the last one on the page before.
    """
    wanted = (
        sa.select(
            Notice,
            Comment.html,
            Comment.state,
            Comment.posted_at,
            Letter.slug,
            Letter.headline,
            sa.func.coalesce(_AUTHOR.name, Comment.author_name).label("author"),
        )
        .join(
            Comment,
            sa.and_(Comment.letter_id == Notice.letter_id, Comment.number == Notice.number),
        )
        .join(Letter, Letter.id == Notice.letter_id)
        .outerjoin(_AUTHOR, _AUTHOR.id == Comment.account_id)
        .where(Notice.answer_id.is_(None), Notice.id > after, scope.here(Notice.letter_id))
        .order_by(Notice.id)
    )
    rows = session.execute(wanted.limit(PAGE_SIZE + 1)).all()
    return _page(list(rows), lambda row: row.Notice.id)


def open_counts() -> tuple[int, int]:
    """Return how many appeals and how many notices wait for the viewer."""
    own_appeals = (
        sa.select(sa.func.count())
        .select_from(Appeal)
        .join(Decision, Decision.id == Appeal.decision_id)
        .where(Appeal.answer_id.is_(None), scope.here(Decision.letter_id))
    )
    own_notices = (
        sa.select(sa.func.count())
        .select_from(Notice)
        .where(Notice.answer_id.is_(None), scope.here(Notice.letter_id))
    )
    wanted = sa.select(own_appeals.scalar_subquery(), own_notices.scalar_subquery())
    found = session.execute(wanted).one()
    return found[0], found[1]


def everything_asked_by(account: Account) -> dict[str, Any]:
    """Return what somebody asked of moderators, as JSON can carry it: for their own file."""
    reports = session.scalars(sa.select(Report).where(Report.account_id == account.id))
    asked = session.execute(
        sa.select(Appeal.at, Appeal.words, Decision.act)
        .join(Decision, Decision.id == Appeal.decision_id)
        .where(Appeal.account_id == account.id)
    )
    notices = session.scalars(sa.select(Notice).where(Notice.account_id == account.id))
    return {
        "reports": [
            {"at": one.at.isoformat(), "reason": one.reason, "note": one.note} for one in reports
        ],
        "appeals": [
            {"at": one.at.isoformat(), "against": one.act, "words": one.words} for one in asked
        ],
        "notices": [
            {
                "at": one.at.isoformat(),
                "explanation": one.explanation,
                "name": one.name,
                "email": one.email,
            }
            for one in notices
        ],
    }


def _page(rows: list[Any], place: Any) -> Page:
    shown = rows[:PAGE_SIZE]
    return Page(shown, place(shown[-1]) if len(rows) > PAGE_SIZE else None)
