"""What programs think of a comment stays with it, wherever it goes, and goes when it goes."""

import pytest
import sqlalchemy as sa

from discuss.comments import actions as comments
from discuss.comments.models import Comment, HeldComment, Reason
from discuss.moderation import holding, undoing
from discuss.moderation.queue import opinions
from discuss.moderation.queue.opinions import Judge, Opinion
from discuss.moderation.rules import reported


@pytest.fixture
def author(make):
    return make.account("Hayden")


@pytest.fixture
def held(make, letter, author, session):
    """A comment that waits, of which two programs think something."""
    made = make.held(letter, author)
    opinions.note(made, Judge.ASSISTANT, 91, "buy")
    opinions.note(made, Judge.AKISMET, 100)
    session.commit()
    return made


@pytest.fixture
def other(make, letter, session):
    """Another, so that what takes all of them is seen."""
    made = make.held(letter)
    opinions.note(made, Judge.ASSISTANT, 12)
    session.commit()
    return made


@pytest.fixture
def thought(session, other):
    """Number, held comment and score of each opinion but the other's."""

    def found():
        session.commit()
        mine = sa.select(Opinion.number, Opinion.held_id, Opinion.score)
        rows = session.execute(mine.where(Opinion.score != 12).order_by(Opinion.score))
        assert session.scalar(sa.select(Opinion.held_id).filter_by(score=12)) == other.id
        return [tuple(row) for row in rows]

    return found


def test_approved_it_keeps_what_was_thought_under_its_number(held, moderator, thought, desk):
    number = holding.approve(held.id, moderator).number

    assert thought() == [(number, None, 91), (number, None, 100)]
    assert "91 % like what was removed here before." in desk.get("/moderation?q=all").text


def test_an_approval_undone_takes_it_to_the_queue_and_back(held, moderator, thought, session):
    approval = holding.approve(held.id, moderator)
    undoing.undo(approval, moderator)
    again = session.scalars(sa.select(HeldComment.id).order_by(HeldComment.id.desc())).first()
    assert thought() == [(None, again, 91), (None, again, 100)]

    holding.approve(again, moderator)

    assert thought() == [(approval.number, None, 91), (approval.number, None, 100)]


def test_what_a_rule_holds_brings_it_along(letter, comment, thought):
    opinions.note(comment, Judge.ASSISTANT, 70)

    held = reported.hold(letter, comment.number, "Reported.")

    assert thought() == [(None, held.id, 70)]


def test_the_newer_thought_of_the_same_program_stands(held, moderator, thought, letter, session):
    number = holding.approve(held.id, moderator).number
    comment = session.get_one(Comment, (letter.id, number))
    opinions.note(comment, Judge.ASSISTANT, 40)
    waits = reported.hold(letter, number, "Reported.")
    opinions.note(waits, Judge.ASSISTANT, 50)
    opinions.note(comment, Judge.ASSISTANT, 60)  # by a job that was late

    holding.approve(waits.id, moderator)

    assert thought() == [(number, None, 50), (number, None, 100)]


def test_refused_it_stays_for_the_undoing(held, moderator, thought):
    holding.refuse_held(held.id, moderator, Reason.SPAM)

    assert thought() == [(None, held.id, 91), (None, held.id, 100)]


def test_who_takes_it_back_takes_that_along(held, author, thought):
    comments.withdraw_held(author, held)

    assert thought() == []


def test_who_deletes_what_waits_again_takes_that_along(held, author, moderator, letter, thought):
    approval = holding.approve(held.id, moderator)
    undoing.undo(approval, moderator)

    comments.delete(letter, author, approval.number)

    assert thought() == []
