"""Importing JSON Lines: what comes in, what is skipped and why, and nothing twice."""

import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from threading import Barrier, BrokenBarrierError

import pytest
import sqlalchemy as sa

from discuss.comments import actions
from discuss.comments.models import Comment, State
from discuss.letters import queries as letters
from discuss.letters.models import Letter
from discuss.transfer.importing import BATCH, Import
from discuss.transfer.readers import jsonl as reader


@pytest.fixture
def rows(session, letter):
    """Return the letter's comments by the ids they had in the file."""

    def found():
        session.expire_all()
        comments = session.scalars(
            sa.select(Comment)
            .where(Comment.letter_id == letter.id, Comment.number > 0)
            .order_by(Comment.number)
        )
        return {(one.source_id or "").removeprefix("jsonl:"): one for one in comments}

    return found


def test_comments_keep_their_parents_authors_times_and_words(
    import_jsonl, jsonl, line, rows, anybody, letter
):
    done = import_jsonl(
        jsonl(
            line("a", author="Ada", created="2014-10-16T14:16:00.000Z", text="Some *words*.\r\n"),
            line(7, parent_id="a", author=None, created=1_323_313_370, score=-2),
            line("c", parent_id="7", created="2020-02-29", text="Deeper."),
        )
    )

    found = rows()
    assert done.exit_code == 0, done.output
    assert "3 imported into imported, 0 were there already, 0 skipped." in done.stdout
    assert (found["a"].source, found["a"].author_name) == ("Some *words*.\r\n", "Ada")
    assert found["a"].html == "<p>Some <em>words</em>.</p>"
    assert found["a"].posted_at == datetime(2014, 10, 16, 14, 16, tzinfo=UTC)
    assert found["7"].posted_at == datetime.fromtimestamp(1_323_313_370, UTC)
    assert (found["7"].parent, found["7"].author_name, found["7"].account_id) == (
        found["a"].number,
        None,
        None,
    )
    assert (found["c"].parent, found["7"].score, found["7"].base_score) == (
        found["7"].number,
        -2,
        -2,
    )
    told = anybody.everything(letter)
    assert told[found["7"].number]["author"] == {"name": "[deleted]"}
    assert told[found["a"].number]["posted_at"] == "2014-10-16T14:16:00Z"


def test_every_count_is_as_if_the_comments_had_come_one_by_one(
    make, import_jsonl, jsonl, line, rows, letter, session
):
    make.comment(letter)
    before = letter.clock
    many = BATCH * 2 + 3
    lines = [line(n, parent_id=None if n % 3 == 0 else n - 1) for n in range(many)]

    import_jsonl(jsonl(*lines))

    found = rows()
    comments = [one for name, one in found.items() if name]
    assert [one.number for one in comments] == list(range(before + 1, before + 1 + many))
    assert all(one.changed == one.number for one in comments)
    for one in found.values():
        assert one.reply_count == sum(other.parent == one.number for other in found.values())
    session.refresh(letter)
    assert (letter.clock, letter.comment_count) == (before + many, many + 1)
    row_0 = session.get_one(Comment, (letter.id, 0))
    assert row_0.reply_count == sum(one.parent == 0 for one in found.values())


def test_importing_twice_adds_nothing_and_changes_nothing(
    import_jsonl, jsonl, line, rows, letter, session
):
    path = jsonl(*(line(n, parent_id=n - 1 if n else None) for n in range(30)))
    import_jsonl(path)
    first = {name: (one.number, one.changed, one.reply_count) for name, one in rows().items()}
    clock = letter.clock

    again = import_jsonl(path)

    assert "0 imported into imported, 30 were there already, 0 skipped." in again.stdout
    session.refresh(letter)
    assert letter.clock == clock
    assert first == {
        name: (one.number, one.changed, one.reply_count) for name, one in rows().items()
    }


def test_two_imports_of_one_file_at_once_are_one(app, jsonl, line, letter, rows, session):
    many = BATCH * 3
    path = jsonl(*(line(n, parent_id=n - 1 if n % 10 else None) for n in range(many)))
    together = Barrier(2)

    def one_of_two():
        with app.app_context(), path.open("rb") as file:
            work = Import(letters.by_slug(letter.slug), "jsonl")
            for _ in work.run(reader.read(file)):
                with suppress(BrokenBarrierError):
                    together.wait(1)  # so that both are always in the same batch
            return work.added, work.known, work.skipped

    with ThreadPoolExecutor(2) as threads:
        first, second = (threads.submit(one_of_two) for _ in range(2))
        totals = [sum(pair) for pair in zip(first.result(), second.result(), strict=True)]

    assert totals == [many, many, 0]
    assert len(rows()) == many
    assert letter.comment_count == many


def test_a_file_that_has_grown_adds_what_is_new(import_jsonl, jsonl, line, rows):
    import_jsonl(jsonl(line("a"), line("b", parent_id="a")))

    import_jsonl(jsonl(line("a"), line("b", parent_id="a"), line("c", parent_id="b")))

    found = rows()
    assert found["c"].parent == found["b"].number
    assert [one.reply_count for one in found.values()] == [1, 1, 0]


def test_the_same_file_under_two_letters_is_in_both(make, run, jsonl, line, letter, session):
    other = make.letter()
    path = jsonl(line("a"))
    for slug in (letter.slug, other.slug):
        run("transfer", "import", "jsonl", path, "--letter", slug)

    counts = session.scalars(
        sa.select(Letter.comment_count).where(Letter.id.in_([letter.id, other.id]))
    ).all()
    assert counts == [1, 1]


def test_another_file_with_the_same_ids_is_not_taken_for_the_first(import_jsonl, jsonl, line, rows):
    import_jsonl(jsonl(line(1)))

    done = import_jsonl(jsonl(line(1, created=1_700_000_000, text="Another."), line(2)))

    assert "Skipped line 1 (id '1'): another comment has its id." in done.stdout
    assert set(rows()) == {"1", "2"}


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (b"not json", "the line is not JSON"),
        (b'{"id": "x"', "the line is not JSON"),
        (b'"text"', "the line is JSON, but no object"),
        (b"[]", "the line is JSON, but no object"),
        (b"\xff\xfe", "the line is not UTF-8"),
        (b"[" * 100_000, "the line is not JSON"),
        (b"{" + b" " * 1024 * 1024 + b"}", "the line is longer than a megabyte"),
        ({"id": None}, "its id is neither text nor a number"),
        ({"id": ""}, "its id is neither text nor a number"),
        ({"id": True}, "its id is neither text nor a number"),
        ({"id": ["x"]}, "its id is neither text nor a number"),
        ({"id": "x" * 181}, "its id has 181 characters, and 180 fit"),
        ({"id": "x\0"}, "its id: Line 1 has a character that cannot be shown (U+0000)"),
        ({"parent_id": 1.5}, "its parent_id is neither text nor a number"),
        ({"parent_id": "nobody"}, "no line before it has the id of the comment it answers"),
        ({"parent_id": "x"}, "no line before it has the id of the comment it answers"),
        ({"author": 7}, "its author is no text"),
        ({"author": "x" * 201}, "its author has 201 characters, and 200 fit"),
        (
            {"author": "a\x1b[2J"},
            "its author: Line 1 has a character that cannot be shown (U+001B)",
        ),
        ({"created": None}, "it has no date"),
        ({"created": "yesterday"}, "its date cannot be read: 'yesterday'"),
        ({"created": "2020-13-01"}, "its date cannot be read"),
        ({"created": True}, "its date cannot be read"),
        ({"created": 1e300}, "its date cannot be read"),
        ({"created": 1_600_000_000_000}, "its date cannot be read"),
        ({"created": "0001-01-01T00:00:00+14:00"}, "its date cannot be read"),
        ({"created": {"year": 2020}}, "its date cannot be read"),
        ({"text": None}, "it has no text"),
        ({"text": 7}, "it has no text"),
        ({"text": "a\nb\0"}, "its text: Line 2 has a character that cannot be shown (U+0000)"),
        ({"text": "\ud800"}, "its text: Line 1 has a character that cannot be shown (U+D800)"),
        ({"text": "x" * 65_537}, "its text has 65,537 characters, and 65,536 fit"),
        ({"score": "many"}, "its score is no whole number"),
        ({"score": 2**31}, "its score is no whole number"),
        ({"score": 0.5}, "its score is no whole number"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_is_no_comment_is_skipped_with_its_line_and_why(
    import_jsonl, jsonl, line, rows, bad, why
):
    wrong = bad if isinstance(bad, bytes) else line("x") | bad

    done = import_jsonl(jsonl(line("a"), wrong, line("b", parent_id="a")))

    (told,) = [printed for printed in done.stdout.splitlines() if printed.startswith("Skipped")]
    assert done.exit_code == 0, done.output
    assert told.startswith("Skipped line 2")
    assert why in told
    assert set(rows()) == {"a", "b"}
    assert "2 imported into imported, 0 were there already, 1 skipped." in done.stdout


def test_replies_to_what_was_skipped_are_skipped_too_and_say_so(import_jsonl, jsonl, line, rows):
    done = import_jsonl(
        jsonl(
            line("a", created="?"),
            line("b", parent_id="a"),
            line("c", parent_id="b"),
            line("d"),
            *(line(n) for n in range(BATCH)),
            line("e", parent_id="c"),
        )
    )

    assert "line 2 (id 'b'): the comment it answers was skipped in line 1." in done.stdout
    assert "line 3 (id 'c'): the comment it answers was skipped in line 2." in done.stdout
    assert (
        f"line {BATCH + 5} (id 'e'): the comment it answers was skipped in line 3." in done.stdout
    )
    assert set(rows()) == {"d", *(str(n) for n in range(BATCH))}


def test_a_reply_before_its_parent_is_skipped(import_jsonl, jsonl, line, rows):
    done = import_jsonl(jsonl(line("b", parent_id="a"), line("a")))

    assert "line 1 (id 'b'): no line before it has the id of the comment it answers, 'a'." in (
        done.stdout
    )
    assert set(rows()) == {"a"}


@pytest.mark.parametrize("apart", [0, BATCH])
def test_an_id_that_comes_twice_is_taken_once(import_jsonl, jsonl, line, rows, apart):
    between = [line(n) for n in range(apart)]

    done = import_jsonl(jsonl(line("a", text="First."), *between, line("a", text="Second.")))

    assert f"Skipped line {apart + 2} (id 'a'): another comment has its id." in done.stdout
    assert rows()["a"].source == "First."


def test_blank_lines_and_a_byte_order_mark_are_nothing(import_jsonl, jsonl, line, rows):
    path = jsonl(line("a"), b"", b"  ", line("b"), b"")
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())

    done = import_jsonl(path)

    assert "2 imported into imported, 0 were there already, 0 skipped." in done.stdout
    assert set(rows()) == {"a", "b"}


@pytest.mark.row("4")
@pytest.mark.parametrize("size", [65_535, 65_536])
def test_what_fits_is_kept_whole_whatever_it_is_made_of(
    import_jsonl, jsonl, line, rows, texts, letter, size
):
    text = "😀" * size

    import_jsonl(jsonl(line("a", text=text)))

    assert rows()["a"].source == text
    assert texts(letter) == [text]


def test_a_dry_run_tells_the_same_and_changes_nothing(import_jsonl, jsonl, line, rows, letter):
    lines = [line("a"), line("b", parent_id="a"), line("a", text="Again."), b"?"]
    lines += [line(n, parent_id="b") for n in range(BATCH)] + [line("z", parent_id=BATCH - 1)]
    path = jsonl(*lines)
    clock = letter.clock

    dry = import_jsonl(path, "--dry-run")
    nothing = rows()
    wet = import_jsonl(path)

    assert (nothing, letter.clock) == ({}, clock)
    assert dry.stdout.replace("would be imported", "imported") == wet.stdout
    assert dry.stdout.count("Skipped") == 2


def test_a_removed_parent_keeps_its_place_for_what_is_imported_later(
    import_jsonl, jsonl, line, rows, session
):
    import_jsonl(jsonl(line("a")))
    rows()["a"].state = State.REMOVED
    session.commit()

    import_jsonl(jsonl(line("a"), line("b", parent_id="a")))

    assert rows()["b"].parent == rows()["a"].number


def test_nothing_is_added_under_a_comment_that_was_deleted_here(
    make, import_jsonl, jsonl, line, rows, letter, session
):
    author = make.account()
    import_jsonl(jsonl(line("a")))
    rows()["a"].account_id = author.id
    session.commit()
    actions.delete(letter, author, rows()["a"].number)
    session.commit()

    done = import_jsonl(jsonl(line("a"), line("b", parent_id="a")))

    assert "the comment it answers, 'a', was deleted here" in done.stdout
    assert set(rows()) == {"a"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("{path}", "--letter", "nowhere"), "There is no letter 'nowhere'; see `letters list`."),
        (("{path}",), "Name the letter with --letter SLUG; `letters list` has them."),
        (("/nowhere/x.jsonl", "--letter", "imported"), "/nowhere/x.jsonl cannot be read: No such"),
        (("/", "--letter", "imported"), "/ cannot be read: Is a directory."),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(run, jsonl, line, letter, words, said):
    path = jsonl(line("a"))

    done = run("transfer", "import", "jsonl", *(word.format(path=path) for word in words))

    assert done.exit_code == 1
    assert done.stdout == ""
    assert done.stderr.startswith(f"Error: {said}")
    assert done.stderr.count("\n") == 1


def test_a_file_of_which_nothing_is_a_comment_fails(import_jsonl, jsonl):
    done = import_jsonl(jsonl(b"<xml>", b"</xml>"))

    assert (done.exit_code, done.stderr) == (
        1,
        "Error: Nothing was imported; all of 2 were skipped.\n",
    )


def test_help_has_an_example_and_names_only_what_there_is(run):
    listed = run("transfer", "import", "--help")
    helped = run("transfer", "import", "jsonl", "--help")

    assert "jsonl" in listed.stdout
    assert "wordpress" not in listed.stdout
    assert "Example: flask --app wsgi transfer import jsonl" in " ".join(helped.stdout.split())


def test_no_progress_is_painted_where_nobody_watches(import_jsonl, jsonl, line):
    assert import_jsonl(jsonl(line("a"))).stderr == ""


def test_a_file_is_read_a_line_at_a_time(tmp_path):
    path = tmp_path / "huge.jsonl"
    with path.open("wb") as file:
        file.write(b"x" * 50_000_000 + b"\n" + b'{"id": 1}\n' * 1_000)
    tracemalloc.start()

    with path.open("rb") as file:
        count = sum(1 for _ in reader.read(file))

    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 1_001
    assert most < 5_000_000


@pytest.mark.row("F17")
def test_a_chain_of_ten_thousand_comes_in_and_is_read_back(
    import_jsonl, jsonl, line, anybody, letter
):
    depth = 10_000
    lines = (line(n, parent_id=n - 1 if n else None, text=str(n)) for n in range(depth))

    import_jsonl(jsonl(*lines))

    changes = list(anybody.changes(letter))
    assert [row["source"] for row in changes] == [str(n) for n in range(depth)]
    assert [row["parent"] for row in changes] == [0, *(row["number"] for row in changes[:-1])]
    deep = anybody.comments(letter, top=changes[-5]["number"]).json["comments"]
    assert [row["source"] for row in deep] == [str(n) for n in range(depth - 4, depth)]
