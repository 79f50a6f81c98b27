"""One page of a thread: what is on it, in which order, and how the rest is reached."""

import pytest
import sqlalchemy as sa

from discuss.base.db import session as db_session
from discuss.base.errors import NotFound
from discuss.comments import actions, queries
from discuss.comments.models import Comment
from discuss.comments.tree import nested
from discuss.comments.walk import LEVELS_SHOWN, PAGE_SIZE, REPLIES_AT_ONCE, Cursor, Sort, walk


def grow(letter, shape, author):
    """Write rows straight into a letter's thread: `shape` maps a number to its parent."""
    rows = [
        {"number": n, "parent": parent, "score": score}
        for n, (parent, score) in sorted(shape.items())
    ]
    for row in rows:
        row |= {
            "letter_id": letter.id,
            "changed": row["number"],
            "account_id": author.id,
            "source": "x",
            "html": "<p>x</p>",
            "reply_count": 0,
        }
    for row in rows:
        row["reply_count"] = sum(other["parent"] == row["number"] for other in rows)
    db_session.execute(sa.insert(Comment), rows)
    letter.clock = max(shape)
    letter.comment_count = len(rows)
    db_session.commit()


def read_whole(letter, sort):
    """Follow every cursor as a reader would, and return each number once with its parent."""
    seen = {}
    waiting = [(0, None)]
    while waiting:
        top, after = waiting.pop()
        page = queries.page(letter.id, top, sort, after)
        for node in nested(page.rows, top, sort):
            assert node.row.number not in seen, "nothing stands on two pages"
            seen[node.row.number] = node.row.parent
            if node.unseen:
                waiting.append((node.unseen.number, node.unseen.after))
        if page.next:
            waiting.append((top, page.next))
    return seen


@pytest.fixture
def letter(make):
    return make.letter()


@pytest.fixture
def author(make):
    return make.account()


@pytest.mark.parametrize("sort", list(Sort))
def test_every_comment_is_reached_once_in_every_order(letter, author, sort):
    shape = {
        n: (0 if n % 7 == 1 else n - 1 - n % 3 if n > 3 else n - 1, n % 5) for n in range(1, 400)
    }
    grow(letter, shape, author)

    assert read_whole(letter, sort) == {n: parent for n, (parent, _) in shape.items()}


def test_a_page_never_holds_an_orphan_or_more_than_a_hundred(letter, author):
    grow(letter, {n: (0 if n < 80 else n % 79 + 1, 0) for n in range(1, 600)}, author)

    rows = walk(letter.id)

    here = {row.number for row in rows}
    assert PAGE_SIZE - REPLIES_AT_ONCE < len(rows) <= PAGE_SIZE
    assert all(row.parent == 0 or row.parent in here for row in rows)


def test_best_puts_the_highest_score_first_and_the_newer_of_equals(letter, author):
    grow(letter, {1: (0, 3), 2: (0, 9), 3: (0, 3), 4: (0, -2)}, author)

    assert [node.row.number for node in nested(walk(letter.id), 0, Sort.BEST)] == [2, 3, 1, 4]


@pytest.mark.parametrize(("sort", "expected"), [(Sort.NEWEST, [3, 2, 1]), (Sort.OLDEST, [1, 2, 3])])
def test_newest_and_oldest_go_by_number(letter, author, sort, expected):
    grow(letter, {1: (0, 3), 2: (0, 9), 3: (0, 3)}, author)

    nodes = nested(walk(letter.id, 0, sort), 0, sort)

    assert [node.row.number for node in nodes] == expected


@pytest.mark.row("F17")
def test_a_long_chain_stops_at_level_nine_and_goes_on_from_there(letter, author):
    grow(letter, {n: (n - 1, 0) for n in range(1, 31)}, author)

    nodes = nested(walk(letter.id), 0, Sort.BEST)

    assert [node.level for node in nodes] == list(range(1, LEVELS_SHOWN + 1))
    assert (nodes[-1].unseen.number, nodes[-1].unseen.count) == (9, 1)
    assert min(row.number for row in walk(letter.id, 9)) == 10


@pytest.mark.row("F17")
def test_a_chain_of_ten_thousand_is_read_from_its_middle(letter, author):
    grow(letter, {n: (n - 1, 0) for n in range(1, 10_001)}, author)

    rows = walk(letter.id, 5_000)
    above = queries.ancestors(letter.id, 5_000)

    assert sorted(row.number for row in rows) == list(range(5_001, 5_010))
    assert [row.number for row in above] == list(range(4_991, 5_000))


@pytest.mark.row("F18")
def test_a_page_costs_the_same_statement_at_any_size(letter, author, make, app):
    small = make.letter()
    grow(small, dict.fromkeys(range(1, 11), (0, 0)), author)
    grow(letter, {n: (0 if n % 2 else n - 1, 0) for n in range(1, 1_001)}, author)
    engine = db_session.get_bind()
    counts = []

    for one in (small, letter):
        seen = []
        sa.event.listen(engine, "before_cursor_execute", lambda *a, seen=seen: seen.append(a[2]))
        queries.page(one.id, 0, Sort.BEST, None)
        counts.append(len(seen))

    assert counts[0] == counts[1]


def test_what_its_author_deleted_with_nothing_under_it_is_not_drawn(make, letter, author):
    parent = make.comment(letter, author=author)
    leaf = make.comment(letter, parent, author=author)
    actions.delete(letter, author, leaf.number)

    nodes = nested(walk(letter.id), 0, Sort.BEST)

    assert [node.row.number for node in nodes] == [parent.number]
    assert nodes[0].unseen is None, "no link leads to nothing"


def test_a_branch_of_deleted_comments_alone_goes_altogether(make, letter, author):
    parent = make.comment(letter, author=author)
    leaf = make.comment(letter, parent, author=author)
    actions.delete(letter, author, parent.number)
    before = {row.number for row in walk(letter.id)}
    actions.delete(letter, author, leaf.number)

    assert (before, walk(letter.id)) == ({parent.number, leaf.number}, [])


def test_other_letters_never_show(make, letter):
    own = make.comment(letter)

    assert [row.number for row in walk(letter.id)] == [own.number]


@pytest.mark.row("28")
@pytest.mark.parametrize(
    "word", ["x", "b1", "o1.2", "n99999999999", "b9999999999.1", "o-1", "b1.2;drop", "o٣"]
)
def test_a_cursor_that_nobody_gave_out_is_not_found(word):
    sort = {"n": Sort.NEWEST, "o": Sort.OLDEST}.get(word[0], Sort.BEST)

    with pytest.raises(NotFound):
        Cursor.parse(sort, word)


@pytest.mark.parametrize("sort", list(Sort))
def test_a_cursor_reads_back_as_written(sort):
    cursor = Cursor(sort, 17, -3 if sort is Sort.BEST else 0)

    assert Cursor.parse(sort, str(cursor)) == cursor
