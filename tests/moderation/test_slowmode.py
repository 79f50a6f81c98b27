"""Slow mode: a pace for each account, said beforehand, that grows with reports."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from discuss.base import clock
from discuss.comments import actions as comments
from discuss.comments.models import Comment, Reason
from discuss.moderation import reports, undoing
from discuss.moderation.slowmode import actions as slowmode
from discuss.moderation.slowmode.actions import TooSoon


@pytest.fixture
def slow(letter, moderator, session):
    """Set the discussion's pace."""

    def done(pace=300, grows=False):
        decision = slowmode.set_pace(letter, moderator, pace, grows)
        session.commit()
        return decision

    return done


def test_a_second_comment_too_soon_is_refused_with_its_words_and_the_time(
    slow, letter, make, sign_in
):
    slow(300)
    author = sign_in(make.account())
    author.comment(letter, "The first.")

    answer = author.comment(letter, "The second one.")

    assert answer.status_code == 429
    assert 295 <= int(answer.headers["Retry-After"]) <= 301
    assert "The second one." in answer.text
    assert "one comment every 5 minutes for each account" in answer.text
    assert "Yours can be posted in 5 minutes" in answer.text


def test_it_is_each_accounts_pace_and_this_letters(slow, letter, make, session):
    slow(300)
    author = make.account()
    make.comment(letter, author=author)

    make.comment(letter)
    make.comment(author=author)
    with pytest.raises(TooSoon):
        comments.post(letter, author, make.remark("Again."))
    session.execute(
        sa.update(Comment)
        .where(Comment.account_id == author.id)
        .values(posted_at=clock.now() - timedelta(minutes=6))
    )
    session.commit()
    make.comment(letter, author=author, source="Later.")


def test_moderators_and_edits_pass(slow, letter, make, moderator):
    slow(300)
    author = make.account()
    said = make.comment(letter, author=author)

    edited = comments.edit(letter, author, said.number, "Edited.", None)
    several = [make.comment(letter, author=moderator).number for _ in range(2)]

    assert (edited.source, len(set(several))) == ("Edited.", 2)


def test_a_held_comment_counts(slow, letter, make):
    slow(300)
    author = make.account()
    make.held(letter, author)

    with pytest.raises(TooSoon):
        comments.post(letter, author, make.remark("Again."))


def test_the_composer_says_it_beforehand_to_everybody(letter, desk, reader, sign_in, make):
    line = "Slow mode: one comment every minute for each account."
    before = reader.get(f"/letters/{letter.slug}").text

    answer = desk.post(f"/letters/{letter.slug}/pace", pace="60")

    who = (reader, sign_in(make.account()), desk)
    assert (answer.status_code, line in before) == (303, False)
    assert all(line in one.get(f"/letters/{letter.slug}").text for one in who)


def test_it_is_in_the_log_and_can_be_undone(slow, letter, moderator, session, log, desk):
    first, second = slow(60), slow(300, grows=True)

    page = desk.get("/moderation/log").text
    undoing.undo(second, moderator)

    assert "One comment every 5 minutes; slower by itself as reports come in" in page
    assert "Set the pace of the discussion" in page
    assert (letter.pace, letter.pace_grows) == (60, False)
    assert slow(60) is None
    assert first.before == "0 s"
    assert log() == ["pace_set"] * 3


@pytest.mark.parametrize("pace", ["", "7", "-1", "x", "1e9"])
def test_only_the_paces_offered(desk, letter, pace, log):
    answer = desk.post(f"/letters/{letter.slug}/pace", pace=pace)

    assert (answer.status_code, log()) == (422, [])


def report(make, letter, session, count):
    """Let readers report different comments."""
    for _ in range(count):
        said = make.comment(letter, author=make.moderator())
        reports.report(letter, make.account(), said.number, Reason.ATTACK)
        session.commit()


@pytest.mark.parametrize(
    ("pace", "count", "grown"),
    [(0, 2, 0), (0, 3, 30), (0, 6, 60), (60, 3, 60), (60, 9, 240), (600, 9, 900), (3600, 9, 3600)],
)
def test_it_grows_with_reports_where_a_moderator_says_so(
    slow, letter, make, session, pace, count, grown
):
    slow(pace, grows=True)

    report(make, letter, session, count)

    session.refresh(letter)
    assert slowmode.pace_of(letter) == grown


def test_it_does_not_grow_by_itself_otherwise(slow, letter, make, session):
    slow(60)

    report(make, letter, session, 9)

    session.refresh(letter)
    assert slowmode.pace_of(letter) == 60


def test_an_hour_after_the_last_report_it_is_as_before_and_the_page_says_so(
    slow, letter, make, session, reader
):
    slow(0, grows=True)
    report(make, letter, session, 3)
    page = f"/letters/{letter.slug}"
    assert "Slow mode: one comment every 30 seconds" in reader.get(page).text

    session.refresh(letter)
    assert letter.due == letter.grown_until
    letter.grown_until = letter.due = clock.now() - timedelta(seconds=1)
    session.commit()

    assert "Slow mode" not in reader.get(page).text
    assert slowmode.pace_of(letter) == 0
