"""Taking a comment out of the thread when as many readers report it as a rule says."""

import sqlalchemy as sa

from discuss.accounts.models import Account
from discuss.base.db import session
from discuss.comments.models import Comment, HeldComment, State
from discuss.letters import actions as letters
from discuss.letters.models import Letter
from discuss.moderation import reports, scope
from discuss.moderation.actions import thing
from discuss.moderation.decisions import record
from discuss.moderation.models import Act, Decision, Report
from discuss.moderation.rules import book, screen
from discuss.moderation.rules.facts import Facts
from discuss.moderation.rules.models import Kind
from discuss.moderation.taking_out import take_out


def hold_reported(report: Report) -> None:
    """Hold the comment of a new report where a rule says so; the log names the rule as who did.

    What a moderator has looked at and let stand, stands: readers cannot take it out again.
    """
    rules = [rule for rule in book.rules_of(report.letter_id) if rule.kind is Kind.REPORTS]
    if not rules:
        return
    letter = session.get_one(Letter, report.letter_id)
    comment = session.get_one(Comment, (report.letter_id, report.number))
    author = session.get(Account, comment.account_id) if comment.account_id else None
    if author is None or scope.moderates(author, letter.id):
        return
    why = screen.told(screen.lines(rules, _facts(letter, comment, author)))
    if why and not was_let_stand(comment):
        hold(letter, report.number, why)


def hold(letter: Letter, number: int, why: str) -> HeldComment | None:
    """Take a visible comment to the queue, as a rule; a moderator decides about it there.

    :param why: what its author and the queue are told.
    :returns: the held comment; nothing where it is no longer in its thread.
    """
    changed = letters.tick(letter)
    comment = session.get_one(Comment, (letter.id, number), populate_existing=True)
    if comment.state is not State.VISIBLE:
        return None
    held = take_out(letter, comment, changed, why, None)
    decision = record(
        None,
        Act.HELD_BY_RULE,
        thing(comment),
        (State.VISIBLE, "held"),
        note=why,
        letter_id=letter.id,
        number=number,
        held_id=held.id,
        subject_id=comment.account_id,
    )
    reports.close(decision)
    return held


def _facts(letter: Letter, comment: Comment, author: Account) -> Facts:
    return Facts(
        source=comment.source,
        at=comment.posted_at,
        letter_id=letter.id,
        letter_since=letter.published_at,
        account_id=author.id,
        account_since=author.created_at,
        number=comment.number,
    )


def was_let_stand(comment: Comment) -> bool:
    """Whether a moderator has decided since its last edit that it may be read."""
    decided = session.scalar(
        sa.select(sa.func.max(Decision.at)).where(
            Decision.letter_id == comment.letter_id,
            Decision.number == comment.number,
            Decision.act.in_((Act.APPROVED, Act.RESTORED, Act.DISMISSED)),
        )
    )
    return decided is not None and (comment.edited_at is None or comment.edited_at < decided)
