"""Stopping somebody from commenting, and letting them again."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from discuss.accounts.models import Role
from discuss.base import clock
from discuss.comments.models import Reason
from discuss.moderation import actions, undoing
from discuss.moderation.errors import AlreadyUndone, Banned, CannotBan, NoteNeeded, Superseded
from discuss.moderation.models import Ban, Decision


@pytest.fixture
def max_(make):
    return make.account("Max")


@pytest.fixture
def path(max_):
    return f"/moderation/accounts/{max_.id}/ban"


def test_a_ban_acts_on_the_next_request_and_keeps_the_words(letter, max_, sign_in, desk, path):
    browser = sign_in(max_)
    assert browser.comment(letter, "Before.").status_code == 303

    banned = desk.post(path, reason="attack", length="day")
    answer = browser.comment(letter, "After.")

    assert (banned.status_code, banned.location) == (303, path)
    assert answer.status_code == 403
    assert "After." in answer.text
    assert "you cannot comment until" in answer.text
    assert "personal attack" in answer.text


def test_whoever_is_banned_is_offered_nothing_to_write_with(
    letter, max_, make, moderator, sign_in, session
):
    make.comment(letter, source="Of somebody else.")
    own = make.comment(letter, author=max_, source="Of Max.")
    others, theirs = sign_in(make.account()), sign_in(max_)
    page = f"/letters/{letter.slug}"
    offered = ("data-reply>", "data-reply-form", "?edit=1#edit", "/deletion")
    before = [what in theirs.get(page).text for what in offered]

    actions.ban(max_, moderator, Reason.SPAM)
    session.commit()

    assert before == [True] * 4
    assert [what in theirs.get(page).text for what in offered] == [False, False, False, True]
    assert "data-reply>" in others.get(page).text
    editing = theirs.get(f"{page}/comments/{own.number}?edit=1")
    assert (editing.status_code, "Save edit" in editing.text) == (200, False)
    assert "You cannot comment here any more." in editing.text


def test_whoever_is_banned_reads_why_wherever_they_would_write(
    letter, comment, max_, moderator, sign_in, session
):
    browser = sign_in(max_)
    own = browser.comment(letter, "Mine.").location
    actions.ban(max_, moderator, Reason.ATTACK, until=clock.now() + timedelta(days=1))
    session.commit()

    pages = [
        browser.get(path).text
        for path in (
            f"/letters/{letter.slug}",
            f"/letters/{letter.slug}/comments/{comment.number}?reply=1",
            "/account",
        )
    ]
    edit = browser.post(f"{own}/text", body="Mine, changed.")
    again = browser.post(f"/letters/{letter.slug}/comments", body="More.", parent=0)

    for page in pages:
        assert "You cannot comment until" in page
        assert "personal attack" in page
        assert 'name="body"' not in page
    assert [answer.status_code for answer in (edit, again)] == [403, 403]
    assert ["personal attack" in answer.text for answer in (edit, again)] == [True, True]


def test_a_ban_for_good_says_so(letter, max_, moderator, make, session):
    actions.ban(max_, moderator, Reason.SPAM)

    with pytest.raises(Banned) as refused:
        make.comment(letter, author=max_)

    assert "until" not in refused.value.message
    assert "spam" in refused.value.message


def test_a_ban_ends_by_itself(letter, max_, moderator, make, monkeypatch):
    now = clock.now()
    actions.ban(max_, moderator, Reason.SPAM, "", now + timedelta(days=1))
    with pytest.raises(Banned):
        make.comment(letter, author=max_)
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=1, seconds=1))

    assert make.comment(letter, author=max_).account_id == max_.id
    assert actions.unban(max_, moderator) is None
    assert actions.ban(max_, moderator, Reason.ATTACK) is not None


def test_the_log_says_who_why_and_until_when(max_, moderator, desk):
    until = clock.now() + timedelta(days=7)
    decision = actions.ban(max_, moderator, Reason.OTHER, "Poses as others.", until)

    assert (decision.subject_id, decision.until, decision.after) == (max_.id, until, "banned")
    actions.session.commit()
    page = desk.get("/moderation/log").text
    assert "Banned \u2068Max\u2069 until" in page
    assert "Poses as others." in page


def test_banning_twice_is_banning_once(max_, moderator, make, log, session):
    actions.ban(max_, moderator, Reason.SPAM)

    assert actions.ban(max_, make.moderator("Kit"), Reason.ATTACK) is None
    assert (session.scalars(sa.select(Ban)).one().reason, log()) == (Reason.SPAM, ["banned"])


def test_a_lifted_ban_lets_comment_again(letter, max_, moderator, make, desk, path, session, log):
    actions.ban(max_, moderator, Reason.SPAM)
    session.commit()

    answers = [desk.post(path, length="lifted").status_code for _ in range(2)]

    assert (answers, log()) == ([303, 303], ["banned", "unbanned"])
    assert make.comment(letter, author=max_).account_id == max_.id


@pytest.mark.row("23")
@pytest.mark.parametrize(
    ("who", "whom", "may"),
    [
        (Role.MODERATOR, Role.ACCOUNT, True),
        (Role.MODERATOR, Role.PUBLISHER, True),
        (Role.MODERATOR, Role.MODERATOR, False),
        (Role.MODERATOR, Role.ADMINISTRATOR, False),
        (Role.ADMINISTRATOR, Role.MODERATOR, True),
        (Role.ADMINISTRATOR, Role.ADMINISTRATOR, False),
    ],
)
def test_who_may_ban_whom(make, who, whom, may, log, sign_in):
    one, other = make.account(role=who), make.account(role=whom)
    path = f"/moderation/accounts/{other.id}/ban"

    answer = sign_in(one).post(path, reason="spam", length="always")

    assert (answer.status_code, log()) == ((303, ["banned"]) if may else (403, []))


def test_nobody_bans_themselves(moderator, make):
    for account in (moderator, make.account(role=Role.ADMINISTRATOR)):
        with pytest.raises(CannotBan):
            actions.ban(account, account, Reason.SPAM)


def test_a_role_taken_away_meanwhile_counts(max_, make, desk, moderator, session, path, log):
    moderator.role = Role.ACCOUNT
    session.commit()

    assert desk.post(path, reason="spam", length="always").status_code == 403
    assert log() == []


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"reason": "spam"},
        {"length": "day"},
        {"reason": "spam", "length": "999"},
        {"reason": "other", "length": "day"},
        {"reason": "", "length": ""},
    ],
)
def test_reason_and_length_are_needed(desk, path, fields, log):
    answer = desk.post(path, **fields)

    assert (answer.status_code, log()) == (422, [])
    assert 'role="alert"' in answer.text


def test_other_wants_a_note(max_, moderator):
    with pytest.raises(NoteNeeded):
        actions.ban(max_, moderator, Reason.OTHER)


def test_the_page_shows_the_record(max_, make, letter, desk, path, moderator, session):
    make.comment(letter, author=max_, source="A good remark.")
    bad = make.comment(letter, author=max_, source="A bad remark.")
    actions.remove(letter, moderator, bad.number, Reason.ATTACK)
    session.commit()

    page = desk.get(path).text

    assert "A good remark." in page
    assert "A bad remark." not in page
    assert "Removed a comment by" in page
    assert "<dd>Google</dd>" in page
    assert "Ban Max" in page
    assert "Ban Jordan" not in desk.get(f"/moderation/accounts/{moderator.id}/ban").text


@pytest.mark.parametrize("account_id", [0, 9999, 2**31, 10**30])
def test_there_must_be_such_an_account(desk, account_id):
    path = f"/moderation/accounts/{account_id}/ban"

    answers = desk.get(path), desk.post(path, reason="spam", length="day")

    assert [answer.status_code for answer in answers] == [404, 404]


def test_undoing_a_ban_and_undoing_that(max_, moderator, make, letter, session, log):
    until = clock.now() + timedelta(days=1)
    ban = actions.ban(max_, moderator, Reason.SPAM, "a", until)

    lifting = undoing.undo(ban, moderator)
    make.comment(letter, author=max_)
    again = undoing.undo(lifting, moderator)

    assert (again.reason, again.note, again.until) == (Reason.SPAM, "a", until)
    with pytest.raises(Banned):
        make.comment(letter, author=max_)
    with pytest.raises(AlreadyUndone):
        undoing.undo(lifting, moderator)
    with pytest.raises(Superseded):
        undoing.undo(ban, moderator)
    assert log() == ["banned", "unbanned", "banned"]


def test_a_ban_that_would_have_ended_is_not_made_again(max_, moderator, monkeypatch):
    now = clock.now()
    ban = actions.ban(max_, moderator, Reason.SPAM, "", now + timedelta(hours=1))
    lifting = undoing.undo(ban, moderator)
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(hours=2))

    with pytest.raises(AlreadyUndone):
        undoing.undo(lifting, moderator)


def test_a_banned_reader_still_reports(letter, comment, make, moderator, sign_in, session):
    reader = make.account()
    actions.ban(reader, moderator, Reason.SPAM)
    session.commit()

    path = f"/letters/{letter.slug}/comments/{comment.number}/report"

    assert sign_in(reader).post(path, reason="attack").status_code == 303
    assert session.scalar(sa.select(sa.func.count()).select_from(Decision)) == 1
