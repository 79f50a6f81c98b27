"""Two moderators at one queue: who looks at what, and who was faster."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from discuss.base import clock
from discuss.comments import actions as comments
from discuss.comments.models import HeldComment, Reason
from discuss.moderation import jobs, reports
from discuss.moderation.models import Claim
from discuss.moderation.queue import claims
from tests.conftest import SITE

JSON = {"Accept": "application/json", "Origin": SITE}


@pytest.fixture
def held(make, letter):
    return make.held(letter, make.account("Hayden"))


@pytest.fixture
def kit(make):
    return make.moderator("Kit")


@pytest.fixture
def other_desk(sign_in, kit):
    return sign_in(kit)


@pytest.fixture
def ask():
    """Send a form as a script does, and return the status and what it is told."""

    def asked(desk, path, **fields):
        data = {"csrf_token": desk.token(), **fields}
        with desk.client.application.app_context():
            answer = desk.client.post(path, base_url=SITE, data=data, headers=JSON)
        return answer.status_code, answer.get_json()

    return asked


@pytest.mark.row("F13")
def test_others_see_what_a_moderator_looks_at(held, letter, make, desk, other_desk, ask):
    name, next_name = f"held-{held.id}", f"held-{make.held(letter).id}"

    ask(desk, "/moderation/claims", item=name)
    seen = other_desk.get("/moderation").text
    own = desk.get("/moderation").text
    _, told = ask(other_desk, "/moderation/claims", shown=[name, next_name])
    ask(desk, "/moderation/claims", item=next_name)
    _, later = ask(other_desk, "/moderation/claims", shown=[name, next_name])

    assert "\u2068Jordan\u2069 is looking at this" in seen
    assert "is looking at this" not in own
    assert told["looking"] == {name: "\u2068Jordan\u2069 is looking at this"}
    assert (told["decided"], told["held"]) == ({}, "2")
    assert list(later["looking"]) == [next_name]


@pytest.mark.row("F13")
def test_a_claim_ends_by_itself_and_stops_nobody(
    held, moderator, kit, other_desk, session, monkeypatch, log
):
    claims.claim(f"held-{held.id}", moderator)
    session.commit()
    later = clock.now() + claims.LASTS + timedelta(seconds=1)

    before = claims.of_others([f"held-{held.id}"], kit)
    monkeypatch.setattr(clock, "now", lambda: later)
    after = claims.of_others([f"held-{held.id}"], kit)
    monkeypatch.undo()
    other_desk.post(f"/moderation/held/{held.id}/approval")

    assert (before, after) == ({f"held-{held.id}": ["Jordan"]}, {})
    assert log() == ["approved"]


def test_what_somebody_looked_at_once_is_forgotten(held, moderator, kit, session):
    claims.claim(f"held-{held.id}", moderator)
    claims.claim(f"held-{held.id}", kit)
    session.get_one(Claim, moderator.id).until = clock.now() - timedelta(seconds=1)
    session.commit()

    jobs.forget_what_is_over()

    assert session.scalars(sa.select(Claim.account_id)).all() == [kit.id]


@pytest.mark.row("F13")
@pytest.mark.parametrize(("done", "words"), [("approval", "approved"), ("refusal", "removed")])
@pytest.mark.parametrize("tried", ["approval", "refusal"])
def test_who_comes_second_is_told_who_was_first(
    held, desk, other_desk, ask, log, done, words, tried
):
    path = f"/moderation/held/{held.id}"
    desk.post(f"{path}/{done}", reason="spam")
    sentence = f"\u2068Jordan\u2069 has {words} this already."

    answer = other_desk.post(f"{path}/{tried}", reason="attack")
    page = other_desk.get(answer.location).text
    status, told = ask(other_desk, f"{path}/{tried}", reason="attack")
    _, seen = ask(other_desk, "/moderation/claims", shown=f"held-{held.id}")

    assert (answer.status_code, answer.location) == (303, "/moderation")
    assert f'<div class="note warn row mt" role="status"><span>{sentence}</span>' in page
    assert (status, told["detail"]) == (409, sentence)
    assert seen["decided"] == {f"held-{held.id}": sentence}
    assert len(log()) == 1


@pytest.mark.row("F13")
def test_who_repeats_an_act_is_told_that_it_was_theirs(held, desk):
    for _ in range(2):
        desk.post(f"/moderation/held/{held.id}/approval")

    assert "You have approved this already." in desk.get("/moderation").text


@pytest.mark.row("F13")
def test_reports_that_another_has_answered(
    letter, comment, make, moderator, desk, other_desk, ask, session, log
):
    name = f"comment-{letter.id}-{comment.number}"
    reports.report(letter, make.account(), comment.number, Reason.SPAM)
    session.commit()
    fields = {"letter": letter.slug, "number": comment.number}

    desk.post("/moderation/reports/dismissal", **fields)
    status, told = ask(other_desk, "/moderation/reports/dismissal", **fields)
    _, seen = ask(other_desk, "/moderation/claims", shown=name)

    assert (status, told["detail"]) == (409, "\u2068Jordan\u2069 has approved this already.")
    assert seen["decided"] == {name: "\u2068Jordan\u2069 has approved this already."}
    assert log() == ["dismissed"]


@pytest.mark.row("F13")
def test_what_its_author_has_taken_back(held, desk, ask, session):
    author = session.get_one(HeldComment, held.id).account_id
    comments.withdraw_held(session.get_one(type(desk.account), author), held)
    session.commit()

    status, _ = ask(desk, f"/moderation/held/{held.id}/approval")
    _, seen = ask(desk, "/moderation/claims", shown=f"held-{held.id}")

    assert status == 404
    assert list(seen["decided"].values()) == ["This waits no more: its author has taken it back."]


@pytest.mark.row("F13")
def test_a_script_is_told_what_was_done_and_what_is_left(held, letter, make, desk, ask, session):
    make.held(letter)

    _, done = ask(desk, f"/moderation/held/{held.id}/approval", tab="held")
    _, undone = ask(desk, f"/moderation/decisions/{done['undo']}/undoing", tab="held")

    assert (done["said"], done["left"], done["items"]) == ("Approved.", "1 left.", [])
    assert (done["held"], done["reported"]) == ("1", "0")
    assert done["waiting"].startswith("1 comment is waiting. The oldest has waited")
    back = session.query(HeldComment).order_by(HeldComment.id.desc()).first()
    assert f'data-item="held-{back.id}"' in undone["items"][0]
    assert "Comment by Hayden" in undone["items"][0]


@pytest.mark.row("F13")
def test_in_everything_an_item_stays_and_says_what_became_of_it(letter, comment, desk, ask):
    path = f"/letters/{letter.slug}/comments/{comment.number}"

    _, removed = ask(desk, f"{path}/removal", reason="attack", tab="all")
    _, restored = ask(desk, f"{path}/restoration", tab="all")

    assert f"{path}/restoration" in removed["items"][0]
    assert "Go and live somewhere else." in restored["items"][0]


@pytest.mark.row("23", "F13")
def test_a_demoted_moderators_waiting_request_fails(held, moderator, desk, ask, session, log):
    desk.get("/moderation")
    token = desk.token()
    moderator.role = type(moderator.role).ACCOUNT
    session.commit()

    status, _ = ask(desk, f"/moderation/held/{held.id}/approval", csrf_token=token)

    assert (status, log()) == (403, [])
