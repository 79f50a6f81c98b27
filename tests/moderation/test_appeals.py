"""The author of a removed comment: told why, in their own words; one appeal, decided by another."""

import pytest
import sqlalchemy as sa

from discuss.accounts.models import Account, Role
from discuss.base.db import db
from discuss.base.errors import NotFound
from discuss.comments import actions as comments
from discuss.comments.models import Comment, HeldComment, Reason, SealedWords, State
from discuss.moderation import actions, chain, decisions, holding, reports, undoing
from discuss.moderation.errors import (
    AlreadyDecided,
    AppealedAlready,
    NothingToAppeal,
    SomebodyElseDecides,
)
from discuss.moderation.redress import appeals, removals
from discuss.moderation.redress.models import Appeal

WORDS = "Go and live somewhere else."


@pytest.fixture
def author(comment, session):
    return session.get_one(Account, comment.account_id)


@pytest.fixture
def kit(make):
    """Another moderator than the one who removed."""
    return make.moderator("Kit")


@pytest.fixture
def removal(letter, moderator, comment, session):
    removal = actions.remove(letter, moderator, comment.number, Reason.ATTACK, "A canary.")
    session.commit()
    return removal


@pytest.fixture
def asked(author, removal, session):
    asked = appeals.appeal(author, removal, "It was a quotation.")
    session.commit()
    return asked


@pytest.fixture
def path(removal):
    return f"/account/decisions/{removal.id}"


def test_the_author_is_told_that_and_why_with_their_words(author, path, sign_in, comment, letter):
    person = sign_in(author)

    listed = person.get("/account/decisions").text
    page = person.get(path).text

    for shown in (listed, page):
        assert WORDS in shown
        assert '<a href="/house-rules#attack">Personal attack</a>' in shown
    assert "On the moderators’ own initiative." in page
    assert "None decided. A moderator did." in page
    assert "out-of-court dispute settlement" in page
    assert "Jordan" not in page
    assert "canary" not in page  # the note is for the log
    assert "Decisions and reports" in person.get("/account").text


def test_the_tombstone_leads_its_author_there_and_nobody_else(
    author, removal, path, letter, comment, reader, sign_in, make
):
    there = f"/letters/{letter.slug}/comments/{comment.number}"

    own = sign_in(author)
    assert f"{there}/why" in own.get(there).text
    assert f"{there}/why" in own.get(f"/letters/{letter.slug}").text
    answer = own.get(f"{there}/why")
    assert (answer.status_code, answer.location) == (303, path)
    for other in (reader, sign_in(make.account())):
        assert f"{there}/why" not in other.get(there).text
    assert sign_in(make.account()).get(f"{there}/why").status_code == 404
    assert reader.get(f"{there}/why").location.startswith("/signin?next=")


def test_nobody_else_sees_it(path, reader, sign_in, make, desk, session):
    for person in (sign_in(make.account()), desk):
        assert person.get(path).status_code == 404
        assert person.post(path, words="Mine.").status_code == 404
        assert WORDS not in person.get("/account/decisions").text
    assert reader.get(path).status_code == 303
    assert reader.post(path, words="Mine.").status_code == 401
    assert session.scalars(sa.select(Appeal)).all() == []


def test_an_appeal_is_kept_and_shown_to_its_author(author, path, sign_in, kit, session):
    person = sign_in(author)

    answer = person.post(path, words="It was a quotation.")

    assert (answer.status_code, answer.location) == (303, path)
    page = person.get(path).text
    assert "Sent. Another moderator will look at it." in page
    assert "It was a quotation." in page
    assert "Another moderator will decide." in page
    assert "Send appeal" not in page
    assert session.scalars(sa.select(Appeal.words)).all() == ["It was a quotation."]


@pytest.mark.parametrize("words", ["", "  ", "x" * 2_001, "a\x00b"])
def test_words_that_cannot_be_taken_come_back_in_the_form(author, path, sign_in, session, words):
    answer = sign_in(author).post(path, words=words)

    assert answer.status_code == 422
    assert "Send appeal" in answer.text
    assert words.strip().replace("\x00", "")[:50] in answer.text.replace("\x00", "")
    assert session.scalars(sa.select(Appeal)).all() == []


def test_there_is_one_appeal_for_each_decision(author, asked, removal, path, sign_in, session):
    with pytest.raises(AppealedAlready):
        appeals.appeal(author, removal, "Once more.")
    session.rollback()

    assert sign_in(author).post(path, words="Once more.").status_code == 409


@pytest.mark.row("F12")
def test_twenty_appeals_at_once_are_one(author, removal, everybody, session):
    def ask():
        person, line = (db.session.get_one(type(row), row.id) for row in (author, removal))
        return appeals.appeal(person, line, "Why?")

    outcomes = everybody([ask] * 20)

    assert outcomes.count(True) == 1
    assert len(session.scalars(sa.select(Appeal)).all()) == 1


def test_what_is_back_or_deleted_is_not_appealed_against(
    author, removal, letter, kit, session, comment
):
    actions.restore(letter, kit, comment.number)
    with pytest.raises(NothingToAppeal):
        appeals.appeal(author, removal, "Why?")

    again = actions.remove(letter, kit, comment.number, Reason.SPAM)
    comments.delete(letter, author, comment.number)
    with pytest.raises(NothingToAppeal):
        appeals.appeal(author, again, "Why?")


def test_who_removed_sees_the_appeal_but_cannot_decide(asked, desk, kit, moderator, session):
    page = desk.get("/moderation/appeals").text

    assert "It was a quotation." in page
    assert WORDS in page
    assert "You removed this comment: another moderator decides." in page
    assert "Uphold: restore the comment" not in page
    answer = desk.post(f"/moderation/appeals/{asked.id}/answer", upheld="yes")
    assert (answer.status_code, "Somebody else decides about this" in answer.text) == (403, True)
    with pytest.raises(SomebodyElseDecides):
        appeals.reject(asked.id, moderator)


def test_where_nobody_else_is_there_that_is_said(asked, author, path, desk, sign_in, make):
    assert "Nobody else is there to decide." in desk.get("/moderation/appeals").text
    assert "At the moment nobody may decide" in sign_in(author).get(path).text

    boss = make.account("Boss", Role.ADMINISTRATOR)

    assert "Nobody else is there to decide." not in desk.get("/moderation/appeals").text
    assert "Uphold: restore the comment" in sign_in(boss).get("/moderation/appeals").text


def test_a_moderator_does_not_decide_about_their_own_comment(letter, make, kit, moderator, session):
    own = make.comment(letter, author=kit)
    removal = actions.remove(letter, moderator, own.number, Reason.SPAM)
    asked = appeals.appeal(kit, removal, "Why?")

    with pytest.raises(SomebodyElseDecides):
        appeals.uphold(asked.id, kit)


def test_an_upheld_appeal_brings_the_comment_back(
    asked, author, path, kit, sign_in, log, fresh, comment, letter, reader
):
    other = sign_in(kit)
    assert 'Appeals <span class="num">(1)</span>' in other.get("/moderation").text

    answer = other.post(
        f"/moderation/appeals/{asked.id}/answer", upheld="yes", note="You are right."
    )

    assert (answer.status_code, answer.location) == (303, "/moderation/appeals")
    assert (fresh(comment).state, fresh(comment).source) == (State.VISIBLE, WORDS)
    assert log() == ["removed", "restored", "appeal_upheld"]
    page = sign_in(author).get(path).text
    assert "The comment is back in the discussion." in page
    assert "You are right." in page
    assert WORDS in reader.get(f"/letters/{letter.slug}").text
    record = reader.get("/moderation/record").text
    assert "Upheld an appeal by somebody" in record
    assert "Appeal upheld" in record
    assert "You are right." not in record
    assert chain.misfit() is None


def test_a_rejected_appeal_keeps_it_removed_and_its_words_sealed(
    asked, author, path, kit, log, fresh, comment, sign_in, session
):
    appeals.reject(asked.id, kit, "It was not.")
    session.commit()

    assert log() == ["removed", "appeal_rejected"]
    assert (fresh(comment).state, fresh(comment).source) == (State.REMOVED, "")
    assert session.scalar(sa.select(SealedWords.source)) == WORDS
    page = sign_in(author).get(path).text
    assert "the removal stands" in page
    assert "It was not." in page
    assert "Send appeal" not in page


def test_an_answer_is_given_once(asked, kit, make):
    appeals.uphold(asked.id, kit)

    assert appeals.uphold(asked.id, make.moderator("Lou")) is None
    with pytest.raises(AlreadyDecided):
        appeals.reject(asked.id, kit)


@pytest.mark.row("F13")
def test_two_moderators_who_answer_at_once_give_one_answer(
    asked, kit, make, everybody, log, fresh, comment
):
    lou = make.moderator("Lou")
    asked_id = asked.id

    def answer(act, who):
        return lambda: act(asked_id, db.session.get_one(Account, who.id))

    outcomes = everybody([answer(appeals.uphold, kit), answer(appeals.reject, lou)] * 4)

    assert outcomes.count(True) == 1
    answers = [act for act in log() if act.startswith("appeal_")]
    is_back = fresh(comment).state is State.VISIBLE
    assert answers == ["appeal_upheld" if is_back else "appeal_rejected"]
    assert chain.misfit() is None


def test_who_removed_is_not_offered_to_undo_the_answer(asked, kit, moderator, sign_in, session):
    upheld = appeals.uphold(asked.id, kit, "Yes.")
    session.commit()
    form = f'action="/moderation/decisions/{upheld.id}/undoing"'

    shown = [form in sign_in(who).get("/moderation/log").text for who in (moderator, kit)]

    assert shown == [False, True]


def test_both_answers_are_undone_and_done_again(
    asked, kit, moderator, log, fresh, comment, session
):
    upheld = appeals.uphold(asked.id, kit, "Yes.")
    with pytest.raises(SomebodyElseDecides):
        undoing.undo(upheld, moderator)
    reopened = undoing.undo(upheld, kit)
    session.commit()
    assert (fresh(comment).state, asked.answer_id) == (State.REMOVED, None)

    again = undoing.undo(reopened, kit)
    session.commit()
    assert (fresh(comment).state, again.note) == (State.VISIBLE, "Yes.")

    undoing.undo(again, kit)
    rejected = appeals.reject(asked.id, kit)
    undoing.undo(rejected, kit)
    session.commit()

    assert session.get_one(Appeal, asked.id).answer_id is None
    assert log()[-3:] == ["appeal_reopened", "appeal_rejected", "appeal_reopened"]
    assert chain.misfit() is None


def test_a_refused_comment_is_appealed_against_too(make, letter, moderator, kit, sign_in, session):
    author = make.account("Hayden")
    held = make.held(letter, author)
    refusal = holding.refuse_held(held.id, moderator, Reason.SPAM)
    session.commit()
    page = sign_in(author).get(f"/account/decisions/{refusal.id}").text
    assert "Buy something." in page
    assert "was not let into the discussion" in page
    asked = appeals.appeal(author, refusal, "I sell nothing.")

    upheld = appeals.uphold(asked.id, kit)

    number = removals.number_of(refusal)
    session.commit()
    assert (upheld.number, session.scalars(sa.select(HeldComment)).all()) == (number, [])
    assert "Buy" in sign_in(author).get(f"/letters/{letter.slug}/comments/{number}").text
    undoing.undo(upheld, kit)
    session.commit()
    assert removals.words_of(refusal) == "Buy something."
    appeals.uphold(asked.id, kit)
    session.commit()
    assert chain.misfit() is None


def test_undoing_the_restoration_alone_opens_the_appeal_again(
    asked, author, path, letter, kit, moderator, sign_in, log, fresh, comment, session
):
    appeals.uphold(asked.id, kit)
    session.commit()
    restoration = decisions.latest(actions.thing(comment))

    with pytest.raises(SomebodyElseDecides):  # who removed doesn't take it back by a side door
        undoing.undo(restoration, moderator)
    session.rollback()
    assert fresh(comment).state is State.VISIBLE
    undoing.undo(restoration, kit)
    session.commit()

    page = sign_in(author).get(path).text
    assert (fresh(comment).state, asked.answer_id) == (State.REMOVED, None)
    assert log() == ["removed", "restored", "appeal_upheld", "removed", "appeal_reopened"]
    assert "Another moderator will decide." in page
    assert "Upheld" not in page
    appeals.uphold(asked.id, kit)
    session.commit()
    assert fresh(comment).state is State.VISIBLE
    assert chain.misfit() is None


@pytest.mark.parametrize("is_refused_again", [False, True])
def test_undoing_the_approval_alone_opens_the_appeal_again_to_be_upheld_anew(
    make, letter, moderator, kit, session, fresh, is_refused_again
):
    author = make.account("Hayden")
    refusal = holding.refuse_held(make.held(letter, author).id, moderator, Reason.SPAM)
    asked = appeals.appeal(author, refusal, "I sell nothing.")
    appeals.uphold(asked.id, kit)
    approval = decisions.latest(f"comment {letter.id}/{removals.number_of(refusal)}")
    session.commit()

    put_back = undoing.undo(approval, kit)
    session.commit()
    waits = asked.answer_id is None
    if is_refused_again:
        holding.refuse_held(put_back.held_id, moderator, Reason.SPAM)
    appeals.uphold(asked.id, kit)
    session.commit()

    comment = session.get_one(Comment, (letter.id, approval.number))
    assert (waits, fresh(comment).state, comment.source) == (True, State.VISIBLE, "Buy something.")
    assert chain.misfit() is None


def test_undoing_an_earlier_restoration_leaves_other_appeals_alone(
    asked, letter, comment, kit, moderator, session
):
    appeals.uphold(asked.id, kit)
    actions.remove(letter, moderator, comment.number, Reason.SPAM)
    again = actions.restore(letter, moderator, comment.number)

    undoing.undo(again, moderator)
    session.commit()

    assert asked.answer_id is not None


def test_removed_anew_after_an_upheld_appeal_the_author_reads_both(
    asked, author, path, letter, comment, kit, moderator, sign_in, session
):
    appeals.uphold(asked.id, kit)
    anew = actions.remove(letter, moderator, comment.number, Reason.SPAM)
    session.commit()
    person = sign_in(author)

    page = person.get(path).text

    assert "It was removed again since." in page
    assert f'href="/account/decisions/{anew.id}"' in page
    assert "is back in the discussion" not in page
    assert "Send appeal" in person.get(f"/account/decisions/{anew.id}").text
    comments.delete(letter, author, comment.number)
    session.commit()
    assert "You have deleted the comment since." in person.get(path).text


def test_who_deletes_the_comment_drops_the_appeal(asked, author, letter, comment, session, kit):
    comments.delete(letter, author, comment.number)
    session.commit()

    assert session.scalars(sa.select(Appeal)).all() == []
    with pytest.raises(NotFound):
        appeals.uphold(asked.id, kit)


def test_a_reporter_is_told_what_came_of_it(letter, comment, make, moderator, sign_in, session):
    frankie = make.account("Frankie")
    kept, waits = make.comment(letter), make.comment(letter)
    for one in (comment, kept, waits):
        reports.report(letter, frankie, one.number, Reason.ATTACK)
    actions.remove(letter, moderator, comment.number, Reason.ATTACK)
    reports.dismiss(letter, moderator, kept.number)
    session.commit()

    page = sign_in(frankie).get("/account/decisions").text

    assert "A moderator removed the comment on" in page
    assert ": personal attack." in page
    assert "found that it keeps the rules" in page
    assert "A moderator will look at it." in page
    assert "Jordan" not in page
    assert "Frankie" not in sign_in(make.account()).get("/account/decisions").text


def test_after_a_report_the_author_is_told_of_that_but_not_of_whom(
    letter, comment, make, moderator, author, sign_in, session
):
    reports.report(letter, make.account("Frankie"), comment.number, Reason.ATTACK)
    removal = actions.remove(letter, moderator, comment.number, Reason.ATTACK)
    session.commit()

    page = sign_in(author).get(f"/account/decisions/{removal.id}").text

    assert "After a reader’s report." in page
    assert "Frankie" not in page


def test_who_is_banned_reads_why_and_for_how_long(make, moderator, sign_in, session):
    villain = make.account()
    assert "You cannot comment" not in sign_in(villain).get("/account/decisions").text
    actions.ban(villain, moderator, Reason.SPAM, "A canary.")
    session.commit()

    page = sign_in(villain).get("/account/decisions").text

    assert "Reason given: spam." in page
    assert "It does not end by itself." in page
    assert "canary" not in page
