"""Readers' notices that a comment breaks the rules, and the answers to them."""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.dialects import postgresql, sqlite

from discuss.accounts.models import Account
from discuss.base import clock
from discuss.base.config import settings
from discuss.base.db import is_sqlite, session
from discuss.base.errors import TooFast, wait_in_words
from discuss.comments import queries
from discuss.comments.models import Comment, Reason, State
from discuss.letters.models import Letter
from discuss.moderation.decisions import record, refuse_unless_moderator, taken
from discuss.moderation.errors import AlreadyDecided, NotInDiscussion, OwnReport
from discuss.moderation.events import comment_reported
from discuss.moderation.models import Act, Decision, Report

REPORTS_AN_HOUR = 20  # a reader meets a few bad comments; more at once is a campaign


def report(letter: Letter, reader: Account, number: int, reason: Reason, note: str = "") -> Report:
    """Tell the moderators that a comment breaks the rules; a second time says it anew.

    A banned account may report: it can be attacked like everybody else.

    :param letter: whose thread.
    :param reader: who reports; only moderators see it.
    :param number: the comment.
    :param reason: which rule.
    :param note: what a moderator should know.
    :raises OwnReport: the reader wrote it.
    :raises NotInDiscussion: it was removed or deleted.
    :raises AlreadyDecided: a moderator has answered this report, and the comment is as it was.
    :raises TooFast: this reader reported many in the last hour.
    """
    comment = queries.comment(letter, number)
    if comment.state is not State.VISIBLE:
        raise NotInDiscussion
    if comment.account_id == reader.id:
        raise OwnReport
    _refuse_if_answered(comment, reader)
    _refuse_if_too_fast(reader)
    taken(Letter.clock, Letter.id == letter.id)  # first, for a rule may hold the comment
    found = _said(letter, reader, number, reason, note)
    comment_reported.send(found)
    return found


def dismiss(
    letter: Letter, moderator: Account, number: int, *, undoes: Decision | None = None
) -> Decision | None:
    """Answer a comment's reports: it stays.

    :param undoes: the reopening that this undoes.
    :returns: the decision; nothing when no report is open.
    """
    refuse_unless_moderator(moderator)
    comment = queries.comment(letter, number)
    if not taken(Report.note, *_open(letter.id, number)):
        return None
    decision = record(
        moderator,
        Act.DISMISSED,
        f"reports {letter.id}/{number}",
        ("reported", State.VISIBLE),
        undoes=undoes,
        letter_id=letter.id,
        number=number,
        subject_id=comment.account_id,
    )
    close(decision)
    return decision


def reopen(moderator: Account, dismissal: Decision) -> Decision | None:
    """Ask again what a dismissal answered.

    :returns: the decision; nothing when none of its reports is left.
    """
    refuse_unless_moderator(moderator)
    if not taken(Report.note, Report.decision_id == dismissal.id):
        return None
    reopen_closed_by(dismissal)
    return record(
        moderator,
        Act.REOPENED,
        dismissal.about,
        (State.VISIBLE, "reported"),
        undoes=dismissal,
        letter_id=dismissal.letter_id,
        number=dismissal.number,
        subject_id=dismissal.subject_id,
    )


def close(decision: Decision) -> None:
    """Let a decision answer every open report of its comment."""
    session.execute(
        sa.update(Report)
        .where(*_open(decision.letter_id, decision.number))
        .values(decision_id=decision.id)
    )


def reopen_closed_by(decision: Decision) -> None:
    """Open the reports again that a decision had answered."""
    session.execute(
        sa.update(Report).where(Report.decision_id == decision.id).values(decision_id=None)
    )


def _open(letter_id: int | None, number: int | None) -> tuple[sa.ColumnElement[bool], ...]:
    return Report.letter_id == letter_id, Report.number == number, Report.decision_id.is_(None)


def _refuse_if_answered(comment: Comment, reader: Account) -> None:
    """Refuse to ask a second time about the same words."""
    answered_at = session.scalar(
        sa.select(Decision.at)
        .join(Report, Report.decision_id == Decision.id)
        .where(
            Report.letter_id == comment.letter_id,
            Report.number == comment.number,
            Report.account_id == reader.id,
        )
    )
    if answered_at and (comment.edited_at is None or comment.edited_at < answered_at):
        raise AlreadyDecided


def _refuse_if_too_fast(reader: Account) -> None:
    if not settings().pace or reader.moderates_site:
        return
    hour = timedelta(hours=1)
    times = session.scalars(
        sa.select(Report.at)
        .where(Report.account_id == reader.id, Report.at > clock.now() - hour)
        .order_by(Report.at.desc())
        .limit(REPORTS_AN_HOUR)
    ).all()
    if len(times) >= REPORTS_AN_HOUR:
        wait = max(1, int((times[-1] + hour - clock.now()).total_seconds()) + 1)
        told = _(
            "You have sent %(n)s reports within an hour. Send this one in %(time)s.",
            n=REPORTS_AN_HOUR,
            time=wait_in_words(wait),
        )
        raise TooFast(told, retry_after=wait)


def _said(letter: Letter, reader: Account, number: int, reason: Reason, note: str) -> Report:
    """Insert the report or change it: one statement, so that a double click finds its first."""
    insert = sqlite.insert if is_sqlite() else postgresql.insert
    words = {"reason": reason, "note": note, "at": clock.now(), "decision_id": None}
    statement: Any = insert(Report).values(
        letter_id=letter.id, number=number, account_id=reader.id, **words
    )
    return session.scalars(
        statement.on_conflict_do_update(
            index_elements=["letter_id", "number", "account_id"], set_=words
        ).returning(Report),
        execution_options={"populate_existing": True},
    ).one()
