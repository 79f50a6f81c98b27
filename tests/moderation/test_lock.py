"""Closing a discussion, and opening it again."""

import pytest

from discuss.comments.errors import ThreadLocked
from discuss.moderation import actions, undoing
from discuss.moderation.errors import AlreadyUndone


def test_a_locked_discussion_takes_no_comment_and_says_so(letter, desk, sign_in, make, reader):
    page = f"/letters/{letter.slug}"
    assert "Lock this discussion" in desk.get(page).text

    answer = desk.post(f"{page}/lock", locked="yes")
    late = sign_in(make.account()).comment(letter, "Late.")

    assert (answer.status_code, answer.location) == (303, f"{page}#talk")
    assert (late.status_code, "Late." in late.text) == (409, True)
    assert "This discussion is closed." in reader.get(page).text
    assert "Unlock this discussion" in desk.get(page).text
    assert "Lock this discussion" not in reader.get(page).text


def test_a_lock_ticks_so_that_stored_pages_go(letter, moderator):
    before = letter.clock

    actions.lock(letter, moderator)

    assert letter.clock == before + 1


def test_locking_twice_is_locking_once(letter, moderator, make, log):
    actions.lock(letter, moderator)
    clock = letter.clock

    assert actions.lock(letter, make.moderator("Kit")) is None
    assert (letter.clock, log()) == (clock, ["locked"])


def test_an_unlocked_discussion_takes_comments(letter, moderator, make, desk, session, log):
    actions.lock(letter, moderator)
    session.commit()

    answers = [desk.post(f"/letters/{letter.slug}/lock", locked="no") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    session.refresh(letter)
    make.comment(letter)
    assert log() == ["locked", "unlocked"]


@pytest.mark.parametrize("value", [None, "", "maybe", "1"])
def test_a_form_that_says_neither_changes_nothing(letter, desk, log, value):
    fields = {} if value is None else {"locked": value}

    assert desk.post(f"/letters/{letter.slug}/lock", **fields).status_code == 422
    assert log() == []


def test_undoing_a_lock_and_undoing_that(letter, moderator, make, log):
    lock = actions.lock(letter, moderator)

    unlock = undoing.undo(lock, moderator)
    make.comment(letter)
    undoing.undo(unlock, moderator)

    with pytest.raises(ThreadLocked):
        make.comment(letter)
    with pytest.raises(AlreadyUndone):
        undoing.undo(unlock, moderator)
    assert log() == ["locked", "unlocked", "locked"]
