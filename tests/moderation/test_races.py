"""Several moderators at once (F13): one order, each act once in the log, counts right."""

from itertools import pairwise

import pytest
import sqlalchemy as sa

from discuss.accounts.models import Account
from discuss.base.db import db
from discuss.base.errors import Refusal
from discuss.comments import actions as comments
from discuss.comments.models import Comment, HeldComment, Reason, SealedWords, State
from discuss.letters.models import Letter
from discuss.moderation import actions, holding, reports, undoing
from discuss.moderation.models import Act, Ban, Decision, Report


def here(row):
    """Return a row as a request of its own finds it."""
    return db.session.get_one(type(row), sa.inspect(row).identity)


def lines(session, *acts):
    session.expire_all()
    return session.scalars(
        sa.select(Decision).where(Decision.act.in_(acts)).order_by(Decision.id)
    ).all()


def assert_whole(session, letter):
    """The invariants of threads.md that moderation touches."""
    visible = session.scalar(
        sa.select(sa.func.count())
        .select_from(Comment)
        .where(Comment.letter_id == letter.id, Comment.number > 0, Comment.state == State.VISIBLE)
    )
    found = session.get_one(Letter, letter.id, populate_existing=True)
    assert found.comment_count == visible
    latest = sa.select(sa.func.max(Comment.changed)).where(Comment.letter_id == letter.id)
    assert session.scalar(latest) <= found.clock
    sealed = session.scalars(sa.select(SealedWords.number)).all()
    removed = session.scalars(sa.select(Comment.number).where(Comment.state == State.REMOVED)).all()
    assert sorted(sealed) == sorted(removed)


@pytest.mark.row("F13")
def test_fifty_removals_and_restorations_by_two_moderators(
    letter, moderator, make, comment, everybody, session
):
    kit, number = make.moderator("Kit"), comment.number

    def remove(who):
        return lambda: actions.remove(here(letter), here(who), number, Reason.SPAM)

    def restore(who):
        return lambda: actions.restore(here(letter), here(who), number)

    outcomes = everybody(
        [act(who) for _ in range(13) for act in (remove, restore) for who in (moderator, kit)][:50]
    )

    log = lines(session, Act.REMOVED, Act.RESTORED)
    states = [line.after for line in log]
    assert len(log) == outcomes.count(True)
    assert not [one for one in outcomes if isinstance(one, Refusal)]
    assert states[0] == "removed"
    assert all(one != other for one, other in pairwise(states)), "each act follows its opposite"
    final = session.get_one(Comment, (letter.id, number), populate_existing=True)
    assert final.state == states[-1]
    assert (final.source == "") is (final.state is State.REMOVED)
    assert_whole(session, letter)


@pytest.mark.row("F12", "F13")
def test_twenty_approvals_are_one(letter, moderator, make, everybody, session):
    held_id = make.held(letter, make.account("Hayden")).id

    outcomes = everybody([lambda: holding.approve(held_id, here(moderator))] * 20)

    assert outcomes.count(True) == 1
    assert outcomes.count(False) == 19
    assert len(lines(session, Act.APPROVED)) == 1
    assert session.scalars(sa.select(HeldComment)).all() == []
    assert_whole(session, letter)


@pytest.mark.row("F13")
def test_approved_or_refused_but_not_both(letter, moderator, make, everybody, session):
    for _ in range(5):
        held_id = make.held(letter).id

        outcomes = everybody(
            [
                lambda held_id=held_id: holding.approve(held_id, here(moderator)),
                lambda held_id=held_id: holding.refuse_held(held_id, here(moderator), Reason.SPAM),
            ]
        )

        assert sorted(map(type, outcomes), key=str)[0] is bool
        assert [one is True for one in outcomes].count(True) == 1
    assert len(lines(session, Act.APPROVED, Act.REFUSED)) == 5
    assert_whole(session, letter)


@pytest.mark.row("F12", "F13")
def test_twenty_undoings_are_one(letter, moderator, comment, everybody, session):
    removal = actions.remove(letter, moderator, comment.number, Reason.SPAM)
    session.commit()

    outcomes = everybody([lambda: undoing.undo(here(removal), here(moderator))] * 20)

    assert outcomes.count(True) == 1
    assert {one.status for one in outcomes if isinstance(one, Refusal)} == {409}
    assert len(lines(session, Act.RESTORED)) == 1
    assert_whole(session, letter)


@pytest.mark.row("F12", "F13")
def test_twenty_bans_are_one_and_so_are_twenty_locks_and_dismissals(
    letter, moderator, make, comment, everybody, session
):
    villain = make.account("Max")
    for _ in range(3):
        reports.report(letter, make.account(), comment.number, Reason.SPAM)
    session.commit()

    banned = everybody([lambda: actions.ban(here(villain), here(moderator), Reason.SPAM)] * 20)
    locked = everybody([lambda: actions.lock(here(letter), here(moderator))] * 20)
    dismissed = everybody(
        [lambda: reports.dismiss(here(letter), here(moderator), comment.number)] * 20
    )

    for outcomes in (banned, locked, dismissed):
        assert (outcomes.count(True), outcomes.count(False)) == (1, 19)
    acts = [line.act for line in lines(session, Act.BANNED, Act.LOCKED, Act.DISMISSED)]
    assert acts == [Act.BANNED, Act.LOCKED, Act.DISMISSED]
    assert len(session.scalars(sa.select(Ban)).all()) == 1


@pytest.mark.row("F12", "F13")
def test_twenty_reports_of_one_reader_are_one(letter, make, comment, everybody, session):
    reader = make.account()

    outcomes = everybody(
        [
            lambda: reports.report(here(letter), here(reader), comment.number, Reason.SPAM)
            for _ in range(20)
        ]
    )

    assert outcomes == [True] * 20
    assert len(session.scalars(sa.select(Report)).all()) == 1


@pytest.mark.row("F14")
def test_a_reply_to_what_is_being_removed_stands_or_is_refused(
    letter, moderator, make, everybody, session
):
    for _ in range(5):
        parent = make.comment(letter)
        author, number = make.account(), parent.number

        def answer(author=author, number=number):
            return comments.post(here(letter), here(author), make.remark("So.", parent=number))

        def remove(number=number):
            return actions.remove(here(letter), here(moderator), number, Reason.SPAM)

        replied, removed = everybody([answer, remove])

        assert removed is True
        replies = session.scalar(
            sa.select(sa.func.count())
            .select_from(Comment)
            .where(Comment.letter_id == letter.id, Comment.parent == number)
        )
        assert replies == (replied is True)
        session.refresh(parent)
        assert parent.reply_count == replies
    assert_whole(session, letter)


@pytest.mark.row("F14")
def test_an_edit_while_it_is_removed_is_not_lost_in_silence(
    letter, moderator, make, everybody, session
):
    for n in range(5):
        author = make.account()
        comment = make.comment(letter, author=author, source="Before.")
        number = comment.number

        def edit(author=author, number=number, n=n):
            return comments.edit(here(letter), here(author), number, f"After {n}.", None)

        def remove(number=number):
            return actions.remove(here(letter), here(moderator), number, Reason.SPAM)

        edited, removed = everybody([edit, remove])

        assert removed is True
        words = session.scalar(
            sa.select(SealedWords.source).where(
                SealedWords.letter_id == letter.id, SealedWords.number == number
            )
        )
        assert words == (f"After {n}." if edited is True else "Before.")
    assert_whole(session, letter)


@pytest.mark.row("F14")
def test_its_author_deletes_what_a_moderator_removes(letter, moderator, make, everybody, session):
    for _ in range(5):
        author = make.account()
        number = make.comment(letter, author=author).number

        def delete(author=author, number=number):
            return comments.delete(here(letter), db.session.get_one(Account, author.id), number)

        def remove(number=number):
            return actions.remove(here(letter), here(moderator), number, Reason.SPAM)

        everybody([delete, remove])

        session.expire_all()
        assert session.get_one(Comment, (letter.id, number)).state is State.DELETED
    count = session.get_one(Letter, letter.id, populate_existing=True).comment_count
    assert count == 0
