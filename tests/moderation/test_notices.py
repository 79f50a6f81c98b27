"""Legal notices: from anybody, confirmed, decided with reasons, told to the sender and author."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from discuss.accounts import leaving
from discuss.accounts.models import Account, Leaving
from discuss.base import clock
from discuss.comments.models import Reason, State
from discuss.moderation import actions, chain, jobs, undoing
from discuss.moderation.errors import AlreadyDecided
from discuss.moderation.redress import appeals, notices
from discuss.moderation.redress.models import Notice

FACTS = "It names the street, which section 5 forbids."


@pytest.fixture
def place(letter, comment):
    return f"http://127.0.0.1:8000/letters/{letter.slug}/comments/{comment.number}"


@pytest.fixture
def fields(place):
    return {
        "place": place,
        "explanation": "It threatens a family.",
        "name": "Kim Canary",
        "email": "kim@example.org",
        "faith": "yes",
    }


@pytest.fixture
def sent(reader, fields, session):
    """A notice, and where its sender finds the answer."""
    answer = reader.post("/notice", **fields)
    assert answer.status_code == 303, answer.text
    return session.scalars(sa.select(Notice)).one(), answer.location


def test_anybody_sends_one_and_gets_a_receipt(reader, sent, comment):
    notice, path = sent

    page = reader.get(path)

    assert (notice.letter_id, notice.number) == (comment.letter_id, comment.number)
    assert (notice.name, notice.email) == ("Kim Canary", "kim@example.org")
    assert "We have received your notice." in page.text
    assert "It threatens a family." in page.text
    assert f"{notice.id}-{notice.digest[:8]}" in page.text
    assert "Kim Canary" not in page.text
    assert page.headers["Cache-Control"] == "private, no-store"
    assert path.removeprefix("/notice/") not in str(vars(notice))


def test_somebody_signed_in_is_remembered_as_its_sender(sign_in, make, fields, session):
    sender = make.account("Kim")
    person = sign_in(sender)
    assert 'value="Kim"' in person.get("/notice").text

    assert person.post("/notice", **fields).status_code == 303
    assert session.scalars(sa.select(Notice.account_id)).one() == sender.id


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        ("place", "No comment is at this address."),
        ("explanation", "Write why the comment is illegal."),
        ("name", "Write your name."),
        ("email", "Write your e-mail address."),
        ("faith", "Confirm that you believe in good faith"),
    ],
)
def test_what_the_law_asks_for_must_be_there(reader, fields, session, missing, said):
    answer = reader.post("/notice", **fields | {missing: ""})

    assert (answer.status_code, said in answer.text) == (422, True)
    kept = {"explanation": "It threatens a family.", "name": "Kim Canary"}
    assert all(words in answer.text for name, words in kept.items() if name != missing)
    assert session.scalars(sa.select(Notice)).all() == []


@pytest.mark.parametrize(
    "values",
    [
        {"place": "https://elsewhere.example/"},
        {"place": "/letters/none/comments/1"},
        {"place": "/letters/bystander/comments/99999999999999999999"},
        {"place": "http://[x/letters/bystander/comments/2"},
        {"email": "no address"},
        {"explanation": "x" * 2_001},
        {"name": "x" * 121},
        {"name": "a\x00b"},
    ],
)
def test_what_cannot_be_taken_is_refused_in_words(reader, fields, session, values):
    assert reader.post("/notice", **fields | values).status_code == 422
    assert session.scalars(sa.select(Notice)).all() == []


def test_about_abuse_of_children_name_and_address_may_stay_away(reader, fields, session):
    answer = reader.post("/notice", **fields | {"name": "", "email": "", "anonymous": "yes"})

    assert answer.status_code == 303
    assert session.scalars(sa.select(Notice.name)).one() == ""


@pytest.mark.row("29")
def test_there_is_a_pace(reader, fields, session):
    answers = [reader.post("/notice", **fields).status_code for _ in range(6)]

    assert answers == [303] * 5 + [429]
    assert len(session.scalars(sa.select(Notice)).all()) == 5


@pytest.mark.row("33")
def test_the_pace_is_a_networks_whatever_a_header_says(reader, fields):
    answers = []
    for n in range(1, 7):
        reader.client.environ_base["REMOTE_ADDR"] = f"2001:db8::{n}"
        reader.client.environ_base["HTTP_X_FORWARDED_FOR"] = f"198.51.100.{n}"
        answers.append(reader.post("/notice", **fields).status_code)

    assert answers == [303] * 5 + [429]


def test_a_reference_is_not_to_be_guessed(reader, sent):
    notice, _path = sent
    for guess in ("1", str(notice.id), notice.digest):
        assert reader.get(f"/notice/{guess}").status_code == 404


def test_it_reaches_the_moderators_and_nobody_else(desk, reader, sign_in, make, sent):
    page = desk.get("/moderation/notices").text

    for words in ("It threatens a family.", "Kim Canary", "kim@example.org", "Go and live"):
        assert words in page
    assert 'Legal notices <span class="num">(1)</span>' in page
    assert reader.get("/moderation/notices").status_code == 303
    assert sign_in(make.account()).get("/moderation/notices").status_code == 403


def test_upheld_it_removes_the_comment_and_both_are_told_why(
    desk, sent, reader, sign_in, session, comment, fresh, log
):
    notice, path = sent

    answer = desk.post(
        f"/moderation/notices/{notice.id}/answer", upheld="yes", reason="illegal", note=FACTS
    )

    assert (answer.status_code, answer.location) == (303, "/moderation/notices")
    assert log() == ["removed", "notice_upheld"]
    assert fresh(comment).removed_for is Reason.ILLEGAL
    told = reader.get(path).text
    assert "The comment was removed for all readers: illegal or threatening." in told
    assert FACTS in told
    assert "out-of-court" in told
    assert "Jordan" not in told
    person = sign_in(session.get_one(Account, comment.account_id))
    page = person.get(person.get(f"{path_of(comment, session)}/why").location).text
    assert FACTS in page
    assert "After a notice of illegal content." in page
    assert "We consider it illegal" in page
    assert "Kim" not in page
    record = reader.get("/moderation/record").text
    assert "Upheld a legal notice about a comment by somebody" in record
    assert FACTS not in record
    assert chain.misfit() is None


def path_of(comment, session):
    slug = session.scalar(
        sa.text("SELECT slug FROM letters WHERE id = :id"), {"id": comment.letter_id}
    )
    return f"/letters/{slug}/comments/{comment.number}"


def test_rejected_the_comment_stays_and_the_sender_is_told_why(
    desk, sent, reader, comment, fresh, log
):
    notice, path = sent

    desk.post(f"/moderation/notices/{notice.id}/answer", upheld="no", note="It is satire.")

    assert (fresh(comment).state, log()) == (State.VISIBLE, ["notice_rejected"])
    told = reader.get(path).text
    assert "The comment stays." in told
    assert "It is satire." in told


def test_without_reasons_nothing_is_decided(desk, sent, log):
    notice, _path = sent

    answer = desk.post(f"/moderation/notices/{notice.id}/answer", upheld="yes", reason="illegal")

    assert (answer.status_code, log()) == (422, [])
    assert "Write the reasons" in answer.text


def test_it_is_answered_once_and_undone(sent, moderator, make, comment, fresh, session):
    notice, _path = sent
    upheld = notices.uphold(notice.id, moderator, Reason.ILLEGAL, FACTS)
    assert notices.uphold(notice.id, make.moderator(), Reason.SPAM, FACTS) is None
    with pytest.raises(AlreadyDecided):
        notices.reject(notice.id, moderator, "No.")

    reopened = undoing.undo(upheld, moderator)
    session.commit()
    assert fresh(comment).state is State.VISIBLE
    again = undoing.undo(reopened, moderator)
    session.commit()
    assert (fresh(comment).state, again.note) == (State.REMOVED, FACTS)
    assert chain.misfit() is None


def test_it_waits_again_when_the_removal_is_undone(sent, desk, moderator, log, reader, session):
    notice, path = sent
    upheld = notices.uphold(notice.id, moderator, Reason.ILLEGAL, FACTS)
    session.commit()

    desk.post(f"/moderation/decisions/{upheld.concerns_id}/undoing")

    assert log() == ["removed", "notice_upheld", "restored", "notice_reopened"]
    assert FACTS not in reader.get(path).text
    assert desk.get("/moderation/notices").text.count("It threatens a family.") == 1
    assert chain.misfit() is None


def test_a_removal_is_undone_though_the_author_left_and_the_reasons_with_them(
    sent, desk, moderator, comment, fresh, session
):
    notice, _path = sent
    upheld = notices.uphold(notice.id, moderator, Reason.ILLEGAL, FACTS)
    chain.erase_words_about(comment.account_id)
    session.commit()

    answer = desk.post(f"/moderation/decisions/{upheld.concerns_id}/undoing")

    assert (answer.status_code, fresh(comment).state) == (303, State.VISIBLE)
    assert session.get_one(Notice, notice.id).answer_id is None


def test_the_sender_reads_that_the_comment_came_back(
    sent, desk, moderator, letter, comment, reader, session
):
    notice, path = sent
    notices.uphold(notice.id, moderator, Reason.ILLEGAL, FACTS)
    session.commit()
    before = reader.get(path).text

    desk.post(f"/letters/{letter.slug}/comments/{comment.number}/restoration")

    told = "It has come back since"
    assert [told in page for page in (before, reader.get(path).text)] == [False, True]


def test_the_author_may_appeal_against_it(sent, moderator, make, comment, session):
    notice, _path = sent
    upheld = notices.uphold(notice.id, moderator, Reason.ILLEGAL, FACTS)
    author = session.get_one(Account, comment.account_id)
    removal = session.get_one(type(upheld), upheld.concerns_id)

    asked = appeals.appeal(author, removal, "It is satire.")

    assert appeals.uphold(asked.id, make.moderator("Kit")) is not None


def test_where_the_comment_is_removed_already_it_can_still_be_answered(
    sent, letter, moderator, comment, session, log
):
    notice, _path = sent
    actions.remove(letter, moderator, comment.number, Reason.SPAM)

    notices.uphold(notice.id, moderator, Reason.ILLEGAL, FACTS)

    assert log() == ["removed", "notice_upheld"]


def test_a_sender_who_leaves_takes_name_and_address_along(sign_in, make, fields, session):
    sender = make.account("Kim")
    sign_in(sender).post("/notice", **fields)
    session.add(Leaving(account_id=sender.id, due_at=clock.now()))
    session.commit()

    leaving.go(leaving.due()[0])
    session.commit()

    notice = session.scalars(sa.select(Notice).execution_options(populate_existing=True)).one()
    assert (notice.account_id, notice.name, notice.email) == (None, "", "")


def test_name_and_address_are_erased_half_a_year_after_the_answer(
    sent, moderator, letter, make, session, monkeypatch
):
    answered, _path = sent
    other = make.comment(letter)
    said = notices.Notification(letter, other.number, "Illegal.", "Robin", "robin@example.org")
    waits = notices.by_reference(notices.notify(said, None, "192.0.2.9"))
    notices.reject(answered.id, moderator, FACTS)
    session.commit()

    def kept_after(days):
        now = clock.now() + timedelta(days=days)
        with monkeypatch.context() as patched:
            patched.setattr(clock, "now", lambda: now)
            jobs.forget_what_is_over()
        session.commit()
        session.expire_all()
        return [(one.name, one.email) for one in (answered, waits)]

    given = [("Kim Canary", "kim@example.org"), ("Robin", "robin@example.org")]
    assert kept_after(182) == given
    assert kept_after(184) == [("", ""), given[1]]
    assert answered.explanation == "It threatens a family."


def test_the_form_and_the_privacy_page_say_for_how_long(reader):
    assert "erased six months after the answer" in reader.get("/notice").text
    assert "erased six months after the notice was answered" in reader.get("/privacy").text


def test_everybody_takes_along_what_they_asked(sign_in, make, fields):
    person = sign_in(make.account("Kim"))
    person.post("/notice", **fields)

    held = person.post("/account/data").json["moderation"]

    assert re.fullmatch("It threatens a family.", held["notices"][0]["explanation"])
    assert (held["appeals"], held["reports"]) == ([], [])
