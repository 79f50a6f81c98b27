"""A comment that many report is taken out of the thread, until a moderator has read it."""

import pytest
import sqlalchemy as sa

from discuss.accounts.models import Account
from discuss.comments.models import HeldComment, Reason, State
from discuss.moderation import holding, reports, undoing
from discuss.moderation.models import Decision
from discuss.moderation.rules.models import Kind


@pytest.fixture
def report(make, letter, comment, session):
    """Let some readers report the comment."""

    def sent(count=1):
        for _ in range(count):
            reports.report(letter, make.account(), comment.number, Reason.ATTACK)
            session.commit()

    return sent


@pytest.fixture
def held(session):
    """What waits."""

    def found():
        return session.scalars(sa.select(HeldComment)).all()

    return found


def test_one_report_fewer_and_it_stays(rule, report, fresh, comment, held):
    rule(Kind.REPORTS, 3)

    report(2)

    assert (fresh(comment).state, held()) == (State.VISIBLE, [])


@pytest.mark.row("27")
def test_reported_by_many_it_waits_and_its_words_are_nowhere(
    rule, report, fresh, comment, held, log, letter, reader, desk, session
):
    rule(Kind.REPORTS, 3)
    words, count = comment.source, letter.comment_count

    report(3)

    (waiting,) = held()
    assert (waiting.source, waiting.reason) == (words, "Reported by 3 readers.")
    assert (fresh(comment).state, fresh(comment).source) == (State.REMOVED, "")
    session.refresh(letter)
    assert (letter.comment_count, log()) == (count - 1, ["held_by_rule"])
    page = reader.get(f"/letters/{letter.slug}").text
    assert (words in page, "Waiting for a moderator." in page) == (False, True)
    assert "Reported by 3 readers." in desk.get("/moderation").text
    assert "No comment is reported." in desk.get("/moderation?q=reported").text
    assert "A rule" in desk.get("/moderation/log").text


def test_its_author_sees_that_it_waits(rule, report, letter, comment, sign_in, session):
    author = session.get_one(Account, comment.account_id)
    rule(Kind.REPORTS, 2)

    report(2)

    page = sign_in(author).get(f"/letters/{letter.slug}").text
    assert "Reported by 2 readers." in page
    assert "Go and live somewhere else." in page


def test_the_rule_is_undone_from_the_log(rule, report, fresh, comment, desk, log, session, letter):
    rule(Kind.REPORTS, 2)
    words = comment.source
    report(2)
    line = session.scalars(sa.select(Decision)).one()

    desk.post(f"/moderation/decisions/{line.id}/undoing")

    assert (fresh(comment).state, fresh(comment).source) == (State.VISIBLE, words)
    assert log() == ["held_by_rule", "approved"]


def test_approved_in_the_queue_it_stands_whatever_readers_say(
    rule, report, fresh, comment, held, moderator, session, log
):
    rule(Kind.REPORTS, 2)
    report(2)
    approval = holding.approve(held()[0].id, moderator)
    session.commit()

    report(5)

    assert (fresh(comment).state, approval.undoes_id is not None) == (State.VISIBLE, True)
    assert log() == ["held_by_rule", "approved"]


def test_refused_it_is_a_removal_that_can_be_undone(
    rule, report, fresh, comment, held, moderator, session
):
    rule(Kind.REPORTS, 2)
    report(2)

    refusal = holding.refuse_held(held()[0].id, moderator, Reason.ATTACK)

    assert fresh(comment).removed_for is Reason.ATTACK
    undoing.undo(refusal, moderator)
    assert len(held()) == 1


def test_a_moderators_comment_is_not_taken_out_by_readers(rule, make, letter, session, fresh):
    said = make.comment(letter, author=make.moderator())
    rule(Kind.REPORTS, 1)

    reports.report(letter, make.account(), said.number, Reason.OTHER)
    session.commit()

    assert fresh(said).state is State.VISIBLE


def test_a_trusted_accounts_comment_is_spared_where_the_rule_says_so(
    rule, report, fresh, comment, session
):
    rule(Kind.REPORTS, 1, trusted_after=1)

    report(1)

    assert fresh(comment).state is State.REMOVED  # it has not stood for a day
