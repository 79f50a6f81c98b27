"""Slow mode: a pace for each account, said beforehand, that grows with reports."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from discuss.accounts.models import Account
from discuss.base import clock
from discuss.base.db import db
from discuss.comments import actions as comments
from discuss.comments.models import Comment, Reason
from discuss.letters.models import Letter
from discuss.moderation import chain, reports, undoing
from discuss.moderation.decisions import latest
from discuss.moderation.errors import AlreadyUndone
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


def test_each_step_is_one_line_by_a_rule_for_everybody_to_see(
    slow, letter, make, session, log, desk, reader
):
    slow(0, grows=True)

    report(make, letter, session, 8)

    page, record = desk.get("/moderation/log").text, reader.get("/moderation/record").text
    assert log() == ["pace_set", "pace_grown", "pace_grown"]
    assert "One comment every 30 seconds, after 3 reports" in page
    assert "One comment every minute, after 6 reports" in page
    assert "A rule" in page
    assert record.count("as reports came in") == 2
    assert "<td>Rule</td>" in record
    assert chain.misfit() is None


def test_what_changes_no_pace_writes_no_line(slow, letter, make, session, log):
    slow(3600, grows=True)

    report(make, letter, session, 9)

    assert log() == ["pace_set"]


def test_reports_at_once_write_one_line_a_step(slow, letter, make, session, log, everybody):
    slow(0, grows=True)
    said = [make.comment(letter, author=make.moderator()).number for _ in range(6)]
    who = [make.account().id for _ in said]

    letter_id = letter.id

    def complain(number, account_id):
        def call():
            place = db.session.get_one(Letter, letter_id)
            return reports.report(
                place, db.session.get_one(Account, account_id), number, Reason.ATTACK
            )

        return call

    outcomes = everybody([complain(*one) for one in zip(said, who, strict=True)])

    assert outcomes == [True] * 6
    assert log() == ["pace_set", "pace_grown", "pace_grown"]


def test_a_step_is_undone_and_takes_three_more_reports(
    slow, letter, make, session, log, desk, moderator
):
    slow(0, grows=True)
    report(make, letter, session, 6)
    step = latest(f"pace {letter.id}")

    answer = desk.post(f"/moderation/decisions/{step.id}/undoing")
    session.refresh(letter)
    after_undoing = slowmode.pace_of(letter)
    report(make, letter, session, 2)
    session.refresh(letter)

    assert answer.status_code == 303
    assert (after_undoing, slowmode.pace_of(letter)) == (30, 30)
    assert log() == ["pace_set", "pace_grown", "pace_grown", "pace_set"]
    undoing.undo(latest(f"pace {letter.id}"), moderator)
    assert slowmode.pace_of(letter) == 60


def test_an_old_pace_comes_back_without_what_had_grown_then(slow, letter, make, session, moderator):
    slow(0, grows=True)
    report(make, letter, session, 6)
    later = slow(30)
    later.at -= timedelta(hours=2)
    session.commit()

    undoing.undo(later, moderator)
    session.commit()
    session.refresh(letter)

    assert (slowmode.pace_of(letter), letter.pace_grows) == (0, True)


def test_the_first_step_is_undone_to_what_the_moderator_had_set(
    slow, letter, make, session, moderator
):
    slow(0, grows=True)
    report(make, letter, session, 3)

    undoing.undo(latest(f"pace {letter.id}"), moderator)
    session.commit()
    report(make, letter, session, 2)

    session.refresh(letter)
    assert (slowmode.pace_of(letter), letter.pace_grows) == (0, True)
    report(make, letter, session, 1)
    session.refresh(letter)
    assert slowmode.pace_of(letter) == 30


def test_a_step_that_is_over_is_not_undone(slow, letter, make, session, moderator):
    slow(0, grows=True)
    report(make, letter, session, 3)
    session.refresh(letter)
    letter.grown_until = clock.now() - timedelta(seconds=1)
    session.commit()

    with pytest.raises(AlreadyUndone, match="as before by itself"):
        undoing.undo(latest(f"pace {letter.id}"), moderator)
