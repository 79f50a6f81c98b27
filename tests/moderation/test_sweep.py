"""Removing everything of a spammer in one act, and putting it back in one."""

import pytest
import sqlalchemy as sa

from discuss.accounts.models import Role
from discuss.base import jobs
from discuss.check.invariants import INVARIANTS
from discuss.comments import actions as comments
from discuss.comments.models import Comment, HeldComment, Reason, State
from discuss.letters.models import Letter
from discuss.moderation import actions, reports, undoing
from discuss.moderation.decisions import latest
from discuss.moderation.errors import CannotBan, NothingToSweep
from discuss.moderation.models import Decision, Report
from discuss.moderation.redress import appeals
from discuss.moderation.sanctions import sweeping, sweeps
from discuss.moderation.sanctions.sweeps import Swept


@pytest.fixture
def spammer(make):
    return make.account("Sal")


@pytest.fixture
def spam(make, spammer, session):
    """Comments under two letters, and one that is held."""
    letters = make.letter(), make.letter()
    said = [make.comment(letter, author=spammer, source="Buy.") for letter in letters * 2]
    make.held(letters[0], spammer)
    return said


def visible(session, account):
    session.expire_all()
    wanted = sa.select(Comment.letter_id, Comment.number).where(
        Comment.account_id == account.id, Comment.state == State.VISIBLE
    )
    return {tuple(row) for row in session.execute(wanted)}


def refused(session, account):
    session.expire_all()
    held = session.scalars(sa.select(HeldComment).filter_by(account_id=account.id))
    return [one.refused_at is not None for one in held]


def broken(session):
    return [name for name, count in INVARIANTS if session.scalar(count())]


def do_all(app, session):
    session.commit()
    jobs.run_due(app)
    session.expire_all()


def test_one_press_removes_everything_and_one_undo_brings_it_back(
    app, spammer, spam, desk, sign_in, session, log, make
):
    other = make.comment(session.get(Letter, spam[0].letter_id))
    before = visible(session, spammer)
    path = f"/moderation/accounts/{spammer.id}/sweep"

    assert "Remove everything of Sal" in desk.get(path).text
    done = desk.post(path, reason="spam", length="always")
    do_all(app, session)

    assert (done.status_code, visible(session, spammer), refused(session, spammer)) == (
        303,
        set(),
        [True],
    )
    assert other.state is State.VISIBLE
    assert sign_in(spammer).comment(make.letter(), "More.").status_code == 403
    assert (log(), broken(session)) == (["banned", "swept"], [])
    (swept,) = session.scalars(sa.select(Decision).filter_by(act="swept"))
    desk.post(f"/moderation/decisions/{swept.id}/undoing")
    do_all(app, session)
    assert (visible(session, spammer), refused(session, spammer)) == (before, [False])
    assert sign_in(spammer).comment(make.letter(), "More.").status_code == 303
    assert log() == ["banned", "swept", "unswept", "unbanned"]
    assert (broken(session), session.query(Swept).count()) == ([], 0)


def test_the_undoing_restores_exactly_what_it_removed(app, spammer, spam, moderator, session, make):
    first, second, third, fourth = spam
    letter = {one.letter_id: session.get(Letter, one.letter_id) for one in spam}
    actions.remove(letter[first.letter_id], moderator, first.number, Reason.ATTACK)
    sweep = sweeping.sweep(spammer, moderator, Reason.SPAM)
    do_all(app, session)
    actions.restore(letter[second.letter_id], moderator, second.number)
    actions.remove(letter[second.letter_id], moderator, second.number, Reason.PRIVATE)
    comments.delete(letter[third.letter_id], spammer, third.number)

    undoing.undo(sweep, moderator)
    do_all(app, session)

    assert visible(session, spammer) == {(fourth.letter_id, fourth.number)}
    assert (first.removed_for, second.removed_for) == (Reason.ATTACK, Reason.PRIVATE)
    assert (third.state, broken(session)) == (State.DELETED, [])


def test_reports_are_answered_and_asked_again(app, spammer, spam, moderator, make, session):
    letter = session.get(Letter, spam[0].letter_id)
    report = reports.report(letter, make.account(), spam[0].number, Reason.SPAM)
    sweep = sweeping.sweep(spammer, moderator, Reason.SPAM)
    do_all(app, session)
    answered = session.get(Report, report.id).decision_id

    undoing.undo(sweep, moderator)
    do_all(app, session)

    assert (answered, session.get(Report, report.id).decision_id) == (sweep.id, None)


@pytest.mark.row("F18")
def test_many_comments_go_in_steps_that_can_be_undone_half_way(
    app, spammer, moderator, make, session, monkeypatch
):
    monkeypatch.setattr(sweeps, "AT_ONCE", 3)
    letter = make.letter()
    for _ in range(10):
        make.comment(letter, author=spammer)
    before = visible(session, spammer)
    sweep = sweeping.sweep(spammer, moderator, Reason.SPAM)
    session.commit()
    after_a_step = len(visible(session, spammer))

    undoing.undo(sweep, moderator)
    do_all(app, session)

    assert (after_a_step, visible(session, spammer), broken(session)) == (7, before, [])


def test_undoing_the_undoing_removes_it_again(app, spammer, spam, moderator, session, log):
    sweep = sweeping.sweep(spammer, moderator, Reason.SPAM, ban=True)
    do_all(app, session)
    undone = undoing.undo(sweep, moderator)
    do_all(app, session)

    undoing.undo(undone, moderator)
    do_all(app, session)

    assert (visible(session, spammer), broken(session)) == (set(), [])
    assert log() == ["banned", "swept", "unswept", "unbanned", "banned", "swept"]


def test_a_ban_that_an_appeal_has_lifted_does_not_come_back_with_the_sweep(
    app, spammer, spam, moderator, make, session
):
    sweep = sweeping.sweep(spammer, moderator, Reason.SPAM, ban=True)
    do_all(app, session)
    asked = appeals.appeal(spammer, latest(f"ban {spammer.id}"), "It was my brother.")
    appeals.uphold(asked.id, make.moderator("Kit"))
    session.commit()

    undone = undoing.undo(sweep, moderator)
    do_all(app, session)
    undoing.undo(undone, moderator)
    do_all(app, session)

    assert (visible(session, spammer), actions.standing_ban(spammer.id)) == (set(), None)


def test_a_ban_of_before_stays(app, spammer, spam, moderator, session):
    actions.ban(spammer, moderator, Reason.ATTACK)
    sweep = sweeping.sweep(spammer, moderator, Reason.SPAM, ban=True)
    do_all(app, session)

    undoing.undo(sweep, moderator)

    assert actions.standing_ban(spammer.id).reason is Reason.ATTACK


def test_there_must_be_something_and_somebody(make, moderator, spammer):
    with pytest.raises(NothingToSweep):
        sweeping.sweep(spammer, moderator, Reason.SPAM)
    with pytest.raises(CannotBan):
        sweeping.sweep(make.account(role=Role.ADMINISTRATOR), moderator, Reason.SPAM)


@pytest.mark.parametrize("fields", [{}, {"reason": "spam"}, {"reason": "other", "length": "none"}])
def test_reason_and_length_are_needed(spammer, spam, desk, fields, log):
    answer = desk.post(f"/moderation/accounts/{spammer.id}/sweep", **fields)

    assert (answer.status_code, log()) == (422, [])
