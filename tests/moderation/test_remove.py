"""Removing a comment and putting it back."""

import pytest
import sqlalchemy as sa

from discuss.base.errors import Forbidden
from discuss.comments import actions as comments
from discuss.comments import voting
from discuss.comments.errors import CommentDeleted, ParentRemoved
from discuss.comments.models import Comment, Reason, SealedWords, State
from discuss.moderation import actions, history, reports
from discuss.moderation.errors import NoteNeeded, WordsGone
from discuss.moderation.events import decision_made
from discuss.moderation.models import Decision, Report


def test_a_removed_comment_leaves_a_tombstone_with_the_reason(
    letter, moderator, comment, desk, reader
):
    path = f"/letters/{letter.slug}/comments/{comment.number}"

    answer = desk.post(f"{path}/removal", reason="attack", next=f"{path}#c-{comment.number}")
    page = reader.get(path)

    assert (answer.status_code, answer.location) == (303, f"{path}#c-{comment.number}")
    assert "Removed by a moderator:" in page.text
    assert "Personal attack" in page.text
    assert "somewhere else" not in page.text
    assert "Removed: personal attack." in desk.get(path).text


@pytest.mark.row("27")
def test_removed_words_are_nowhere_in_public(letter, moderator, comment, reader, session):
    actions.remove(letter, moderator, comment.number, Reason.SPAM, "a note for the log")
    session.commit()
    base = f"/letters/{letter.slug}"

    pages = ["/", base, f"{base}?sort=newest", f"{base}/comments/{comment.number}"]
    texts = [reader.get(page).text for page in pages]

    assert not any("somewhere else" in text or "a note for the log" in text for text in texts)
    assert session.scalars(
        sa.select(Comment.source).where(Comment.state == State.REMOVED)
    ).all() == [""]


def test_a_removal_is_a_line_of_the_log_and_a_tick(letter, moderator, comment):
    before, count, told = letter.clock, letter.comment_count, []
    with decision_made.connected_to(told.append):
        decision = actions.remove(letter, moderator, comment.number, Reason.OTHER, "A double.")

    assert (decision.actor_id, decision.act, decision.reason, decision.note) == (
        moderator.id,
        "removed",
        "other",
        "A double.",
    )
    assert (decision.before, decision.after) == ("visible", "removed")
    assert (decision.letter_id, decision.number) == (letter.id, comment.number)
    assert decision.subject_id == comment.account_id
    assert (letter.clock, comment.changed) == (before + 1, before + 1)
    assert letter.comment_count == count - 1
    assert told == [decision]


@pytest.mark.row("F12")
def test_removing_twice_is_removing_once(letter, moderator, comment, make, log):
    actions.remove(letter, moderator, comment.number, Reason.SPAM)
    clock, count = letter.clock, letter.comment_count

    again = actions.remove(letter, make.moderator("Kit"), comment.number, Reason.ATTACK)

    assert again is None
    assert (letter.clock, letter.comment_count) == (clock, count)
    assert (comment.removed_for, log()) == (Reason.SPAM, ["removed"])


@pytest.mark.row("F12")
def test_somebody_who_presses_twice_is_told_so(letter, comment, desk, log):
    path = f"/letters/{letter.slug}/comments/{comment.number}"

    answers = [desk.post(f"{path}/removal", reason="spam") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert "You have removed this already." in desk.get(path).text
    assert log() == ["removed"]


def test_a_restored_comment_is_as_it_was(letter, moderator, comment, make, desk):
    voting.vote(letter, make.account(), comment.number, 1)
    words = comment.source, comment.html
    count = letter.comment_count
    removal = actions.remove(letter, moderator, comment.number, Reason.SPAM)

    restoration = actions.restore(letter, moderator, comment.number)

    assert (comment.source, comment.html) == words
    assert (comment.state, comment.removed_for, comment.score) == (State.VISIBLE, None, 1)
    assert (letter.comment_count, comment.changed) == (count, letter.clock)
    assert (restoration.before, restoration.after) == ("removed", "visible")
    assert restoration.undoes_id == removal.id


def test_restoring_what_can_be_read_does_nothing(letter, moderator, comment, log):
    assert actions.restore(letter, moderator, comment.number) is None
    assert log() == []


def test_the_button_on_the_tombstone_restores(letter, comment, desk, reader, session, moderator):
    actions.remove(letter, moderator, comment.number, Reason.ILLEGAL)
    session.commit()
    path = f"/letters/{letter.slug}/comments/{comment.number}"
    assert f'action="{path}/restoration"' in desk.get(path).text
    assert "Restore" not in reader.get(path).text

    desk.post(f"{path}/restoration")

    assert "somewhere else" in reader.get(path).text


def test_what_its_author_deleted_no_moderator_removes_or_restores(
    letter, moderator, comment, session
):
    author = session.get_one(type(moderator), comment.account_id)
    actions.remove(letter, moderator, comment.number, Reason.SPAM)
    comments.delete(letter, author, comment.number)

    for act in (
        lambda: actions.restore(letter, moderator, comment.number),
        lambda: actions.remove(letter, moderator, comment.number, Reason.SPAM),
    ):
        with pytest.raises(CommentDeleted):
            act()


@pytest.mark.row("F14")
def test_replies_keep_their_place_under_a_tombstone(
    make, letter, moderator, comment, reader, session
):
    make.comment(letter, parent=comment, source="That is no answer.")

    actions.remove(letter, moderator, comment.number, Reason.ATTACK)
    session.commit()

    assert "That is no answer." in reader.get(f"/letters/{letter.slug}").text
    with pytest.raises(ParentRemoved):
        comments.post(letter, make.account(), make.remark("Late.", parent=comment.number))


def test_other_wants_a_note(letter, moderator, comment, desk, log):
    path = f"/letters/{letter.slug}/comments/{comment.number}"
    with pytest.raises(NoteNeeded):
        actions.remove(letter, moderator, comment.number, Reason.OTHER)

    form = desk.get(f"{path}/removal")
    bare = desk.post(f"{path}/removal", reason="other", note=" ", next="/moderation")
    answer = desk.post(f"{path}/removal", reason="other", note="Poses as me.", next="/moderation")

    assert "somewhere else" in form.text
    assert "Remove comment" in form.text
    assert bare.status_code == 422
    assert "Write a note" in bare.text
    assert 'name="next" value="/moderation"' in bare.text
    assert (answer.status_code, answer.location, log()) == (303, "/moderation", ["removed"])


@pytest.mark.parametrize("reason", ["", "none", "ATTACK", "attack,spam"])
def test_without_a_reason_nothing_is_removed(letter, comment, desk, log, reason):
    path = f"/letters/{letter.slug}/comments/{comment.number}/removal"

    answer = desk.post(path, reason=reason, note="a word kept")

    assert (answer.status_code, log()) == (422, [])
    assert "Choose a reason." in answer.text
    assert "a word kept" in answer.text


@pytest.mark.row("4")
def test_a_note_that_is_too_long_or_unprintable_comes_back(letter, comment, desk, log):
    path = f"/letters/{letter.slug}/comments/{comment.number}/removal"

    answers = [desk.post(path, reason="spam", note=note) for note in ("x" * 501, "a\0b")]

    assert [answer.status_code for answer in answers] == [422, 422]
    assert log() == []


@pytest.mark.parametrize("number", [0, 999, 2**31, 10**30])
def test_there_must_be_such_a_comment(letter, desk, number, log):
    path = f"/letters/{letter.slug}/comments/{number}"

    answers = [
        desk.post(f"{path}/removal", reason="spam").status_code,
        desk.post(f"{path}/restoration").status_code,
        desk.get(f"{path}/removal").status_code,
        desk.get(f"{path}/history").status_code,
    ]

    assert (answers, log()) == ([404] * 4, [])


def test_only_moderators_decide_whoever_calls(letter, make, comment, log):
    for act in (
        lambda account: actions.remove(letter, account, comment.number, Reason.SPAM),
        lambda account: actions.restore(letter, account, comment.number),
        lambda account: reports.dismiss(letter, account, comment.number),
        lambda account: actions.lock(letter, account),
        lambda account: actions.ban(make.account(), account, Reason.SPAM),
    ):
        with pytest.raises(Forbidden):
            act(make.account())
    assert log() == []


def test_a_removal_answers_the_reports(letter, moderator, comment, make, session):
    for reader in (make.account(), make.account()):
        reports.report(letter, reader, comment.number, Reason.ATTACK)

    decision = actions.remove(letter, moderator, comment.number, Reason.ATTACK)

    assert session.scalars(sa.select(Report.decision_id)).all() == [decision.id] * 2


def test_a_tombstone_that_came_without_words_stays_one(letter, moderator, comment, session):
    comment.state, comment.source, comment.html = State.REMOVED, "", ""
    session.commit()

    with pytest.raises(WordsGone):
        actions.restore(letter, moderator, comment.number)


@pytest.mark.row("27")
def test_moderators_read_what_was_removed_and_nobody_else_does(
    letter, moderator, comment, desk, sign_in, make, session
):
    actions.remove(letter, moderator, comment.number, Reason.PRIVATE)
    session.commit()
    path = f"/letters/{letter.slug}/comments/{comment.number}/history"

    page, other = desk.get(path), sign_in(make.account()).get(path)

    assert (page.status_code, other.status_code) == (200, 403)
    assert "somewhere else" in page.text
    assert "Removed a comment by" in page.text
    assert "somewhere else" not in other.text


@pytest.mark.row("27")
def test_earlier_texts_are_for_moderators(letter, comment, desk, session, moderator):
    author = session.get_one(type(moderator), comment.account_id)
    comments.edit(letter, author, comment.number, "I was too harsh.", None)
    session.commit()
    path = f"/letters/{letter.slug}/comments/{comment.number}"

    assert f'href="{path}/history"' in desk.get(path).text
    assert "somewhere else" in desk.get(f"{path}/history").text


@pytest.mark.row("27")
def test_what_its_author_deleted_moderators_do_not_read(letter, comment, desk, session, moderator):
    author = session.get_one(type(moderator), comment.account_id)
    comments.edit(letter, author, comment.number, "Softer words.", None)
    comments.delete(letter, author, comment.number)
    session.commit()

    page = desk.get(f"/letters/{letter.slug}/comments/{comment.number}/history")

    assert page.status_code == 200
    assert "somewhere else" not in page.text
    assert "Softer words." not in page.text


def test_nor_what_was_removed_before_its_author_deleted_it(letter, comment, moderator, session):
    author = session.get_one(type(moderator), comment.account_id)
    actions.remove(letter, moderator, comment.number, Reason.SPAM)
    assert history.removed_words(letter, comment.number) == "Go and live somewhere else."

    comments.delete(letter, author, comment.number)

    assert history.removed_words(letter, comment.number) is None


def test_there_is_no_such_letter(desk):
    assert desk.post("/letters/none/comments/1/removal", reason="spam").status_code == 404
    assert desk.post("/letters/none/lock", locked="yes").status_code == 404


def test_sealed_words_follow_the_state(letter, moderator, comment, session):
    for act in (
        lambda: actions.remove(letter, moderator, comment.number, Reason.SPAM),
        lambda: actions.restore(letter, moderator, comment.number),
        lambda: actions.remove(letter, moderator, comment.number, Reason.ATTACK),
    ):
        act()
        session.commit()
        sealed = session.scalar(sa.select(sa.func.count()).select_from(SealedWords))
        assert sealed == (comment.state is State.REMOVED)
    assert session.scalar(sa.select(sa.func.count()).select_from(Decision)) == 3
