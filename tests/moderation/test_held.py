"""A comment that waits: approving it, refusing it, and putting it back."""

import pytest
import sqlalchemy as sa

from discuss.base.errors import NotFound
from discuss.comments import actions as comments
from discuss.comments import submissions
from discuss.comments.models import Comment, HeldComment, Reason, State
from discuss.letters.models import Policy
from discuss.moderation import actions, holding, undoing
from discuss.moderation.errors import (
    AlreadyDecided,
    AlreadyUndone,
    NotApproved,
    Superseded,
    WordsGone,
)


@pytest.fixture
def author(make):
    return make.account("Hayden")


@pytest.fixture
def held(make, letter, author):
    return make.held(letter, author)


@pytest.fixture
def only(session, letter, author):
    """The author's one comment in the thread."""

    def one():
        session.expire_all()
        return session.scalars(
            sa.select(Comment).where(
                Comment.letter_id == letter.id, Comment.account_id == author.id
            )
        ).one()

    return one


@pytest.mark.row("27")
def test_held_words_are_nowhere_in_public(letter, held, reader, sign_in, make):
    pages = ["/", f"/letters/{letter.slug}", f"/letters/{letter.slug}?sort=newest"]

    texts = [who.get(page).text for who in (reader, sign_in(make.account())) for page in pages]

    assert not any("Buy" in text for text in texts)


def test_an_approved_comment_joins_the_thread_with_its_authors_time(
    letter, held, desk, reader, log, only, session
):
    posted_at, count = held.posted_at, letter.comment_count

    answer = desk.post(f"/moderation/held/{held.id}/approval")

    comment = only()
    assert (answer.status_code, answer.location) == (303, "/moderation")
    assert "Approved." in desk.get("/moderation").text
    assert "Buy." in reader.get(f"/letters/{letter.slug}/comments/{comment.number}").text
    assert (comment.posted_at, comment.number) == (posted_at, letter.clock)
    assert letter.comment_count == count + 1
    assert session.scalars(sa.select(HeldComment)).all() == []
    assert log() == ["approved"]


@pytest.mark.row("F12")
def test_approving_twice_is_approving_once(held, desk, log, moderator):
    held_id = held.id
    answers = [desk.post(f"/moderation/held/{held_id}/approval").status_code for _ in range(2)]

    assert (answers, log()) == ([303, 303], ["approved"])
    with pytest.raises(AlreadyDecided):
        holding.refuse_held(held_id, moderator, Reason.SPAM)


def test_the_author_who_sends_again_finds_the_approved_comment(
    make, letter, author, moderator, session
):
    letter.policy = Policy.BEFORE
    remark = make.remark("Twice.", key="one")
    held = submissions.once(letter, author, remark, comments.post)
    holding.approve(held.id, moderator)
    session.commit()

    again = submissions.once(letter, author, remark, comments.post)

    assert (type(again), again.source) == (Comment, "Twice.")


def test_the_parent_of_an_approved_reply_counts_it(make, letter, author, moderator, session):
    parent = make.comment(letter)
    held = comments.hold(letter, author, make.remark("So.", parent=parent.number), "<p>So.", "x")

    holding.approve(held.id, moderator)

    session.refresh(parent)
    assert parent.reply_count == 1


@pytest.mark.row("F14")
def test_a_reply_whose_parent_is_gone_is_not_approved(
    make, letter, author, moderator, desk, session, log
):
    parent = make.comment(letter)
    held = comments.hold(letter, author, make.remark("So.", parent=parent.number), "<p>So.", "x")
    actions.remove(letter, moderator, parent.number, Reason.SPAM)
    session.commit()

    answer = desk.post(f"/moderation/held/{held.id}/approval")

    assert answer.status_code == 409
    assert "was removed or deleted meanwhile" in answer.text
    assert log() == ["removed"]
    assert session.get(HeldComment, held.id).refused_at is None


def test_a_locked_discussion_takes_no_approved_comment(letter, held, moderator):
    actions.lock(letter, moderator)

    with pytest.raises(NotApproved):
        holding.approve(held.id, moderator)


def test_a_refused_comment_is_kept_and_waits_no_more(letter, held, desk, log, session, reader):
    answer = desk.post(f"/moderation/held/{held.id}/refusal", reason="spam")

    queue = desk.get("/moderation").text
    assert answer.status_code == 303
    assert "Removed: spam." in queue
    assert "No comment is held." in queue
    assert "Buy" not in reader.get(f"/letters/{letter.slug}").text
    session.refresh(held)
    assert (held.source, held.refused_at is not None) == ("Buy something.", True)
    assert log() == ["refused"]


@pytest.mark.row("F12")
def test_refusing_twice_is_refusing_once(held, moderator, make, log):
    holding.refuse_held(held.id, moderator, Reason.SPAM)

    assert holding.refuse_held(held.id, make.moderator("Kit"), Reason.ATTACK) is None
    assert log() == ["refused"]
    with pytest.raises(AlreadyDecided):
        holding.approve(held.id, moderator)


def test_other_with_a_note_has_a_page_of_its_own(held, desk, log):
    path = f"/moderation/held/{held.id}/refusal"

    form = desk.get(path)
    bare = desk.post(path, reason="other", next="/moderation?q=held")
    answer = desk.post(path, reason="other", note="Nonsense.", next="/moderation?q=held")

    assert "Buy." in form.text
    assert (bare.status_code, answer.status_code) == (422, 303)
    assert (answer.location, log()) == ("/moderation?q=held", ["refused"])


@pytest.mark.parametrize("held_id", [0, 999, 2**31, 10**30])
def test_there_must_be_such_a_held_comment(desk, held_id, log):
    path = f"/moderation/held/{held_id}"

    answers = [
        desk.post(f"{path}/approval").status_code,
        desk.post(f"{path}/refusal", reason="spam").status_code,
        desk.get(f"{path}/refusal").status_code,
    ]

    assert (answers, log()) == ([404] * 3, [])


def test_what_its_author_took_back_is_gone(held, author, moderator):
    held_id = held.id
    comments.withdraw_held(author, held)

    with pytest.raises(NotFound):
        holding.approve(held_id, moderator)
    with pytest.raises(NotFound):
        holding.refuse_held(held_id, moderator, Reason.SPAM)


def test_undoing_a_refusal_puts_it_back_in_the_queue(held, moderator, session, log):
    refusal = holding.refuse_held(held.id, moderator, Reason.SPAM)

    back = undoing.undo(refusal, moderator)

    assert (held.refused_at, back.undoes_id) == (None, refusal.id)
    undoing.undo(back, moderator)
    assert held.refused_at is not None
    assert log() == ["refused", "held", "refused"]


def test_undoing_an_approval_takes_it_out_of_the_thread_and_back_into_the_queue(
    letter, held, moderator, desk, reader, session, only, author
):
    posted_at = held.posted_at
    approval = holding.approve(held.id, moderator)
    count = letter.comment_count
    session.commit()

    desk.post(f"/moderation/decisions/{approval.id}/undoing")

    comment = only()
    again = session.scalars(sa.select(HeldComment)).one()
    assert (comment.state, comment.source, comment.html) == (State.REMOVED, "", "")
    assert (again.source, again.posted_at, again.account_id) == (
        "Buy something.",
        posted_at,
        author.id,
    )
    assert letter.comment_count == count - 1
    assert "Buy" not in reader.get(f"/letters/{letter.slug}").text
    assert "Buy." in desk.get("/moderation").text


def test_approved_again_it_has_its_old_number_and_its_replies(
    make, letter, held, moderator, session, only
):
    approval = holding.approve(held.id, moderator)
    number = approval.number
    reply = make.comment(letter, parent=number)
    undoing.undo(approval, moderator)
    again = session.scalars(sa.select(HeldComment)).one()
    count = letter.comment_count

    decision = holding.approve(again.id, moderator)

    comment = only()
    assert (decision.number, comment.number, reply.parent) == (number, number, number)
    assert (comment.source, comment.state) == ("Buy something.", State.VISIBLE)
    assert (comment.removed_for, letter.comment_count) == (None, count + 1)
    assert comment.changed == letter.clock


def test_each_finds_its_own_number_again(make, letter, author, moderator, session):
    approvals = [holding.approve(make.held(letter, author).id, moderator) for _ in range(2)]
    for approval in approvals:
        undoing.undo(approval, moderator)
    second = session.scalars(sa.select(HeldComment).order_by(HeldComment.id.desc())).first()

    assert holding.approve(second.id, moderator).number == approvals[1].number


def test_refused_after_an_undone_approval_the_tombstone_says_why(
    held, moderator, session, only, letter
):
    undoing.undo(holding.approve(held.id, moderator), moderator)
    again = session.scalars(sa.select(HeldComment)).one()

    refusal = holding.refuse_held(again.id, moderator, Reason.ATTACK)

    comment = only()
    assert (comment.state, comment.removed_for) == (State.REMOVED, Reason.ATTACK)
    with pytest.raises(WordsGone):
        actions.restore(letter, moderator, comment.number)
    undoing.undo(refusal, moderator)
    assert only().removed_for is Reason.OTHER


def test_an_approval_is_undone_once_and_not_after_another_decision(
    held, moderator, letter, session
):
    approval = holding.approve(held.id, moderator)
    actions.remove(letter, moderator, approval.number, Reason.SPAM)
    with pytest.raises(Superseded):
        undoing.undo(approval, moderator)
    restoration = actions.restore(letter, moderator, approval.number)
    undoing.undo(restoration, moderator)

    with pytest.raises(AlreadyUndone):
        undoing.undo(restoration, moderator)


def test_an_undone_undoing_approves_again(held, moderator, only):
    back = undoing.undo(holding.approve(held.id, moderator), moderator)

    undoing.undo(back, moderator)

    assert only().state is State.VISIBLE


def test_deleted_by_its_author_the_waiting_words_go_too(held, moderator, letter, author, session):
    approval = holding.approve(held.id, moderator)
    undoing.undo(approval, moderator)

    comments.delete(letter, author, approval.number)

    assert session.scalars(sa.select(HeldComment)).all() == []


def test_a_new_comment_never_takes_the_number_of_anothers(make, letter, held, moderator, session):
    undoing.undo(holding.approve(held.id, moderator), moderator)
    again = session.scalars(sa.select(HeldComment)).one()
    comments.withdraw_held(session.get_one(type(moderator), again.account_id), again)
    other = make.held(letter)  # SQLite gives it the id of the one that went

    decision = holding.approve(other.id, moderator)

    assert (decision.number, decision.subject_id) == (letter.clock, other.account_id)
