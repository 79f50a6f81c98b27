"""The assistant learns, explains, never goes beyond "hold", and can be switched off."""

import pytest
import sqlalchemy as sa

from discuss.accounts.events import account_gone
from discuss.accounts.models import Role
from discuss.base import jobs
from discuss.base.errors import Forbidden
from discuss.comments import actions as comments
from discuss.comments.models import HeldComment, Reason, SealedWords, State
from discuss.moderation import actions, holding, reports, undoing
from discuss.moderation.assistant import actions as assistant
from discuss.moderation.assistant import examples, learning, queries, scoring
from discuss.moderation.assistant.models import Knowledge, Word
from discuss.moderation.models import Act, Decision, Office
from discuss.moderation.queue.opinions import Opinion
from tests.moderation.assistant.conftest import BAD, GOOD


@pytest.fixture
def run(app, session):
    """Run what waits in the background."""

    def ran():
        jobs.run_due(app)
        session.expire_all()

    return ran


@pytest.fixture
def opinions(session):
    """What is thought, oldest first."""

    def found():
        session.expire_all()
        return session.scalars(sa.select(Opinion).order_by(Opinion.id)).all()

    return found


def test_out_of_the_box_nothing_is_learned_looked_at_or_held(decided, make, letter, run, opinions):
    decided(50)

    make.comment(letter, source=BAD)
    run()

    assert not queries.is_on()
    assert (queries.knowledge(), opinions()) == (None, [])


def test_it_tells_the_removed_from_the_kept_and_by_which_words(decided, switch):
    decided(60)

    switch()

    known = queries.knowledge()
    bad, good = scoring.score_of(BAD, known), scoring.score_of(GOOD, known)
    assert (bad.percent > 90, good.percent < 10) == (True, True)
    assert set(bad.words) <= set(BAD.lower().replace(",", "").split())
    assert good.words == ()
    assert scoring.score_of("Unheard.", known) is None


def test_what_is_like_the_removed_waits_and_the_queue_says_why(
    decided, switch, make, letter, run, fresh, desk, session, opinions
):
    decided(60)
    switch(may_hold=True)
    comment = make.comment(letter, source="A casino bonus for you, click.")

    run()

    held = session.scalars(sa.select(HeldComment).where(HeldComment.refused_at.is_(None))).one()
    assert fresh(comment).state is State.REMOVED
    assert held.reason.startswith("The assistant: much like what was removed here before. Words: ")
    assert "casino" in held.reason
    line = session.scalars(sa.select(Decision).order_by(Decision.id.desc()).limit(1)).one()
    assert (line.act, line.office, line.actor_id) == (Act.HELD_BY_RULE, Office.RULE, None)
    (opinion,) = opinions()
    page = desk.get("/moderation").text
    assert f"{opinion.score} % like what was removed here before." in page
    undoing.undo(line, desk.account)
    assert fresh(comment).state is State.VISIBLE


def test_it_never_does_more_than_hold_and_only_where_it_may(
    decided, switch, make, letter, run, fresh, log, opinions, desk, session
):
    decided(60)
    switch(may_hold=False)
    comment, before = make.comment(letter, source=BAD), log()

    run()

    assert (fresh(comment).state, log()) == (State.VISIBLE, before)
    assert [one.number for one in opinions()] == [comment.number]
    reports.report(letter, make.account(), comment.number, Reason.SPAM)
    session.commit()
    assert "like what was removed here before. Words:" in desk.get("/moderation?q=reported").text


def test_below_the_threshold_nothing_waits(decided, switch, make, letter, run, fresh):
    decided(60)
    switch(may_hold=True, threshold=99)
    comment = make.comment(letter, source=f"{GOOD}, no casino.")

    run()

    assert fresh(comment).state is State.VISIBLE


def test_a_held_comment_gets_a_note_and_stays_held(
    decided, switch, make, letter, run, opinions, session
):
    decided(60)
    switch(may_hold=True)
    held = make.held(letter)
    held.source = BAD
    session.commit()

    run()

    assert [one.held_id for one in opinions()] == [held.id]


def test_what_a_moderator_let_stand_or_wrote_is_left_alone(
    decided, switch, make, letter, run, fresh, moderator, session
):
    decided(60)
    switch(may_hold=True)
    own = make.comment(letter, author=moderator, source=BAD)
    comment = make.comment(letter, source=BAD)
    run()
    held = session.scalars(sa.select(HeldComment).where(HeldComment.refused_at.is_(None))).one()

    holding.approve(held.id, moderator)
    session.commit()
    run()

    assert (fresh(comment).state, fresh(own).state) == (State.VISIBLE, State.VISIBLE)


def test_an_edit_is_looked_at_anew(decided, switch, make, letter, run, fresh):
    decided(60)
    switch(may_hold=True)
    author = make.account()
    comment = make.comment(letter, author=author, source=GOOD)
    run()

    comments.edit(letter, author, comment.number, BAD, None)
    comments.session.commit()
    run()

    assert fresh(comment).state is State.REMOVED


def test_from_too_few_decisions_it_learns_nothing_and_says_so(
    decided, switch, make, letter, run, opinions, office, session
):
    decided(49, 60)
    switch(may_hold=True)

    make.comment(letter, source=BAD)
    run()

    assert (opinions(), session.query(Word).count()) == ([], 0)
    page = office.get("/moderation/assistant").text
    assert "It has not learned enough and does nothing." in page
    assert "It knows 49 decisions by which a comment was kept and 60 by which" in page


def test_every_fifth_decision_is_held_back_and_measured(decided, learn, session):
    decided(60)

    known = learn()

    ids = session.scalars(sa.select(Decision.id)).all()
    held_back = sum(decision_id % 5 == 0 for decision_id in ids)
    assert known.held_back_kept + known.held_back_removed == held_back
    assert known.kept_in_all == known.removed_in_all == 60
    at_ninety = next(one for one in queries.outcomes(known, 90) if one.threshold == 90)
    assert (at_ninety.precision, at_ninety.recall) == (100, 100)


def test_thresholds_are_counted_as_they_would_have_held():
    scores = {True: [95, 85, 40], False: [86, 10]}

    measures = {one["threshold"]: one for one in learning.measured(scores)}

    assert measures[85] == {"threshold": 85, "found": 2, "wrong": 1}
    known = Knowledge(held_back_removed=3, measures=[measures[85], measures[99]])
    first, last = queries.outcomes(known, 85)
    assert (first.held, first.precision, first.recall) == (3, 67, 67)
    assert (last.held, last.precision, last.recall) == (0, None, 0)


def test_the_last_word_counts_and_what_is_open_or_erased_does_not(
    make, letter, moderator, session, desk
):
    removed, restored, dismissed, gone = (make.comment(letter) for _ in range(4))
    for comment in (removed, restored, gone):
        actions.remove(letter, moderator, comment.number, Reason.ATTACK)
    actions.restore(letter, moderator, restored.number)
    reports.report(letter, make.account(), dismissed.number, Reason.SPAM)
    reports.dismiss(letter, moderator, dismissed.number)
    session.commit()
    session.execute(sa.delete(SealedWords).where(SealedWords.number == gone.number))

    decisions = examples.settled()
    sources = examples.sources_of(decisions)
    found = {one.number: one.is_removed for one in decisions if one.id in sources}

    assert found == {removed.number: True, restored.number: False, dismissed.number: False}


def test_what_it_knows_is_bounded():
    tally = learning.Tally()
    for number in range(3 * learning.LEAST_COMMENTS):
        words = frozenset(f"word{n}" for n in range(learning.MOST_KNOWN + 100))
        tally.add(examples.Example(number, number % 2 == 0, words))

    assert len(tally.telling()) == learning.MOST_KNOWN
    assert len(scoring.words_of(" ".join(map(str, range(10, 9000))))) == scoring.MOST_WORDS


def test_a_flood_of_harmless_words_does_not_talk_the_others_away():
    known = {f"casino{n}": 3.0 for n in range(5)} | {f"tea{n}": -0.2 for n in range(200)}

    found = scoring.score(known, known)

    assert found.percent > 90


def test_a_change_is_a_line_of_the_log_that_is_undone(switch, desk, office, log, session):
    decision = switch(may_hold=True, threshold=85)

    assert "On; it holds from 85 % on" in desk.get("/moderation/log").text
    refused = desk.post(f"/moderation/decisions/{decision.id}/undoing")
    office.post(f"/moderation/decisions/{decision.id}/undoing")

    session.expire_all()
    assert (refused.status_code, queries.is_on(), log()) == (403, False, ["assistant_set"] * 2)


def test_only_administrators_set_it(moderator):
    with pytest.raises(Forbidden):
        assistant.change(moderator, {**assistant.OFF, "is_on": True})


def test_switched_off_it_forgets_and_looks_at_nothing(
    decided, switch, make, letter, run, opinions, session
):
    decided(60)
    switch()

    switch(is_on=False)
    make.comment(letter, source=BAD)
    run()

    assert opinions() == []


def test_the_form_refuses_a_threshold_that_is_none(office):
    answer = office.post("/moderation/assistant", is_on="yes", threshold="20")

    assert answer.status_code == 422
    assert "Choose a threshold from 50 to 99." in answer.text
    assert 'name="is_on" value="yes" checked' in answer.text
    assert not queries.is_on()


def test_the_form_says_what_was_saved(office, session):
    answer = office.post("/moderation/assistant", is_on="yes", threshold="75")

    assert answer.status_code == 303
    assert "Saved: the assistant does so from now on." in office.get("/moderation/assistant").text
    setting = queries.assistant()
    assert (setting.is_on, setting.may_hold, setting.threshold) == (True, False, 75)


def test_what_was_thought_goes_with_the_comment_and_with_the_account(
    decided, switch, make, letter, run, opinions, session
):
    decided(60)
    switch()
    author = make.account()
    first, _second = (make.comment(letter, author=author, source=BAD) for _ in range(2))
    run()
    assert len(opinions()) == 2

    comments.delete(letter, author, first.number)
    session.commit()
    assert len(opinions()) == 1

    account_gone.send(author, keeps_words=True)
    session.commit()
    assert opinions() == []


def test_only_an_administrator_is_offered_the_undoing_of_what_was_set(make, session, sign_in):
    administrator = make.account(role=Role.ADMINISTRATOR)
    assistant.change(administrator, {**assistant.OFF, "is_on": True})
    session.commit()

    pages = [sign_in(who).get("/moderation/log").text for who in (make.moderator(), administrator)]

    assert ["/undoing" in page for page in pages] == [False, True]
