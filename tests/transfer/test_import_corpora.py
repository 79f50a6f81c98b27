"""Real threads and strings that break programs: all of it comes in, and is read back as it was."""

import json
from datetime import UTC, datetime

import pytest

from tests.plumbing.services import CORPORA

THREADS = (
    "reddit_1428",
    "talkpage_ckb-big-parsoid",
    "talkpage_en-big-oldparser",
    "talkpage_pl-big-oldparser",
)


def corpus(name):
    """Return a corpus, or skip by its name where there is none."""
    path = CORPORA / name
    if not path.exists():
        pytest.skip(f"the corpus {name} is not here")
    return json.loads(path.read_text())


def lines_of(thread):
    """Return a thread of the corpora as lines to import.

    Talk pages name some items twice, and their headings have no date: there an item is known by
    its place, and answers the nearest before it of that name.
    """
    places = {}
    for place, item in enumerate(thread):
        yield {
            "id": place,
            "parent_id": places.get(item["parent"]),
            "author": item["author"],
            "created": item["created"] or 1_000_000_000,
            "text": item["text"],
            "score": item.get("score"),
        }
        places[item["id"]] = place


def moment(created):
    if isinstance(created, str):
        return datetime.fromisoformat(created)
    return datetime.fromtimestamp(created, UTC)


@pytest.mark.parametrize("name", THREADS)
def test_a_real_thread_is_read_back_page_by_page_as_it_was(
    import_jsonl, jsonl, anybody, letter, texts, name
):
    found = corpus(f"threads/{name}.json")
    lines = list(lines_of(found["comments"] if isinstance(found, dict) else found))

    done = import_jsonl(jsonl(*lines))

    assert f"{len(lines):,} imported" in done.stdout, done.output
    rows = list(anybody.changes(letter))
    numbers = dict(
        zip((line["id"] for line in lines), (row["number"] for row in rows), strict=True)
    )
    for line, row in zip(lines, rows, strict=True):
        assert row["parent"] == (0 if line["parent_id"] is None else numbers[line["parent_id"]])
        assert row["author"]["name"] == (line["author"] or "[deleted]")
        assert datetime.fromisoformat(row["posted_at"]) == moment(line["created"])
        assert (row["source"], row["score"]) == (line["text"], line["score"] or 0)
    assert texts(letter) == [line["text"] for line in lines]
    for sort in ("best", "newest", "oldest"):
        walked = anybody.everything(letter, sort=sort)
        unlike = {"level": 0, "more": None}
        assert {number: row | unlike for number, row in walked.items()} == {
            row["number"]: row | unlike for row in rows
        }


@pytest.mark.row("F19")
def test_strings_that_break_programs_come_in_whole_or_are_named(
    import_jsonl, jsonl, line, anybody, letter, texts
):
    strings = corpus("naughty/blns.json")
    lines = [line(n, text=string, author=string[:200] or None) for n, string in enumerate(strings)]

    done = import_jsonl(jsonl(*lines))

    skipped = done.stdout.count("has a character that cannot be shown")
    kept = [string for string in strings if "U+" not in _refusals(done, strings, string)]
    assert texts(letter) == kept
    assert len(kept) + skipped == len(strings)
    told = [row["author"]["name"] for row in anybody.changes(letter)]
    assert told == [string[:200] if string.strip() else "[deleted]" for string in kept]


def _refusals(done, strings, string):
    number = strings.index(string) + 1
    return "".join(
        told for told in done.stdout.splitlines() if told.startswith(f"Skipped line {number} ")
    )
