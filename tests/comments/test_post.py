"""Posting a comment, and everything that can stand in its way."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from discuss.base import clock
from discuss.comments import actions, queries, submissions
from discuss.comments.errors import NoSuchParent, ParentRemoved, ThreadLocked
from discuss.comments.models import Comment, HeldComment, Submission
from discuss.letters.models import Letter, Policy


def test_a_reply_sits_under_the_comment_it_answers(make):
    letter, reader = make.letter(), make.account()
    parent = make.comment(letter)

    answer = actions.post(letter, reader, make.remark("I disagree.", parent=parent.number))

    assert (answer.parent, answer.number > parent.number) == (parent.number, True)


@pytest.mark.row("F11")
def test_a_comment_has_the_letters_clock_for_its_number(make):
    letter = make.letter()
    before = letter.clock

    comment = make.comment(letter)

    assert (comment.number, comment.changed, letter.clock) == (before + 1, before + 1, before + 1)


def test_a_parent_counts_its_replies_and_the_letter_its_comments(make, session):
    letter = make.letter()
    parent = make.comment(letter)
    make.comment(letter, parent)
    make.comment(letter, parent)

    session.refresh(parent)
    assert (parent.reply_count, letter.comment_count) == (2, 3)


def test_a_posted_comment_is_read_at_its_permalink(make, sign_in):
    letter = make.letter()
    page = sign_in(make.account())

    answer = page.comment(letter, "The words *matter*.")

    assert answer.status_code == 303
    assert "<p>The words <em>matter</em>.</p>" in page.get(answer.location).text
    assert "Posted." not in page.get(answer.location).text, "the notice is shown once"


def test_a_locked_thread_takes_no_comment_and_gives_the_words_back(make, sign_in, session):
    letter = make.letter(locked_at=clock.now())
    page = sign_in(make.account())

    answer = page.comment(letter, "Late words.")

    assert (answer.status_code, "Late words.</textarea>" in answer.text) == (409, True)
    assert session.scalar(count_of(letter)) == 0


@pytest.mark.parametrize(
    "closed",
    [{"policy": Policy.LOCKED}, {"closes_at": clock.now() - timedelta(days=1)}],
    ids=["by its policy", "by its date"],
)
def test_a_closed_letter_takes_no_comment(make, closed):
    letter = make.letter(**closed)

    with pytest.raises(ThreadLocked):
        actions.post(letter, make.account(), make.remark())


@pytest.mark.row("F14")
def test_a_reply_to_what_its_author_deleted_is_refused_in_words(make, sign_in):
    letter, author = make.letter(), make.account()
    parent = make.comment(letter, author=author)
    actions.delete(letter, author, parent.number)
    actions.session.commit()

    answer = sign_in(make.account()).comment(letter, "But wait.", parent=parent.number)

    assert answer.status_code == 409
    assert "But wait.</textarea>" in answer.text
    assert 'name="parent" value="0"' in answer.text, "the words can be posted on their own"


def test_a_reply_to_another_letters_comment_is_refused(make):
    stranger = make.comment(make.letter())

    with pytest.raises(NoSuchParent):
        actions.post(make.letter(), make.account(), make.remark(parent=stranger.number + 40))


def test_a_refusal_gives_the_number_back(make, sign_in, session):
    letter = make.letter()
    before = letter.clock

    sign_in(make.account()).comment(letter, "To nobody.", parent=999)

    session.refresh(letter)
    assert letter.clock == before


@pytest.mark.row("9")
@pytest.mark.parametrize(
    ("body", "status", "says"),
    [
        ("", 422, "Write something"),
        (" \n\u200b ", 422, "Write something"),
        ("x" * 6001, 422, "6,000"),
        ("nul \0 byte", 422, "cannot be shown"),
        (" ".join(f"https://example.org/{n}" for n in range(11)), 422, "at most 10 links"),
    ],
    ids=["nothing", "blanks", "too long", "control character", "too many links"],
)
def test_bad_input_gets_one_clear_message(make, sign_in, session, body, status, says):
    letter = make.letter()

    answer = sign_in(make.account()).comment(letter, body)

    assert (answer.status_code, says in answer.text) == (status, True)
    assert session.scalar(count_of(letter)) == 0


@pytest.mark.row("4")
@pytest.mark.parametrize("size", [5_999, 6_000], ids=["limit -1", "limit"])
def test_four_byte_letters_up_to_the_limit_are_stored_whole(make, sign_in, session, size):
    letter = make.letter()
    words = "𝔸" * size

    answer = sign_in(make.account()).comment(letter, words)

    assert answer.status_code == 303
    stored = session.scalar(
        sa.select(Comment.source).where(Comment.letter_id == letter.id, Comment.number > 0)
    )
    assert stored == words


@pytest.mark.parametrize("parent", ["x", "-1", "99999999999", "1e3", "0x1"])
def test_a_wrong_parent_is_refused_with_the_words_kept(make, sign_in, parent):
    answer = sign_in(make.account()).comment(make.letter(), "Kept words.", parent=parent)

    assert (answer.status_code, "Kept words.</textarea>" in answer.text) == (422, True)


def test_a_foreign_token_is_refused_with_the_words_kept(make, sign_in):
    letter = make.letter()

    answer = sign_in(make.account()).comment(letter, "Kept words.", csrf_token="somebody's")

    assert (answer.status_code, "Kept words.</textarea>" in answer.text) == (403, True)


@pytest.mark.row("F12")
def test_the_same_submission_twice_is_one_comment(make, sign_in, session):
    letter = make.letter()
    page = sign_in(make.account())

    answers = [page.comment(letter, "Once.", key="k1").location for _ in range(3)]

    assert len(set(answers)) == 1
    assert session.scalar(count_of(letter)) == 1


def test_the_same_key_with_other_words_is_another_comment(make, sign_in, session):
    letter = make.letter()
    page = sign_in(make.account())

    page.comment(letter, "One.", key="k1")
    page.comment(letter, "Two.", key="k1")
    page.comment(letter, "Three.", key="")
    page.comment(letter, "Three.", key="")

    assert session.scalar(count_of(letter)) == 4


def test_a_submission_is_forgotten_after_a_day(make, sign_in, session):
    letter = make.letter()
    page = sign_in(make.account())
    page.comment(letter, "Once.", key="k1")
    session.execute(sa.update(Submission).values(at=clock.now() - timedelta(hours=25)))
    session.commit()

    page.comment(letter, "Once.", key="k1")

    assert session.scalar(count_of(letter)) == 2


@pytest.mark.row("F12")
@pytest.mark.parametrize("after", ["nothing", "the thread was locked"])
def test_of_equal_submissions_at_once_the_slower_finds_what_the_quicker_made(
    make, sign_in, session, after
):
    letter, author = make.letter(), make.account()
    page, remark = sign_in(author), make.remark("Once.", key="k1")
    session.commit()

    def overtaken(*told):
        page.comment(letter, "Once.", key="k1")
        if after == "the thread was locked":
            session.execute(sa.update(Letter).values(locked_at=clock.now()))
            session.commit()
        return actions.post(*told)

    outcome, is_new = submissions.posted_once(letter, author, remark, overtaken)
    session.commit()

    assert (outcome.source, is_new) == ("Once.", False)
    assert session.scalar(count_of(letter)) == 1
    assert (letter.clock, letter.comment_count) == (outcome.number, 1)


def test_what_its_author_took_back_can_be_submitted_again(make, sign_in, session):
    letter, author = make.letter(), make.account()
    page = sign_in(author)
    page.comment(letter, "Once.", key="k1")
    [number] = session.scalars(sa.select(Comment.number).where(Comment.source == "Once."))
    actions.delete(letter, author, number)
    session.commit()

    answers = [page.comment(letter, "Once.", key="k1").location for _ in range(2)]

    assert len(set(answers)) == 1
    assert session.scalar(count_of(letter)) == 2


def test_where_all_are_held_a_comment_waits_unseen(make, sign_in, reader, session):
    letter = make.letter(policy=Policy.BEFORE)
    page = sign_in(make.account())

    answer = page.comment(letter, "Held words.", key="k")
    again = page.comment(letter, "Held words.", key="k")

    assert (answer.status_code, again.location) == (303, answer.location)
    assert "Held words." in page.get(f"/letters/{letter.slug}").text
    assert "Held words." not in reader.get(f"/letters/{letter.slug}").text
    assert session.scalar(sa.select(sa.func.count()).select_from(HeldComment)) == 1


def test_where_the_first_is_held_the_second_is_not(make):
    letter, author = make.letter(), make.account()
    make.comment(letter, author=author)
    letter.policy = Policy.FIRST

    second = actions.post(letter, author, make.remark())
    first = actions.post(letter, make.account(), make.remark())

    assert (type(second), type(first)) == (Comment, HeldComment)


def test_too_many_in_a_minute_are_refused_with_the_words_kept(make, sign_in):
    letter, author = make.letter(), make.account()
    for _ in range(20):
        make.comment(letter, author=author)

    answer = sign_in(author).comment(letter, "One more.")

    assert (answer.status_code, "One more.</textarea>" in answer.text) == (429, True)
    assert 0 < int(answer.headers["Retry-After"]) <= 61


def test_posting_takes_the_same_statements_at_any_depth(make, app, session):
    letter, author = make.letter(), make.account()
    deep = make.comment(letter, author=author)
    shallow = make.remark(parent=deep.number)
    shallow_count = statements(app, lambda: actions.post(letter, author, shallow))
    for _ in range(30):
        deep = make.comment(letter, parent=deep)

    reply = make.remark(parent=deep.number)

    assert statements(app, lambda: actions.post(letter, author, reply)) == shallow_count


@pytest.mark.row("F14")
def test_a_removed_parent_is_named_in_the_refusal(make):
    letter, author = make.letter(), make.account()
    parent = make.comment(letter, author=author)
    actions.delete(letter, author, parent.number)

    with pytest.raises(ParentRemoved):
        actions.post(letter, make.account(), make.remark(parent=parent.number))


@pytest.mark.row("24")
def test_anything_can_be_left_out_of_the_form_without_a_breakdown(make, sign_in):
    letter = make.letter()
    page = sign_in(make.account())

    answer = page.post(f"/letters/{letter.slug}/comments")

    assert answer.status_code == 422


def count_of(letter):
    return (
        sa.select(sa.func.count())
        .select_from(Comment)
        .where(Comment.letter_id == letter.id, Comment.number > 0)
    )


def statements(app, act):
    """Count the statements that an action sends."""
    engine = actions.session.get_bind()
    seen = []

    def count(_connection, _cursor, statement, *_rest):
        seen.append(statement)

    sa.event.listen(engine, "before_cursor_execute", count)
    try:
        act()
    finally:
        sa.event.remove(engine, "before_cursor_execute", count)
    return len(seen)


@pytest.mark.row("28")
def test_a_query_finds_only_what_the_letter_has(make):
    letter = make.letter()
    comment = make.comment(letter)

    assert queries.newest_numbers(letter.id) == [comment.number]


def test_words_taken_back_before_they_were_read_can_be_sent_again(make, sign_in, session):
    letter = make.letter(policy=Policy.BEFORE)
    page = sign_in(make.account())
    page.comment(letter, "Held words.", key="k")
    held = session.scalars(sa.select(HeldComment)).one()
    page.post(f"/letters/{letter.slug}/comments/held/{held.id}/deletion")

    answer = page.comment(letter, "Held words.", key="k")

    assert answer.status_code == 303
    assert session.scalars(sa.select(HeldComment.source)).all() == ["Held words."]


def key_of(page, letter):
    """Return the key that this browser's composer carries now."""
    return re.search(r'name="key" value="([^"]*)"', page.get(f"/letters/{letter.slug}").text)[1]


def test_words_that_back_puts_into_a_page_fetched_anew_are_not_posted_twice(make, sign_in, session):
    letter = make.letter()
    page = sign_in(make.account())
    first = page.comment(letter, "Once.", key=key_of(page, letter))

    again = page.comment(letter, "Once.", key=key_of(page, letter))
    other = page.comment(letter, "Something else.", key=key_of(page, letter))

    assert again.location == first.location
    assert other.location != first.location
    assert session.scalar(count_of(letter)) == 2


def test_each_letter_and_each_sign_in_has_a_key_of_its_own(make, sign_in, reader):
    letters, author = (make.letter(), make.letter()), make.account()
    browsers = (sign_in(author), sign_in(author))

    keys = {key_of(page, letter) for page in browsers for letter in letters}

    assert len(keys) == 4
    assert all(len(key) == 32 for key in keys)
    assert key_of(reader, letters[0]) == ""


def test_words_deleted_by_their_author_can_be_said_again(make, sign_in, session):
    letter, author = make.letter(), make.account()
    page = sign_in(author)
    page.comment(letter, "Said.", key=key_of(page, letter))
    number = session.scalar(sa.select(Comment.number).where(Comment.source == "Said."))
    page.post(f"/letters/{letter.slug}/comments/{number}/deletion")

    answer = page.comment(letter, "Said.", key=key_of(page, letter))

    assert answer.location != f"/letters/{letter.slug}/comments/{number}"
    assert page.get(answer.location).status_code == 200


def test_a_number_that_a_rollback_gave_back_is_given_to_the_next_comment(app, make, session):
    letter, author = make.letter(), make.account()
    first = actions.publish(letter, author.id, make.remark("One."), "<p>One.</p>")
    given = first.number
    session.rollback()
    second = actions.publish(letter, author.id, make.remark("Two."), "<p>Two.</p>")
    session.commit()

    assert (second.number, second.source, second.reply_count) == (given, "Two.", 0)
