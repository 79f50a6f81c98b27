"""The public record: open to everybody, without words or names, and to be verified by all."""

import hashlib
import json
import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from discuss.accounts.models import Role
from discuss.base import clock, jobs
from discuss.comments.models import Comment, Reason
from discuss.moderation import actions, holding, reports, undoing
from discuss.moderation.models import Decision
from discuss.moderation.publicrecord import figures
from discuss.moderation.publicrecord import lines as publicrecord
from discuss.moderation.roles import actions as roles


@pytest.fixture
def lived_in(make, letter, moderator, comment, session):
    """A record with a removal, its undoing, a refusal, a ban and a lock."""
    removal = actions.remove(letter, moderator, comment.number, Reason.ATTACK, "a canary note")
    undoing.undo(removal, make.moderator("Kit"))
    holding.refuse_held(make.held(letter, make.account("Hayden")).id, moderator, Reason.SPAM)
    actions.ban(make.account("Villain"), moderator, Reason.SPAM, "another canary")
    actions.lock(letter, make.account("Boss", Role.ADMINISTRATOR))
    session.commit()
    return letter


def verified(text, previous="0" * 64):
    """Check lines as docs/moderation.md says that anybody can; return them."""
    lines = [json.loads(line) for line in text.splitlines()]
    for line in lines:
        told = line.pop("hash")
        bare = json.dumps(line, sort_keys=True, separators=(",", ":"))
        assert hashlib.sha256(bare.encode()).hexdigest() == told
        assert line["previous"] == previous
        previous = told
    return lines


@pytest.mark.row("15", "27")
def test_everybody_reads_what_was_decided_and_why_but_not_who(lived_in, comment, reader):
    answer = reader.get("/moderation/record")
    page = answer.text

    assert answer.status_code == 200
    assert "Removed a comment by somebody" in page
    assert '<a href="/house-rules#attack">Personal attack</a>' in page
    assert f"/letters/{lived_in.slug}/comments/{comment.number}" in page
    assert "undone in line 2" in page
    assert "Banned somebody for good" in page
    assert "Administrator" in page
    for private in ("Max", "Jordan", "Kit", "Hayden", "Villain", "Boss", "canary", "somewhere"):
        assert private not in page


def test_a_change_of_role_is_told_without_whose_or_which(make, reader, session):
    boss = make.account("Boss", Role.ADMINISTRATOR)
    roles.grant(make.account("Villain"), Role.MODERATOR, by=boss)
    session.commit()

    answer = reader.get("/moderation/record")

    assert answer.status_code == 200
    assert "<td>Administrator</td>" in answer.text
    assert "Changed the role of somebody<" in answer.text
    assert "Villain" not in answer.text


def test_a_role_that_the_operator_gave_is_no_rules_doing(make, reader, session):
    roles.grant(make.account("Villain"), Role.MODERATOR)
    session.commit()

    page = reader.get("/moderation/record").text

    assert "<td>The operator</td>" in page
    assert "<td>Rule</td>" not in page


@pytest.mark.row("15")
def test_the_file_tells_no_more_and_anybody_can_verify_it(lived_in, reader):
    answer = reader.get("/moderation/record.jsonl")

    lines = verified(answer.text)
    assert answer.mimetype == "application/jsonl"
    assert [line["act"] for line in lines] == ["removed", "restored", "refused", "banned", "locked"]
    assert [line["by"] for line in lines] == ["moderator"] * 4 + ["administrator"]
    assert (lines[1]["undoes"], lines[0]["reason"]) == (1, "attack")
    assert set(lines[0]) == {
        "line", "at", "act", "reason", "by", "letter", "number", "until", "undoes", "concerns",
        "seal", "previous",
    }  # fmt: skip
    assert "canary" not in answer.text


def test_the_page_shows_the_head_that_the_file_ends_with(lived_in, reader):
    page = reader.get("/moderation/record").text
    last = json.loads(reader.get("/moderation/record.jsonl").text.splitlines()[-1])

    assert f"<code>5:{last['hash']}</code>" in page
    assert f"<code>{last['hash'][:12]}</code>" in page


def test_the_file_goes_on_after_a_line(lived_in, reader, monkeypatch):
    monkeypatch.setattr(publicrecord, "LINES_OF_FILE", 2)

    first = reader.get("/moderation/record.jsonl").text
    second = reader.get("/moderation/record.jsonl?after=2").text

    last = json.loads(first.splitlines()[-1])["hash"]
    assert [line["line"] for line in verified(second, last)] == [3, 4]
    assert reader.get("/moderation/record.jsonl?after=5").text == ""


def test_the_page_goes_on_and_can_be_narrowed(lived_in, reader, monkeypatch):
    monkeypatch.setattr(publicrecord, "PAGE_SIZE", 2)

    first = reader.get("/moderation/record").text
    older = re.search(r'href="(/moderation/record\?before=\d+)">Show older', first)[1]
    second = reader.get(older).text

    shown = [re.findall(r'id="line-(\d+)"', page) for page in (first, second)]
    assert shown == [["5", "4"], ["3", "2"]]
    bans = reader.get("/moderation/record?what=bans").text
    assert ("Banned somebody" in bans, "Locked" in bans) == (True, False)


@pytest.mark.row("28")
@pytest.mark.parametrize("query", ["what=none", "before=-1", "before=x", f"before={2**31}"])
def test_an_address_that_means_nothing_is_not_found(reader, query):
    assert reader.get(f"/moderation/record?{query}").status_code == 404


@pytest.mark.row("16")
def test_it_is_kept_for_readers_until_the_next_decision(lived_in, moderator, reader, session):
    first = reader.get("/moderation/record")
    again = reader.get("/moderation/record", headers={"If-None-Match": first.headers["ETag"]})
    actions.unlock(lived_in, moderator)
    session.commit()
    later = reader.get("/moderation/record", headers={"If-None-Match": first.headers["ETag"]})

    assert (again.status_code, later.status_code) == (304, 200)
    assert "Unlocked the discussion" in later.text
    assert "public" in first.headers["Cache-Control"]
    assert "Set-Cookie" not in first.headers


@pytest.mark.row("16")
def test_somebody_signed_in_sees_it_too(lived_in, desk, sign_in, make):
    for person in (desk, sign_in(make.account())):
        answer = person.get("/moderation/record")
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "private, no-store")
        assert person.get("/moderation/record.jsonl").status_code == 200


@pytest.mark.row("27")
def test_a_letter_that_is_not_public_is_not_named(lived_in, reader, session):
    lived_in.state = "withdrawn"
    session.commit()

    page = reader.get("/moderation/record").text

    assert lived_in.headline not in page
    assert f"/letters/{lived_in.slug}" not in page


def test_the_figures_are_counted_in_the_background(lived_in, reader, make, moderator, session, app):
    reported = make.comment(make.letter())
    reports.report(
        session.get_one(type(lived_in), reported.letter_id), make.account(), reported.number,
        Reason.SPAM,
    )  # fmt: skip
    reports.dismiss(session.get_one(type(lived_in), reported.letter_id), moderator, reported.number)
    session.commit()
    empty = reader.get("/moderation/record")
    assert "By month" not in empty.text

    jobs.plan_periodic()
    jobs.run_due(app)

    page = reader.get("/moderation/record").text
    assert "Removals by rule" in page
    session.expire_all()
    (*_before, now) = figures.months()
    assert len(_before) == 11
    assert now.removals == {"attack": 1, "spam": 1}
    visible = session.scalar(sa.select(sa.func.count()).where(Comment.number > 0))
    assert (now.comments, now.decided) == (visible, 2)
    assert (now.half_within, now.most_within) < (60, 61)
    assert re.search(r"<svg [^>]*role=\"img\" aria-label=\"Comments, Posted: ", page)
    assert '<th scope="row">' in page


def test_counting_again_without_news_makes_no_page_stale(lived_in, reader, session):
    figures.count_months()
    session.commit()
    before = reader.get("/moderation/record").headers["ETag"]

    figures.count_months()
    session.commit()

    assert reader.get("/moderation/record").headers["ETag"] == before


def test_each_month_has_its_own(lived_in, session):
    decision = session.scalars(sa.select(Decision).where(Decision.line == 1)).one()
    last_month = clock.now().replace(day=1) - timedelta(days=2)
    decision.at = last_month
    session.commit()

    figures.count_months()

    *_others, before, now = figures.months()
    assert (before.removals, now.removals) == ({"attack": 1}, {"spam": 1})
