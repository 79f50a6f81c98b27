"""A reader tells the moderators; a moderator answers."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from discuss.base import clock
from discuss.base.errors import TooFast
from discuss.comments import actions as comments
from discuss.comments.models import Reason
from discuss.moderation import actions, reports, undoing
from discuss.moderation.errors import AlreadyDecided, NotInDiscussion, OwnReport
from discuss.moderation.models import Report


@pytest.fixture
def path(letter, comment):
    return f"/letters/{letter.slug}/comments/{comment.number}"


def test_a_report_reaches_the_queue_with_who_and_why(path, sign_in, make, desk):
    frankie = sign_in(make.account("Frankie"))
    form = frankie.get(f"{path}/report")

    answer = frankie.post(f"{path}/report", reason="attack", note="second time today")
    queue = desk.get("/moderation?q=reported").text

    assert "What is wrong with Max’s comment?" in form.text
    assert "Send report" in form.text
    assert (answer.status_code, answer.location) == (303, path)
    assert "Reported. A moderator will look at it." in frankie.get(path).text
    assert "Reported by one reader" in queue
    assert "<bdi>Frankie</bdi>:</b> personal attack, “<bdi>second time today</bdi>”" in queue
    assert 'Reported <span class="num">(1)</span>' in queue


@pytest.mark.row("15")
def test_only_moderators_see_who_reported(path, letter, comment, make, reader, sign_in):
    reports.report(letter, make.account("Frankie"), comment.number, Reason.ATTACK, "a canary")
    reports.session.commit()

    pages = [
        someone.get(page).text
        for someone in (reader, sign_in(make.account()))
        for page in (path, f"/letters/{letter.slug}")
    ]

    assert not any("Frankie" in page or "a canary" in page for page in pages)


def test_a_second_report_of_one_reader_replaces_the_first(letter, comment, make, session):
    frankie = make.account("Frankie")
    reports.report(letter, frankie, comment.number, Reason.ATTACK, "a")

    reports.report(letter, frankie, comment.number, Reason.SPAM, "b")

    found = session.scalars(sa.select(Report)).one()
    assert (found.reason, found.note) == (Reason.SPAM, "b")


def test_nobody_reports_their_own(letter, comment, session, sign_in, path, moderator):
    author = session.get_one(type(moderator), comment.account_id)
    with pytest.raises(OwnReport):
        reports.report(letter, author, comment.number, Reason.SPAM)

    assert sign_in(author).get(f"{path}/report").status_code == 403


def test_signed_out_one_signs_in_first(reader, path, session):
    form = reader.get(f"{path}/report")
    sent = reader.post(f"{path}/report", reason="spam")

    assert (form.status_code, form.location) == (
        303,
        f"/signin?next={path}/report",
    )
    assert sent.status_code == 401
    assert session.scalars(sa.select(Report)).all() == []


def test_without_a_reason_the_form_comes_back_with_the_note(path, sign_in, make, session):
    answer = sign_in(make.account()).post(f"{path}/report", note="Look at this.")

    assert answer.status_code == 422
    assert "Choose a reason." in answer.text
    assert 'value="Look at this."' in answer.text
    assert session.scalars(sa.select(Report)).all() == []


def test_what_is_gone_is_not_reported(letter, comment, make, moderator, path, sign_in, session):
    actions.remove(letter, moderator, comment.number, Reason.SPAM)
    session.commit()
    with pytest.raises(NotInDiscussion):
        reports.report(letter, make.account(), comment.number, Reason.SPAM)

    assert sign_in(make.account()).get(f"{path}/report").status_code == 410


@pytest.mark.row("29")
def test_there_is_a_pace_for_reports(letter, comment, make, session, monkeypatch):
    frankie = make.account()
    for _ in range(reports.REPORTS_AN_HOUR):
        other = make.comment(letter)
        reports.report(letter, frankie, other.number, Reason.SPAM)
    with pytest.raises(TooFast) as refused:
        reports.report(letter, frankie, comment.number, Reason.SPAM)
    now = clock.now() + timedelta(seconds=refused.value.retry_after)
    monkeypatch.setattr(clock, "now", lambda: now)

    assert reports.report(letter, frankie, comment.number, Reason.SPAM).number == comment.number


def test_approving_a_reported_comment_answers_all_its_reports(
    letter, comment, make, desk, log, session
):
    for _ in range(3):
        reports.report(letter, make.account(), comment.number, Reason.ATTACK)
    other = make.comment(letter)
    reports.report(letter, make.account(), other.number, Reason.SPAM)
    session.commit()
    clock_before = letter.clock

    answer = desk.post("/moderation/reports/dismissal", letter=letter.slug, number=comment.number)
    again = desk.post("/moderation/reports/dismissal", letter=letter.slug, number=comment.number)

    assert (answer.status_code, answer.location) == (303, "/moderation?q=reported")
    assert (again.status_code, log()) == (303, ["dismissed"])
    waiting = session.scalars(sa.select(Report.number).where(Report.decision_id.is_(None))).all()
    assert waiting == [other.number]
    session.refresh(letter)
    assert letter.clock == clock_before  # readers see no change


def test_the_same_words_are_not_asked_about_twice(letter, comment, make, moderator):
    frankie = make.account()
    reports.report(letter, frankie, comment.number, Reason.ATTACK)
    reports.dismiss(letter, moderator, comment.number)

    with pytest.raises(AlreadyDecided):
        reports.report(letter, frankie, comment.number, Reason.ATTACK)


def test_changed_words_may_be_reported_again(letter, comment, make, moderator, session):
    frankie = make.account()
    reports.report(letter, frankie, comment.number, Reason.ATTACK)
    reports.dismiss(letter, moderator, comment.number)
    author = session.get_one(type(moderator), comment.account_id)
    comments.edit(letter, author, comment.number, "Even worse.", None)

    reports.report(letter, frankie, comment.number, Reason.ATTACK)

    assert session.scalars(sa.select(Report.decision_id)).all() == [None]


def test_undoing_the_answer_asks_again_and_undoing_that_answers_again(
    letter, comment, make, moderator, session, log
):
    reports.report(letter, make.account(), comment.number, Reason.ATTACK)
    dismissal = reports.dismiss(letter, moderator, comment.number)

    reopening = undoing.undo(dismissal, moderator)
    assert session.scalars(sa.select(Report.decision_id)).all() == [None]

    undoing.undo(reopening, moderator)
    assert session.scalars(sa.select(Report.decision_id)).one() is not None
    assert log() == ["dismissed", "reopened", "dismissed"]


def test_undoing_a_removal_asks_again_restoring_does_not(letter, comment, make, moderator, session):
    reports.report(letter, make.account(), comment.number, Reason.ATTACK)
    removal = actions.remove(letter, moderator, comment.number, Reason.ATTACK)
    undoing.undo(removal, moderator)
    assert session.scalars(sa.select(Report.decision_id)).all() == [None]

    actions.remove(letter, moderator, comment.number, Reason.ATTACK)
    actions.restore(letter, moderator, comment.number)

    assert session.scalars(sa.select(Report.decision_id)).one() is not None


def test_a_deleted_comment_leaves_the_queue(letter, comment, make, moderator, desk, session):
    reports.report(letter, make.account(), comment.number, Reason.ATTACK)
    author = session.get_one(type(moderator), comment.account_id)
    comments.delete(letter, author, comment.number)
    session.commit()

    queue = desk.get("/moderation?q=reported").text

    assert "No comment is reported." in queue
    assert 'Reported <span class="num">(0)</span>' in queue
