"""Locking a branch: nothing is said under a comment any more, and everything else goes on."""

import pytest

from discuss.comments import actions as comments
from discuss.comments.errors import BranchLocked
from discuss.moderation import branches, holding, undoing
from discuss.moderation.errors import NotApproved

LOCKED = "A moderator has locked this branch"


@pytest.fixture
def branch(make, letter):
    """A comment, its reply, and the reply to that."""
    first = make.comment(letter, source="First.")
    second = make.comment(letter, first, source="Second.")
    return first, second, make.comment(letter, second, source="Third.")


def test_nothing_is_said_anywhere_under_a_locked_comment(letter, branch, desk, make, session):
    first, _second, third = branch
    beside = make.comment(letter)

    done = desk.post(f"/letters/{letter.slug}/comments/{first.number}/branch-lock", locked="yes")

    assert done.status_code == 303
    session.expire_all()
    for parent in (first, third):
        with pytest.raises(BranchLocked):
            make.comment(letter, parent)
        session.rollback()
        with pytest.raises(BranchLocked):
            comments.hold(letter, make.account(), make.remark(parent=parent.number), "", "x")
    assert make.comment(letter, beside).parent == beside.number
    assert make.comment(letter).parent == 0


def test_the_thread_says_so_and_offers_no_reply(letter, branch, moderator, reader, session):
    first, second, _third = branch
    branches.lock(letter, moderator, second.number)
    session.commit()

    page = reader.get(f"/letters/{letter.slug}").text
    under = reader.get(f"/letters/{letter.slug}/comments/{branch[2].number}?reply=1").text

    assert (page.count(LOCKED), page.count("data-reply>")) == (1, 1)
    assert f"comments/{first.number}?reply=1" in page
    assert ("data-reply>" in under, "Your reply" in under.split("<template")[0]) == (False, False)


def test_words_that_came_too_late_are_kept(letter, branch, moderator, make, sign_in, session):
    branches.lock(letter, moderator, branch[0].number)
    session.commit()

    answer = sign_in(make.account()).comment(letter, "Late.", branch[1].number)

    assert (answer.status_code, "Late." in answer.text) == (409, True)
    assert "This branch is locked" in answer.text


def test_what_was_held_before_is_not_approved_into_it(letter, branch, moderator, make, session):
    author = make.account()
    held = comments.hold(letter, author, make.remark(parent=branch[1].number), "<p>x</p>", "x")
    branches.lock(letter, moderator, branch[0].number)

    with pytest.raises(NotApproved):
        holding.approve(held.id, moderator)


def test_unlocked_and_undone(letter, branch, moderator, make, log):
    lock = branches.lock(letter, moderator, branch[0].number)
    assert branches.lock(letter, moderator, branch[0].number) is None

    undone = undoing.undo(lock, moderator)
    make.comment(letter, branch[2])
    undoing.undo(undone, moderator)
    with pytest.raises(BranchLocked):
        make.comment(letter, branch[2])
    branches.unlock(letter, moderator, branch[0].number)

    assert branches.unlock(letter, moderator, branch[0].number) is None
    assert log() == ["branch_locked", "branch_unlocked", "branch_locked", "branch_unlocked"]
