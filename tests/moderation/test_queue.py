"""The queue: what waits, in its context, with its author's record."""

import re

import pytest
import sqlalchemy as sa
from flask import Flask

from discuss.base.db import db
from discuss.comments import actions as comments
from discuss.comments.models import Reason
from discuss.letters.models import State as LetterState
from discuss.moderation import actions, reports
from discuss.moderation.queue import waiting

HOSTILE = '<img src=x onerror="alert(1)">'


@pytest.fixture
def statements(app: Flask):
    """How many statements a call takes."""

    def count(call):
        seen = []
        note = lambda *found: seen.append(found[2])  # noqa: E731 - an event listener
        sa.event.listen(db.engine, "before_cursor_execute", note)
        try:
            call()
        finally:
            sa.event.remove(db.engine, "before_cursor_execute", note)
        return len(seen)

    return count


def test_an_empty_queue_says_so(desk):
    page = desk.get("/moderation").text

    assert "Nothing is waiting." in page
    assert "No comment is held." in page


def test_the_one_that_has_waited_longest_comes_first_and_is_current(make, letter, desk):
    first, second = make.held(letter, make.account("Ada")), make.held(letter, make.account("Bo"))

    page = desk.get("/moderation").text

    assert "2 comments are waiting." in page
    assert 'Held <span class="num">(2)</span>' in page
    assert page.count('aria-current="true"') == 1
    assert re.search(r'<li[^>]* aria-current="true">.*?Comment by Ada', page, re.DOTALL)
    assert page.index(f"/held/{first.id}/approval") < page.index(f"/held/{second.id}/approval")


def test_a_held_comment_shows_what_it_answers_and_why_it_waits(make, letter, desk, session):
    parent = make.comment(letter, author=make.account("Casey"), source="By spring I phoned.")
    author = make.account("Nicky")
    comments.hold(
        letter, author, make.remark("Same here.", parent=parent.number), "<p>Same</p>", "A link."
    )
    session.commit()

    page = desk.get("/moderation").text

    assert f'In reply to <a href="/letters/{letter.slug}/comments/{parent.number}">' in page
    assert "“By spring I phoned.”" in page
    assert letter.headline in page
    assert "A link." in page
    assert "<dd>Google</dd>" in page


def test_names_of_the_controls(make, letter, comment, desk):
    make.held(letter)
    reports.report(letter, make.account(), comment.number, Reason.ATTACK)
    reports.session.commit()

    for tab in ("held", "reported"):
        page = desk.get(f"/moderation?q={tab}").text
        for words in (
            "Approve",
            "Remove…",
            "Personal attack",
            "Off the subject",
            "Private information",
            "Illegal or threatening",
            "Other, with a note",
            "Spam",
        ):
            button = (
                rf"<(button|summary)[^>]*>(<kbd[^>]*>\w</kbd> )?{words}( <kbd[^>]*>\w</kbd>)?</"
            )
            assert re.search(button, page), (tab, words)
    assert ">Ban Max…<" in page


def test_the_notice_offers_to_undo(make, letter, comment, desk, fresh):
    reports.report(letter, make.account(), comment.number, Reason.ATTACK)
    reports.session.commit()
    path = f"/letters/{letter.slug}/comments/{comment.number}/removal"
    desk.post(path, reason="attack", next="/moderation?q=reported")

    page = desk.get("/moderation?q=reported").text
    undo = re.search(r'action="(/moderation/decisions/\d+/undoing)"', page)[1]
    answer = desk.post(undo, next="/moderation?q=reported")

    assert "Removed: personal attack." in page
    assert ">Undo<" in page
    assert answer.location == "/moderation?q=reported"
    assert fresh(comment).state == "visible"
    assert "Reported by one reader" in desk.get("/moderation?q=reported").text


def test_a_notice_is_said_once(make, letter, held_id, desk):
    desk.post(f"/moderation/held/{held_id}/approval")

    assert "Approved." in desk.get("/moderation").text
    assert "Approved." not in desk.get("/moderation").text


@pytest.fixture
def held_id(make, letter):
    return make.held(letter).id


@pytest.mark.row("21")
@pytest.mark.parametrize("next_", ["//evil.example", "https://evil.example/", "/\\evil", "x"])
def test_the_way_back_stays_on_this_site(held_id, desk, next_):
    answer = desk.post(f"/moderation/held/{held_id}/approval", next=next_)

    assert answer.location == "/moderation"


def test_all_comments_of_a_letter_newest_first(make, letter, moderator, desk, session):
    first = make.comment(letter, source="The first.")
    gone = make.comment(letter, source="The second.")
    actions.remove(letter, moderator, gone.number, Reason.OFF_SUBJECT)
    session.commit()

    page = desk.get(f"/moderation?q=all&letter={letter.slug}").text

    assert "The first." in page
    assert "The second." not in page
    assert ">Restore<" in page
    assert page.index(f"comments/{gone.number}/restoration") < page.index(
        f"comments/{first.number}/removal"
    )


def test_the_queue_goes_on(make, letter, desk, monkeypatch, session):
    monkeypatch.setattr(waiting, "PAGE_SIZE", 2)
    for name in ("Ada", "Bo", "Cy"):
        make.held(letter, make.account(name))
        reported = make.comment(letter, author=make.account(f"R{name}"))
        reports.report(letter, make.account(), reported.number, Reason.SPAM)
    session.commit()

    for tab, names in (("held", ("Ada", "Bo", "Cy")), ("reported", ("RAda", "RBo", "RCy"))):
        first = desk.get(f"/moderation?q={tab}").text
        more = re.search(r'href="(/moderation\?[^"]*after=[\d-]+)"', first)[1]
        second = desk.get(more.replace("&amp;", "&")).text
        shown = [re.findall(r'"Comment by (\w+)"', page) for page in (first, second)]
        assert shown == [list(names[:2]), [names[2]]]


def test_all_comments_go_on(make, letter, desk, monkeypatch):
    monkeypatch.setattr(waiting, "PAGE_SIZE", 2)
    for n in range(3):
        make.comment(letter, source=f"Remark {n}.")

    first = desk.get(f"/moderation?q=all&letter={letter.slug}").text
    more = re.search(r'href="(/moderation\?q=all&amp;[^"]*after=[\d-]+)"', first)[1]
    second = desk.get(more.replace("&amp;", "&")).text

    shown = [re.findall(r"Remark \d", page) for page in (first, second)]
    assert shown == [["Remark 2", "Remark 1"], ["Remark 0"]]


@pytest.mark.row("28")
@pytest.mark.parametrize("query", ["q=none", "after=x", "after=99999999999", "q=all&letter=none"])
def test_an_address_that_means_nothing_is_not_found(desk, query):
    assert desk.get(f"/moderation?{query}").status_code == 404


def test_what_a_withdrawn_letter_holds_is_not_shown(make, letter, comment, desk, session):
    make.held(letter, make.account("Ada"))
    reports.report(letter, make.account(), comment.number, Reason.SPAM)
    letter.state = LetterState.WITHDRAWN
    session.commit()

    pages = desk.get("/moderation").text, desk.get("/moderation?q=reported").text

    assert "No comment is held." in pages[0]
    assert "No comment is reported." in pages[1]


@pytest.mark.row("1", "2", "10")
def test_hostile_words_are_words(make, letter, desk, session):
    villain = make.account(HOSTILE)
    bad = make.comment(letter, author=villain, source=HOSTILE)
    reports.report(letter, make.account(HOSTILE), bad.number, Reason.OTHER, HOSTILE)
    held = comments.hold(
        letter, villain, make.remark(HOSTILE), str(bad.html), f"A reason {HOSTILE}"
    )
    comments.edit(letter, villain, bad.number, f"{HOSTILE} again", None)
    session.commit()
    path = f"/letters/{letter.slug}/comments/{bad.number}"

    for page in (
        "/moderation",
        "/moderation?q=reported",
        f"/moderation?q=all&letter={letter.slug}",
        f"{path}/removal",
        f"{path}/history",
        f"{path}",
        f"/moderation/held/{held.id}/refusal",
        f"/moderation/accounts/{villain.id}/ban",
    ):
        text = desk.get(page).text
        assert "onerror" in text, page
        assert "<img" not in text, page
    desk.post(f"{path}/removal", reason="other", note=HOSTILE)
    log = desk.get("/moderation/log").text
    assert "onerror" in log
    assert "<img" not in log


@pytest.mark.row("F18")
def test_a_page_takes_the_same_few_statements_however_much_it_shows(
    make, letter, moderator, desk, statements, session
):
    def fill(count):
        for _ in range(count):
            make.held(letter)
            reported = make.comment(letter)
            for _ in range(2):
                reports.report(letter, make.account(), reported.number, Reason.SPAM)
            removed = make.comment(letter)
            actions.remove(letter, moderator, removed.number, Reason.SPAM)
        session.commit()

    pages = (
        "/moderation",
        "/moderation?q=reported",
        f"/moderation?q=all&letter={letter.slug}",
        "/moderation/log",
    )
    fill(1)
    few = [statements(lambda page=page: desk.get(page)) for page in pages]
    fill(6)
    many = [statements(lambda page=page: desk.get(page)) for page in pages]

    assert few == many
    assert max(few) <= 14  # one for the tabs of appeals and notices, one for opinions
