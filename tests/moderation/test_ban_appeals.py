"""An appeal against a ban: one, heard by somebody who has not banned and may lift it."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from discuss.accounts import leaving
from discuss.accounts.models import Account, Leaving, Role
from discuss.base import clock
from discuss.base.db import db
from discuss.base.errors import NotFound
from discuss.comments.models import Reason
from discuss.moderation import actions, chain, undoing
from discuss.moderation.decisions import latest
from discuss.moderation.errors import (
    AppealedAlready,
    BanEnded,
    Banned,
    SomebodyElseDecides,
)
from discuss.moderation.models import Decision
from discuss.moderation.redress import appeals, bans
from discuss.moderation.redress import queries as redress_queries
from discuss.moderation.redress.models import Appeal
from discuss.moderation.roles import actions as roles

WORDS = "Somebody else had my telephone."


@pytest.fixture
def max_(make):
    return make.account("Max")


@pytest.fixture
def kit(make):
    """Another moderator than the one who banned."""
    return make.moderator("Kit")


@pytest.fixture
def ban(max_, moderator, session):
    ban = actions.ban(max_, moderator, Reason.SPAM, "A canary.")
    session.commit()
    return ban


@pytest.fixture
def asked(max_, ban, session):
    asked = appeals.appeal(max_, ban, WORDS)
    session.commit()
    return asked


@pytest.fixture
def path(ban):
    return f"/account/decisions/{ban.id}"


@pytest.fixture
def is_banned(max_, session):
    """Whether Max may not comment."""

    def found():
        session.expire_all()
        return actions.standing_ban(max_.id) is not None

    return found


def later(monkeypatch, **span):
    """Let time pass."""
    now = clock.now() + timedelta(**span)
    monkeypatch.setattr(clock, "now", lambda: now)


def test_whoever_is_banned_finds_why_and_the_form_wherever_that_is_said(
    letter, max_, path, sign_in, ban
):
    person = sign_in(max_)

    page = person.get(path).text

    assert f'href="{path}"' in person.get("/account").text
    assert f'href="{path}"' in person.get("/account/decisions").text
    assert 'href="/account/decisions"' in person.get(f"/letters/{letter.slug}").text
    assert "Why you were stopped from commenting" in page
    assert "without an end" in page
    assert '<a href="/house-rules#spam">Spam</a>' in page
    assert "somebody other than who banned you decides" in page
    assert "Why should the ban be lifted?" in page
    assert "canary" not in page  # the note is for the log
    assert "Jordan" not in page


def test_a_banned_person_appeals_and_still_does_nothing_else(
    letter, comment, max_, path, sign_in, kit, session
):
    person = sign_in(max_)

    answer = person.post(path, words=WORDS)
    comments = person.comment(letter, "More.").status_code
    decides = person.post("/moderation/appeals/1/answer", upheld="yes").status_code

    page = person.get(path).text
    assert (answer.status_code, answer.location) == (303, path)
    assert "Sent. Another moderator will look at it." in page
    assert WORDS in page
    assert "Send appeal" not in page
    assert (comments, decides) == (403, 403)
    assert session.scalars(sa.select(Appeal.words)).all() == [WORDS]


@pytest.mark.parametrize("words", ["", "x" * 2_001])
def test_words_that_cannot_be_taken_come_back_in_the_form(max_, path, sign_in, words):
    answer = sign_in(max_).post(path, words=words, about="ban")

    assert answer.status_code == 422
    assert "Why should the ban be lifted?" in answer.text
    assert words in answer.text


def test_nobody_else_sees_or_appeals_it(path, reader, sign_in, make, desk):
    for person in (sign_in(make.account()), desk):
        assert person.get(path).status_code == 404
        assert person.post(path, words=WORDS).status_code == 404
    assert reader.post(path, words=WORDS).status_code == 401


def test_twenty_appeals_at_once_are_one(max_, ban, everybody, session):
    def ask():
        person, line = (db.session.get_one(type(row), row.id) for row in (max_, ban))
        return appeals.appeal(person, line, WORDS)

    outcomes = everybody([ask] * 20)

    assert outcomes.count(True) == 1
    assert len(session.scalars(sa.select(Appeal)).all()) == 1


def test_both_kinds_are_listed_together(
    asked, desk, kit, sign_in, letter, comment, moderator, session, max_
):
    removal = actions.remove(letter, moderator, comment.number, Reason.ATTACK)
    appeals.appeal(session.get_one(Account, comment.account_id), removal, "A quotation.")
    session.commit()

    own, other = desk.get("/moderation/appeals").text, sign_in(kit).get("/moderation/appeals").text

    for page in (own, other):
        assert "Banned by <bdi>Jordan</bdi>" in page
        assert "Removed by <bdi>Jordan</bdi>" in page
        assert WORDS in page
        assert f'href="/moderation/accounts/{max_.id}/ban"' in page
        assert 'Appeals <span class="num">(2)</span>' in page
    assert "Uphold: lift the ban" in other
    assert "Uphold: restore the comment" in other
    assert "You banned this account: somebody else decides." in own
    assert "Uphold" not in own


def test_an_upheld_appeal_lifts_the_ban_and_everybody_can_see_it(
    asked, max_, path, kit, sign_in, log, is_banned, reader, letter
):
    browser = sign_in(kit)

    answer = browser.post(
        f"/moderation/appeals/{asked.id}/answer", upheld="yes", note="I believe you."
    )

    person = sign_in(max_)
    page, record = person.get(path).text, reader.get("/moderation/record").text
    assert (answer.status_code, answer.location) == (303, "/moderation/appeals")
    assert "Upheld: the ban is lifted." in browser.get("/moderation/appeals").text
    assert (is_banned(), log()) == (False, ["banned", "unbanned", "appeal_upheld"])
    assert "This ban holds no longer." in page
    assert "I believe you." in page
    assert "Appeal upheld" in person.get("/account/decisions").text
    assert "Upheld an appeal by somebody" in record
    assert "I believe you." not in record
    assert person.comment(letter, "Back.").status_code == 303
    assert chain.misfit() is None


def test_a_rejected_appeal_lets_the_ban_stand(asked, max_, path, kit, sign_in, log, is_banned):
    browser = sign_in(kit)

    browser.post(f"/moderation/appeals/{asked.id}/answer", upheld="no", note="No.")

    assert "Rejected: the ban stays." in browser.get("/moderation/appeals").text
    assert (is_banned(), log()) == (True, ["banned", "appeal_rejected"])
    page = sign_in(max_).get(path).text
    assert "let the ban stand" in page
    assert "Send appeal" not in page


def test_who_banned_does_not_decide_nor_whom_it_is_about(asked, desk, moderator, max_, session):
    answer = desk.post(f"/moderation/appeals/{asked.id}/answer", upheld="yes")

    max_.role = Role.MODERATOR
    session.commit()

    assert (answer.status_code, "Somebody else decides about this" in answer.text) == (403, True)
    for who in (moderator, max_):
        with pytest.raises(SomebodyElseDecides):
            appeals.reject(asked.id, who)


def test_a_moderators_ban_is_for_administrators(make, kit, session, sign_in, is_banned, max_):
    max_.role = Role.MODERATOR
    boss, chief = (make.account(name, Role.ADMINISTRATOR) for name in ("Boss", "Chief"))
    ban = actions.ban(max_, boss, Reason.ATTACK)
    asked = appeals.appeal(max_, ban, WORDS)
    session.commit()

    page = sign_in(kit).get("/moderation/appeals").text
    with pytest.raises(SomebodyElseDecides):
        appeals.uphold(asked.id, kit)
    appeals.uphold(asked.id, chief)
    session.commit()

    assert "an administrator, where a moderator is banned" in page
    assert not is_banned()


def test_where_nobody_else_is_there_that_is_said(asked, max_, path, desk, sign_in, make):
    assert "Nobody else is there to decide." in desk.get("/moderation/appeals").text
    assert "At the moment nobody may decide" in sign_in(max_).get(path).text

    make.account("Boss", Role.ADMINISTRATOR)

    assert "Nobody else is there to decide." not in desk.get("/moderation/appeals").text


def test_who_moderates_given_letters_knows_nothing_of_it(asked, make, letter, sign_in, session):
    lou = make.account("Lou")
    roles.grant(lou, Role.MODERATOR, [letter])
    session.commit()
    browser = sign_in(lou)

    page = browser.get("/moderation/appeals").text
    answer = browser.post(f"/moderation/appeals/{asked.id}/answer", upheld="yes")

    assert WORDS not in page
    assert answer.status_code == 404


def test_both_answers_are_undone_and_done_again(
    asked, kit, moderator, max_, is_banned, log, session
):
    upheld = appeals.uphold(asked.id, kit, "Yes.")
    with pytest.raises(SomebodyElseDecides):
        undoing.undo(upheld, moderator)
    reopened = undoing.undo(upheld, kit)
    session.commit()
    assert (is_banned(), asked.answer_id) == (True, None)

    again = undoing.undo(reopened, kit)
    session.commit()
    assert (is_banned(), again.note) == (False, "Yes.")

    undoing.undo(again, kit)
    rejected = appeals.reject(asked.id, kit)
    undoing.undo(rejected, kit)
    session.commit()
    assert session.get_one(Appeal, asked.id).answer_id is None
    assert (is_banned(), log()[-3:]) == (
        True,
        ["appeal_reopened", "appeal_rejected", "appeal_reopened"],
    )
    with pytest.raises(AppealedAlready):
        appeals.appeal(max_, bans.standing_line(max_.id), "Once more.")
    assert chain.misfit() is None


def test_undone_it_bans_for_what_is_left_of_the_time(max_, moderator, kit, session, monkeypatch):
    until = clock.now() + timedelta(days=1)
    ban = actions.ban(max_, moderator, Reason.SPAM, "a", until)
    upheld = appeals.uphold(appeals.appeal(max_, ban, WORDS).id, kit)
    reopened = undoing.undo(upheld, kit)

    standing = bans.standing_line(max_.id)
    assert (standing.reason, standing.note, standing.until) == (Reason.SPAM, "a", until)
    undoing.undo(reopened, kit)
    later(monkeypatch, days=2)
    undoing.undo(session.scalars(sa.select(Decision).order_by(Decision.id.desc())).first(), kit)
    assert actions.standing_ban(max_.id) is None


def test_a_ban_that_ended_by_itself_is_not_appealed_against(
    max_, moderator, session, monkeypatch, sign_in
):
    ban = actions.ban(max_, moderator, Reason.SPAM, until=clock.now() + timedelta(days=1))
    session.commit()
    later(monkeypatch, days=2)

    page = sign_in(max_).get(f"/account/decisions/{ban.id}").text

    assert "This ban has ended, or was lifted or replaced by another since." in page
    assert "Send appeal" not in page
    with pytest.raises(BanEnded):
        appeals.appeal(max_, ban, WORDS)


def test_where_the_ban_is_lifted_meanwhile_the_appeal_says_so_and_is_still_answered(
    asked, ban, max_, path, moderator, kit, sign_in, session, log, is_banned
):
    actions.unban(max_, moderator)
    session.commit()

    told, page = sign_in(max_).get(path).text, sign_in(kit).get("/moderation/appeals").text
    upheld = appeals.uphold(asked.id, kit)
    undoing.undo(upheld, kit)
    session.commit()

    assert "This ban has ended, or was lifted or replaced by another since." in told
    assert "This ban has ended, or was lifted or replaced by another since." in page
    assert (is_banned(), log()) == (
        False,
        ["banned", "unbanned", "appeal_upheld", "appeal_reopened"],
    )


def test_another_ban_since_is_another_matter(
    asked, ban, max_, moderator, kit, session, is_banned, path, sign_in
):
    actions.unban(max_, moderator)
    other = actions.ban(max_, moderator, Reason.ATTACK)
    session.commit()

    upheld = appeals.uphold(asked.id, kit)
    session.commit()
    assert is_banned()  # by the other
    undoing.undo(upheld, kit)
    again = appeals.appeal(max_, other, "And this?")
    appeals.uphold(again.id, kit)
    session.commit()

    assert not is_banned()
    assert "replaced by another since" in sign_in(max_).get(path).text


def test_who_undoes_a_lifting_has_banned_as_well(ban, max_, moderator, kit, make, session):
    again = undoing.undo(actions.unban(max_, moderator), kit)
    session.commit()
    asked = appeals.appeal(max_, again, WORDS)

    for who in (kit, moderator):
        with pytest.raises(SomebodyElseDecides):
            appeals.uphold(asked.id, who)
    with pytest.raises(AppealedAlready):
        appeals.appeal(max_, ban, WORDS)
    assert appeals.uphold(asked.id, make.moderator("Lou")) is not None


def test_who_undoes_anothers_lifting_does_not_hear_the_appeal_that_waits(asked, max_, kit, make):
    undoing.undo(actions.unban(max_, make.moderator("Lou")), kit)

    with pytest.raises(SomebodyElseDecides):
        appeals.reject(asked.id, kit)


def test_undoing_the_lifting_alone_opens_the_appeal_again(
    asked, max_, path, moderator, kit, sign_in, session, is_banned, log
):
    appeals.uphold(asked.id, kit)
    session.commit()
    lifting = latest(f"ban {max_.id}")

    with pytest.raises(SomebodyElseDecides):
        undoing.undo(lifting, moderator)
    session.rollback()
    undoing.undo(lifting, kit)
    session.commit()

    assert (is_banned(), asked.answer_id) == (True, None)
    assert log()[-2:] == ["banned", "appeal_reopened"]
    assert "Another moderator will decide." in sign_in(max_).get(path).text


def test_who_leaves_takes_the_appeal_along(asked, max_, kit, session):
    session.add(Leaving(account_id=max_.id, due_at=clock.now()))
    session.commit()

    leaving.go(leaving.due()[0])
    session.commit()

    assert session.scalars(sa.select(Appeal)).all() == []
    with pytest.raises(NotFound):
        appeals.uphold(asked.id, kit)


def test_it_is_in_the_persons_own_file(asked, max_):
    held = redress_queries.everything_asked_by(max_)

    assert [(one["against"], one["words"]) for one in held["appeals"]] == [("banned", WORDS)]


def test_the_ban_counts_until_the_answer(asked, letter, max_, make):
    with pytest.raises(Banned):
        make.comment(letter, author=max_)
