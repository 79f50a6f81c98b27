"""Several items at once: each is decided by itself, and all are undone as one."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from discuss.accounts.models import Account
from discuss.base.db import db
from discuss.comments import actions as comments
from discuss.comments.models import Comment, HeldComment, Reason, State
from discuss.moderation import actions, holding, reports
from discuss.moderation.errors import NoteNeeded
from discuss.moderation.queue import selection
from discuss.moderation.queue.items import Name


def name_of(thing):
    if isinstance(thing, HeldComment):
        return Name(held_id=thing.id)
    return Name(letter_id=thing.letter_id, number=thing.number)


@pytest.fixture
def three(make, letter):
    return [make.held(letter, make.account(name)) for name in ("Ada", "Bo", "Cy")]


@pytest.fixture
def waiting(session):
    """How many comments wait."""

    def count():
        session.expire_all()
        return session.scalar(
            sa.select(sa.func.count())
            .select_from(HeldComment)
            .where(HeldComment.refused_at.is_(None))
        )

    return count


def undo_form(page):
    """Return the address and the fields of the notice's button."""
    form = re.search(r'<form method="post" action="(/moderation/decisions/[^"]*)">.*?</form>', page)
    return form[1], re.findall(r'name="decision" value="(\d+)"', form[0])


def test_what_is_ticked_is_approved_and_undone_as_one(three, desk, letter, log, waiting):
    names = [str(name_of(held)) for held in three]

    answer = desk.post("/moderation/selection", item=names, act="approve")
    page = desk.get(answer.location).text
    left = waiting()
    path, decisions = undo_form(page)
    desk.post(path, decision=decisions)

    assert "Approved: 3 comments." in page
    assert (left, waiting()) == (0, 3)
    assert log() == ["approved"] * 3 + ["held"] * 3
    assert "Undone: 3 decisions." in desk.get("/moderation").text


def test_held_and_reported_comments_are_removed_together(
    three, make, letter, comment, desk, session, fresh, log
):
    reports.report(letter, make.account(), comment.number, Reason.SPAM)
    session.commit()
    names = [str(name_of(thing)) for thing in (*three, comment)]

    answer = desk.post("/moderation/selection", item=names, act="off_subject", next="/moderation")

    assert "Removed 4 comments: off the subject." in desk.get(answer.location).text
    assert (fresh(comment).state, fresh(comment).removed_for) == ("removed", Reason.OFF_SUBJECT)
    assert sorted(log()) == ["refused"] * 3 + ["removed"]


def test_one_that_cannot_be_decided_costs_the_others_nothing(
    three, make, letter, moderator, desk, session, log, waiting
):
    parent = make.comment(letter)
    orphan = comments.hold(
        letter, make.account(), make.remark("So.", parent=parent.number), "<p>So.</p>", "x"
    )
    actions.remove(letter, moderator, parent.number, Reason.SPAM)
    holding.refuse_held(three[0].id, make.moderator("Kit"), Reason.SPAM)
    session.commit()
    names = [str(name_of(held)) for held in (orphan, *three)]

    desk.post("/moderation/selection", item=[*names, "held-99999"], act="approve")
    page = desk.get("/moderation").text

    assert "Approved: 2 comments." in page
    assert "was removed or deleted meanwhile" in page
    assert "\u2068Kit\u2069 has removed this already." in page
    assert "its author has taken it back" in page
    assert log() == ["removed", "refused", "approved", "approved"]
    assert waiting() == 1
    assert session.get(HeldComment, orphan.id) is not None


def test_a_refusal_takes_back_all_that_it_began(make, letter, moderator, session):
    """The clock ticks before the parent is looked at."""
    parent = make.comment(letter)
    orphan = comments.hold(
        letter, make.account(), make.remark("So.", parent=parent.number), "<p>So.</p>", "x"
    )
    actions.remove(letter, moderator, parent.number, Reason.SPAM)
    session.commit()
    clock, count = letter.clock, letter.comment_count

    outcome = selection.decide_all([name_of(orphan)], moderator, None)
    session.commit()
    session.refresh(letter)

    assert (len(outcome.decisions), len(outcome.refused)) == (0, 1)
    assert (letter.clock, letter.comment_count) == (clock, count)


@pytest.mark.row("F12")
def test_an_item_ticked_twice_is_decided_once(three, moderator, log):
    outcome = selection.decide_all([name_of(three[0])] * 2, moderator, Reason.SPAM)

    assert (len(outcome.decisions), log()) == (1, ["refused"])


def test_the_other_reason_wants_a_note(three, moderator, log):
    with pytest.raises(NoteNeeded):
        selection.decide_all([name_of(three[0])], moderator, Reason.OTHER)

    assert log() == []


def test_nothing_ticked_is_said_and_nothing_done(three, desk, log):
    answer = desk.post("/moderation/selection", act="spam")

    assert answer.status_code == 303
    assert "Nothing was ticked." in desk.get("/moderation").text
    assert log() == []


@pytest.mark.row("31")
@pytest.mark.parametrize(
    "fields",
    [{"act": "none"}, {"act": ""}, {}, {"item": ["held-1"] * 201, "act": "spam"}],
)
def test_a_form_that_means_nothing_is_refused(three, desk, log, fields):
    answer = desk.post("/moderation/selection", **{"item": "held-1", **fields})

    assert (answer.status_code, log()) == (422, [])


@pytest.mark.parametrize("item", ["held-0", "held-x", "held--1", "comment-1", "x", "held-²", ""])
def test_an_item_of_no_such_name_is_not_found(desk, log, item):
    answer = desk.post("/moderation/selection", item=["held-1", item], act="spam")

    assert (answer.status_code, log()) == (404, [])


@pytest.mark.row("F13")
def test_two_selections_that_overlap_are_one_act_each(
    three, make, letter, moderator, app, session, log, waiting
):
    names, kit = [name_of(held) for held in three], make.moderator("Kit")
    ids = [moderator.id, kit.id]

    def sweep(n):
        with app.app_context():
            who = db.session.get_one(Account, ids[n % 2])
            ordered = names if n % 2 else names[::-1]
            outcome = selection.decide_all(ordered, who, None if n % 3 else Reason.SPAM)
            db.session.commit()
            return len(outcome.decisions)

    with ThreadPoolExecutor(8) as threads:
        done = list(threads.map(sweep, range(16)))

    assert (sum(done), len(log()), waiting()) == (3, 3, 0)
    visible = session.scalar(
        sa.select(sa.func.count())
        .select_from(Comment)
        .where(Comment.letter_id == letter.id, Comment.state == State.VISIBLE)
        .where(Comment.number > 0)
    )
    assert visible == log().count("approved")
