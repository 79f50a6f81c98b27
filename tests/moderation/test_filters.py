"""The queue narrowed and searched, and read along its indexes however long it is."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from discuss.base import clock
from discuss.base.db import is_sqlite
from discuss.comments import actions as comments
from discuss.comments.models import HeldComment, Reason
from discuss.letters.models import Letter
from discuss.moderation import reports
from discuss.moderation.queue import filters, waiting


@pytest.fixture
def hold(make, session):
    """Make a comment wait: who wrote what, why it is held, how long ago."""

    def held(letter, name, words="Words.", why="A link.", ago=timedelta(minutes=5)):
        found = comments.hold(
            letter, make.account(name), make.remark(words), f"<p>{words}</p>", why
        )
        found.posted_at = clock.now() - ago
        session.commit()
        return found

    return held


@pytest.fixture
def shown(desk):
    """Whose comments a page of the queue shows, in order."""

    def names(query=""):
        return re.findall(r'"Comment by (\w+)"', desk.get(f"/moderation?{query}").text)

    return names


def test_the_oldest_comes_first_whenever_it_was_held(letter, hold, shown):
    hold(letter, "Bo", ago=timedelta(hours=1))
    hold(letter, "Ada", ago=timedelta(hours=2))

    assert shown() == ["Ada", "Bo"]


def test_narrowed_to_a_letter_an_author_a_reason_or_an_age(make, letter, hold, shown):
    other = make.letter()
    ada = hold(letter, "Ada", ago=timedelta(days=9))
    hold(letter, "Bo", why="A link.\nToo fast.", ago=timedelta(hours=3))
    hold(other, "Cy", why="Too fast.", ago=timedelta(minutes=1))

    assert shown(f"letter={letter.slug}") == ["Ada", "Bo"]
    assert shown(f"author={ada.account_id}") == ["Ada"]
    assert shown("why=Too+fast.") == ["Bo", "Cy"]
    assert shown(f"why=Too+fast.&letter={letter.slug}") == ["Bo"]
    assert [shown(f"age={age}") for age in filters.AGES] == [
        ["Cy"],
        ["Bo", "Cy"],
        ["Bo", "Cy"],
        ["Ada"],
    ]


def test_the_reasons_offered_are_those_that_comments_wait_for(letter, hold, desk):
    hold(letter, "Ada", why="Too fast.\nA link.")
    hold(letter, "Bo", why="A link.")

    page = desk.get("/moderation").text

    assert re.findall(r'value="(A link\.|Too fast\.)"', page) == ["A link.", "Too fast."]


@pytest.mark.row("28", "29")
@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("100%25", ["Ada"]),
        ("a_b", ["Bo"]),
        ("%25", ["Ada"]),
        ("_", ["Bo"]),
        ("%2F", ["Cy"]),
        ("%5C", ["Di"]),
        ("SURE", ["Ada"]),
        ("ÉCOLE", ["Ed"]),
        ("école", ["Ed"]),
        ("nothing", []),
        ("%27", []),
    ],
)
def test_words_are_words_whatever_signs_they_hold(letter, hold, shown, words, found):
    for name, said in (
        ("Ada", "I am 100% sure."),
        ("Bo", "Call it a_b, not axb."),
        ("Cy", "Either/or."),
        ("Di", "A back\\slash."),
        ("Ed", "Vive l’école."),
    ):
        hold(letter, name, said)

    assert shown(f"words={words}") == found


def test_reported_comments_are_narrowed_too(make, letter, session, shown):
    ada, bo = (
        make.comment(letter, author=make.account(name), source=f"{name} says 5%.")
        for name in ("Ada", "Bo")
    )
    elsewhere = make.comment(author=make.account("Cy"))
    for comment, reason in ((ada, Reason.SPAM), (bo, Reason.ATTACK), (elsewhere, Reason.SPAM)):
        for _ in range(2):
            reports.report(comment_letter(session, comment), make.account(), comment.number, reason)
    session.commit()

    assert shown("q=reported") == ["Ada", "Bo", "Cy"]
    assert shown("q=reported&why=spam") == ["Ada", "Cy"]
    assert shown(f"q=reported&letter={letter.slug}") == ["Ada", "Bo"]
    assert shown(f"q=reported&author={bo.account_id}") == ["Bo"]
    assert shown("q=reported&words=ada+SAYS+5%25") == ["Ada"]
    assert shown("q=reported&age=older") == []


def comment_letter(session, comment):
    return session.get_one(Letter, comment.letter_id)


def test_everything_is_narrowed_too(make, letter, shown):
    ada = make.comment(letter, author=make.account("Ada"), source="First of all.")
    make.comment(letter, author=make.account("Bo"), source="Second.")
    make.comment(author=make.account("Cy"), source="First elsewhere.")

    assert shown("q=all")[:3] == ["Cy", "Bo", "Ada"]
    assert shown(f"q=all&letter={letter.slug}") == ["Bo", "Ada"]
    assert shown(f"q=all&author={ada.account_id}") == ["Ada"]
    assert shown("q=all&words=first") == ["Cy", "Ada"]
    assert shown(f"q=all&letter={letter.slug}&words=first") == ["Ada"]
    assert shown(f"q=all&letter={letter.slug}&age=older") == []


def test_a_search_goes_on_where_a_stretch_of_it_ended(letter, hold, desk, monkeypatch):
    monkeypatch.setattr(waiting, "STRETCH", 2)
    for n, name in enumerate(("Ada", "Bo", "Cy", "Di", "Ed")):
        words = "Here." if name in {"Bo", "Ed"} else "There, not."
        hold(letter, name, words, ago=timedelta(minutes=50 - n))

    path, found = "/moderation?words=Here.", []
    for _ in range(3):
        page = desk.get(path).text
        found.append(re.findall(r'"Comment by (\w+)"', page))
        more = re.search(r'data-next href="([^"]+)">Search on<', page)
        path = more and more[1].replace("&amp;", "&")

    assert found == [["Bo"], [], ["Ed"]]
    assert path is None


def test_pages_meet_without_a_gap_whatever_is_decided_between(
    letter, hold, desk, moderator, monkeypatch
):
    monkeypatch.setattr(waiting, "PAGE_SIZE", 2)
    at_once = timedelta(minutes=9)
    held = [hold(letter, name, ago=at_once) for name in ("Ada", "Bo", "Cy", "Di")]

    first = desk.get("/moderation").text
    more = re.search(r'data-next href="([^"]+)"', first)[1].replace("&amp;", "&")
    desk.post(f"/moderation/held/{held[1].id}/approval")
    second = desk.get(more).text

    assert re.findall(r'"Comment by (\w+)"', first + second) == ["Ada", "Bo", "Cy", "Di"]


@pytest.mark.row("28")
@pytest.mark.parametrize(
    "query",
    [
        "age=x",
        "author=x",
        "author=99999999",
        "author=²",
        "q=reported&why=x",
        "letter=none",
        "after=1",
        "after=1-2-3",
        "after=99999999999999999999-1",
        "after=999999999999999999-1",
        "after=-1",
        "q=reported&after=1-1",
        "q=reported&after=99999999999",
        "q=all&after=5",
    ],
)
def test_a_filter_that_means_nothing_is_not_found(desk, query):
    assert desk.get(f"/moderation?{query}").status_code == 404


@pytest.mark.row("F19")
@pytest.mark.parametrize(("words", "status"), [("%00", 404), ("x" * 201, 422)])
def test_words_that_no_comment_holds_are_refused(desk, words, status):
    assert desk.get(f"/moderation?words={words}").status_code == status


@pytest.mark.row("F18")
def test_no_more_is_counted_than_is_shown(letter, make, desk, session, monkeypatch):
    author = make.account()
    row = {
        "letter_id": letter.id, "parent": 0, "account_id": author.id, "source": "x", "html": "x",
        "reason": "x", "posted_at": clock.now(),
    }  # fmt: skip
    session.execute(sa.insert(HeldComment), [row] * 1_001)
    session.commit()

    page = desk.get("/moderation").text

    assert "More than 999 comments are waiting." in page
    assert 'Held <span class="num">(999+)</span>' in page


@pytest.mark.row("F18")
@pytest.mark.parametrize(
    ("query", "index"),
    [
        ("", "held_comments_waiting"),
        ("letter={letter}", "held_comments_waiting_on"),
        ("author={author}", "held_comments_waiting_of"),
        ("q=reported", "reports_open"),
    ],
)
def test_a_page_walks_along_an_index_and_sorts_nothing(
    make, letter, hold, desk, session, query, index
):
    held = hold(letter, "Ada")
    asked = {"letter": letter.slug, "author": held.account_id}
    given = filters.Filters.read(
        dict(part.split("=") for part in query.format(**asked).split("&") if part)
    )
    if not is_sqlite():
        session.execute(sa.text("SET LOCAL enable_seqscan = off"))
        session.execute(sa.text("SET LOCAL enable_sort = off"))
    plans = []

    def explain(conn, cursor, statement, parameters, context, many):
        if not statement.startswith("EXPLAIN"):
            word = "EXPLAIN QUERY PLAN" if is_sqlite() else "EXPLAIN"
            rows = conn.exec_driver_sql(f"{word} {statement}", parameters)
            plans.append(" ".join(str(row[-1]) for row in rows))

    engine = session.get_bind()
    sa.event.listen(engine, "before_cursor_execute", explain)
    try:
        waiting.page(given, None, desk.account)
    finally:
        sa.event.remove(engine, "before_cursor_execute", explain)

    walk = plans[0]
    assert f"{index} " in walk
    assert "TEMP B-TREE" not in walk
    assert "Sort" not in walk
