"""Changing one's mind: edits, deletions, votes."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa

from discuss.base import clock
from discuss.base.errors import Refusal
from discuss.comments import actions, voting
from discuss.comments.errors import (
    EditedElsewhere,
    NotEditable,
    NotYours,
    OwnComment,
    TooLateToEdit,
)
from discuss.comments.models import Comment, EarlierText, SealedWords, State, Vote
from discuss.letters.models import Policy


@pytest.fixture
def letter(make):
    return make.letter()


@pytest.fixture
def author(make):
    return make.account()


def test_an_edit_shows_with_its_mark_and_keeps_the_earlier_text(make, letter, author, session):
    comment = make.comment(letter, author=author, source="Before.")

    actions.edit(letter, author, comment.number, "After.", comment.changed)

    assert (comment.source, "After." in comment.html, comment.edited_at is not None) == (
        "After.",
        True,
        True,
    )
    assert session.scalars(sa.select(EarlierText.source)).all() == ["Before."]
    assert comment.changed == letter.clock


def test_an_edit_that_changes_nothing_leaves_no_mark(make, letter, author):
    comment = make.comment(letter, author=author, source="Same.")

    actions.edit(letter, author, comment.number, "Same.", comment.changed)

    assert comment.edited_at is None


def test_nobody_edits_what_somebody_else_wrote(make, letter):
    comment = make.comment(letter)

    with pytest.raises(NotYours):
        actions.edit(letter, make.account(), comment.number, "Mine now.", None)


def test_after_a_quarter_of_an_hour_it_is_too_late(make, letter, author, session):
    comment = make.comment(letter, author=author)
    comment.posted_at = clock.now() - timedelta(minutes=15, seconds=1)
    session.commit()

    with pytest.raises(TooLateToEdit):
        actions.edit(letter, author, comment.number, "Late.", None)


@pytest.mark.row("F14")
def test_an_edit_over_another_tab_s_shows_both_texts(make, sign_in, letter, author):
    comment = make.comment(letter, author=author, source="First.")
    seen = comment.changed
    page = sign_in(author)
    path = f"/letters/{letter.slug}/comments/{comment.number}/text"
    page.post(path, body="Second.", changed=seen)

    answer = page.post(path, body="Third.", changed=seen)

    assert answer.status_code == 409
    assert "Second." in answer.text
    assert "Third.</textarea>" in answer.text


@pytest.mark.row("F14")
def test_an_edit_of_what_was_deleted_meanwhile_is_refused(make, letter, author):
    comment = make.comment(letter, author=author)
    actions.delete(letter, author, comment.number)

    with pytest.raises(Refusal) as refusal:
        actions.edit(letter, author, comment.number, "Too late.", None)
    assert refusal.value.status == 410


def test_a_deleted_comment_leaves_a_tombstone_and_its_words_are_sealed(
    make, reader, letter, author, session
):
    parent = make.comment(letter, author=author, source="Secret words.")
    make.comment(letter, parent, source="An answer.")

    actions.delete(letter, author, parent.number)
    session.commit()

    page = reader.get(f"/letters/{letter.slug}").text
    assert "Deleted by its author" in page
    assert "An answer." in page
    assert "Secret words." not in page
    assert (parent.source, parent.html, parent.state) == ("", "", State.DELETED)
    assert session.scalars(sa.select(SealedWords.source)).all() == ["Secret words."]
    assert letter.comment_count == 1


def test_the_permalink_of_a_deleted_comment_says_so_with_410(make, reader, letter, author, session):
    comment = make.comment(letter, author=author)
    actions.delete(letter, author, comment.number)
    session.commit()

    answer = reader.get(f"/letters/{letter.slug}/comments/{comment.number}")

    assert (answer.status_code, "Deleted by its author" in answer.text) == (410, True)


def test_deleting_twice_is_deleting_once(make, letter, author):
    comment = make.comment(letter, author=author)
    actions.delete(letter, author, comment.number)

    actions.delete(letter, author, comment.number)

    assert letter.comment_count == 0


def test_nobody_deletes_what_somebody_else_wrote(make, letter):
    comment = make.comment(letter)

    with pytest.raises(NotYours):
        actions.delete(letter, make.account(), comment.number)


def test_votes_add_up_and_can_be_taken_back(make, letter):
    comment, one, other = make.comment(letter), make.account(), make.account()

    scores = [
        voting.vote(letter, one, comment.number, 1),
        voting.vote(letter, one, comment.number, 1),
        voting.vote(letter, other, comment.number, 1),
        voting.vote(letter, one, comment.number, -1),
        voting.vote(letter, one, comment.number, 0),
    ]

    assert scores == [1, 1, 2, 0, 1]


def test_nobody_votes_for_their_own(make, letter, author):
    comment = make.comment(letter, author=author)

    with pytest.raises(OwnComment):
        voting.vote(letter, author, comment.number, 1)


def test_a_vote_does_not_tick_the_clock_but_sets_when_it_will(make, letter, session):
    comment = make.comment(letter)
    before = letter.clock

    voting.vote(letter, make.account(), comment.number, 1)
    session.commit()
    session.refresh(letter)

    assert (letter.clock, letter.due is not None) == (before, True)


def test_the_first_reader_after_the_window_sees_the_votes(make, letter, reader, session):
    comment = make.comment(letter)
    path = f"/letters/{letter.slug}"
    assert 'aria-label="Score">0<' in reader.get(path).text
    voting.vote(letter, make.account(), comment.number, 1)
    letter.due = clock.now() - timedelta(seconds=1)
    session.commit()

    page = reader.get(path).text

    session.refresh(letter)
    assert ('aria-label="Score">1<' in page, letter.due) == (True, None)


def test_votes_show_soon_also_where_the_discussion_is_to_close(make, letter, session):
    letter.closes_at = letter.due = clock.now() + timedelta(days=3)
    session.commit()
    comment = make.comment(letter)

    voting.vote(letter, make.account(), comment.number, 1)
    session.commit()

    session.refresh(letter)
    assert letter.due < clock.now() + timedelta(minutes=1)


def test_votes_of_many_at_once_are_all_counted(app, make, letter, session):
    comment = make.comment(letter)
    voters = [make.account().id for _ in range(12)]
    letter_id, number = letter.id, comment.number

    def cast(voter_id):
        with app.app_context():
            there = actions.session
            voter = there.get_one(actions.Account, voter_id)
            voting.vote(there.get_one(actions.Letter, letter_id), voter, number, 1)
            there.commit()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(cast, voters * 2))

    session.expire_all()
    total = session.scalar(sa.select(sa.func.sum(Vote.value)).where(Vote.letter_id == letter_id))
    score = session.scalar(
        sa.select(Comment.score).where(Comment.letter_id == letter_id, Comment.number == number)
    )
    assert (total, score) == (12, 12)


def test_a_vote_without_an_account_leads_to_sign_in(make, reader, letter):
    comment = make.comment(letter)

    answer = reader.post(f"/letters/{letter.slug}/comments/{comment.number}/vote", value="up")

    assert answer.status_code == 303
    assert answer.location.startswith("/signin?next=/letters/")


def test_a_script_gets_the_score(make, sign_in, letter):
    comment = make.comment(letter)
    page = sign_in(make.account())
    path = f"/letters/{letter.slug}/comments/{comment.number}/vote"

    token = page.token()
    with page.client.application.app_context():
        answer = page.client.post(
            path,
            base_url="http://127.0.0.1:8000",
            data={"csrf_token": token, "value": "down"},
            headers={"Accept": "application/json"},
        )

    assert answer.json == {"score": -1}


def test_an_edited_text_is_refused_by_name(make, letter, author):
    comment = make.comment(letter, author=author, source="Now.")

    with pytest.raises(EditedElsewhere) as refusal:
        actions.edit(letter, author, comment.number, "Later.", comment.changed - 1)
    assert refusal.value.current == "Now."


def test_where_all_is_read_first_words_cannot_be_swapped_afterwards(make, letter, author, session):
    comment = make.comment(letter, author=author)
    letter.policy = Policy.BEFORE
    session.commit()

    with pytest.raises(NotEditable):
        actions.edit(letter, author, comment.number, "Something else.", None)


def test_a_deletion_takes_the_earlier_texts_along(make, letter, author, session):
    comment = make.comment(letter, author=author, source="Before.")
    actions.edit(letter, author, comment.number, "After.", None)

    actions.delete(letter, author, comment.number)

    assert session.scalars(sa.select(EarlierText.source)).all() == []
