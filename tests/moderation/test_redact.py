"""Editing private information away: what stays, who reads the rest, and the way back."""

import pytest

from discuss.comments import actions as comments
from discuss.comments.errors import CommentDeleted, EditedElsewhere, TooLateToEdit
from discuss.comments.models import Reason
from discuss.moderation import actions, undoing
from discuss.moderation.errors import NoteNeeded, NotShown, Superseded
from discuss.moderation.models import LONGEST_NOTE
from discuss.moderation.redaction import actions as redacting
from discuss.moderation.redaction.actions import Redaction

SECRET, REST = "Ring her at 020 7946 0000.", "Ring her."


@pytest.fixture
def author(make):
    return make.account("Max")


@pytest.fixture
def told(make, letter, author):
    return make.comment(letter, author=author, source=SECRET)


def redact(letter, moderator, told, source=REST):
    return redacting.redact(letter, moderator, told.number, source, Reason.PRIVATE)


@pytest.mark.row("27")
def test_the_rest_is_shown_and_a_line_says_so(letter, told, desk, reader):
    path = f"/letters/{letter.slug}/comments/{told.number}"

    form = desk.get(f"{path}/redaction").text
    saved = desk.post(f"{path}/redaction", body=REST, reason="private")

    assert (SECRET in form, saved.status_code, saved.location) == (True, 303, path)
    page = reader.get(f"/letters/{letter.slug}").text
    assert ("020 7946" in page, "edited by a moderator" in page) == (False, True)
    assert "020 7946" not in reader.get(f"/letters/{letter.slug}/feed.atom").text
    assert "020 7946" not in reader.get(f"/api/v1{path}").text
    assert "Edited a comment by" in desk.get("/moderation/log").text


def test_its_author_and_moderators_read_what_it_said(
    letter, told, author, moderator, desk, sign_in, make, session
):
    redact(letter, moderator, told)
    session.commit()
    path = f"/letters/{letter.slug}/comments/{told.number}/before"

    answers = [who.get(path) for who in (sign_in(author), desk, sign_in(make.account()))]

    assert [answer.status_code for answer in answers] == [200, 200, 404]
    assert [SECRET in answer.text for answer in answers] == [True, True, False]
    assert "private information" in answers[0].text


@pytest.mark.row("F14")
def test_its_author_cannot_put_it_back(letter, told, author, moderator):
    redact(letter, moderator, told)

    with pytest.raises(TooLateToEdit):
        comments.edit(letter, author, told.number, SECRET, None)


def test_undone_it_says_again_what_it_said_and_so_on(letter, told, moderator, log):
    edit = redact(letter, moderator, told)

    undone = undoing.undo(edit, moderator)
    as_written = (told.source, told.redacted_at)
    undoing.undo(undone, moderator)

    assert as_written == (SECRET, None)
    assert (told.source, told.redacted_at is None) == (REST, False)
    assert log() == ["redacted", "unredacted", "redacted"]


def test_two_edits_are_undone_one_after_the_other(letter, told, moderator):
    first = redact(letter, moderator, told)
    second = redact(letter, moderator, told, "Ring.")
    with pytest.raises(Superseded):
        undoing.undo(first, moderator)

    undoing.undo(second, moderator)

    assert (told.source, told.redacted_at is None) == (REST, False)


def test_the_same_words_are_no_edit(letter, told, moderator, log):
    assert redact(letter, moderator, told, SECRET) is None
    assert log() == []


@pytest.mark.row("F14")
def test_what_was_changed_meanwhile_is_not_lost(letter, told, author, desk, session):
    path = f"/letters/{letter.slug}/comments/{told.number}/redaction"
    seen = told.changed
    comments.edit(letter, author, told.number, "Something new.", None)
    session.commit()

    answer = desk.post(path, body=REST, reason="private", changed=seen)

    assert (answer.status_code, REST in answer.text) == (409, True)


def test_removed_and_deleted_comments_are_not_edited(letter, told, author, moderator):
    edit = redact(letter, moderator, told)
    actions.remove(letter, moderator, told.number, Reason.SPAM)
    for act in (
        lambda: redact(letter, moderator, told, "x"),
        lambda: undoing.undo(edit, moderator),
    ):
        with pytest.raises(NotShown):
            act()
    comments.delete(letter, author, told.number)

    with pytest.raises(CommentDeleted):
        redact(letter, moderator, told, "x")


def test_what_its_author_deletes_is_nobodys_to_read(
    letter, told, author, moderator, sign_in, session
):
    redact(letter, moderator, told)
    comments.delete(letter, author, told.number)
    session.commit()

    path = f"/letters/{letter.slug}/comments/{told.number}/before"
    assert sign_in(author).get(path).status_code == 404
    assert session.query(Redaction).count() == 0


@pytest.mark.parametrize(
    "fields",
    [
        {"body": REST},
        {"body": "", "reason": "private"},
        {"body": REST, "reason": "other"},
        {"body": REST, "reason": "private", "note": "x" * (LONGEST_NOTE + 1)},
    ],
)
def test_words_and_reason_are_needed_and_come_back(letter, told, desk, fields, log):
    answer = desk.post(f"/letters/{letter.slug}/comments/{told.number}/redaction", **fields)

    assert (answer.status_code, log()) == (422, [])
    assert fields["body"] in answer.text


def test_other_wants_a_note(letter, told, moderator):
    with pytest.raises(NoteNeeded):
        redacting.redact(letter, moderator, told.number, REST, Reason.OTHER)


@pytest.mark.row("F14")
def test_a_stale_form_is_refused_by_the_number_it_carries(letter, told, moderator):
    with pytest.raises(EditedElsewhere):
        redacting.redact(letter, moderator, told.number, REST, Reason.PRIVATE, seen=0)
