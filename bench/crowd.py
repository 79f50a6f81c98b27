"""Letters with up to a million comments, written in bulk and kept between runs.

The rows are those that an import of the same thread would write; `flask check` is asked once
whether every invariant holds. A thousand texts take turns, for rendering is what imports wait for.
"""

import contextlib
import shutil
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

import sqlalchemy as sa

from bench import machine
from bench.run import Bench
from bench.service import Place
from bench.words import EPOCH, Picker, Shape, people, text
from discuss.base import migrations, rendering
from discuss.base.db import db, session
from discuss.comments.models import Comment, State
from discuss.letters import actions, seeding
from discuss.letters.models import Letter
from discuss.letters.parsing import apply_facts

SIZES = (10, 100, 1_000, 10_000, 100_000, 1_000_000)
TEXTS = 1_000
BATCH = 20_000  # rows a statement
HIGHEST_SCORE = 40
NAME = "bench_crowd"


@contextlib.contextmanager
def place(bench: Bench, database: str) -> Iterator[Place]:
    """Lend a place whose database has a letter of every size, made where it is not there yet."""
    folder = machine.CACHE / f"crowd-{database.lower()}"
    done = folder / "made.txt"
    if not done.exists():
        shutil.rmtree(folder, ignore_errors=True)  # of a run that was cut off
        folder.mkdir(parents=True)
    if database == "SQLite":
        url = f"sqlite:///{folder / 'discuss.db'}"
    else:
        url = bench.server.database(NAME, anew=not done.exists())
    here = Place(folder, url)
    if not done.exists():
        print(f"Writing {sum(SIZES):,} comments into {database}", flush=True)
        _make(here)
        done.write_text(here.flask("check"))
    yield here


def slug_of(size: int) -> str:
    """Return the name of the letter with so many comments."""
    return f"letter-with-{size}"


def _make(place: Place) -> None:
    began = time.monotonic()
    with place.app():
        migrations.upgrade()
        seeding.seed_first_letters()
        pick = Picker("crowd")
        texts = [text(pick) for _ in range(TEXTS)]
        words = [(source, str(rendering.comment_html(source))) for source in texts]
        for size in SIZES:
            _fill(_letter(size), size, words)
        if db.engine.dialect.name == "postgresql":  # as its autovacuum would within a minute
            with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(sa.text("SET statement_timeout = 0"))  # a request's is short
                connection.execute(sa.text("VACUUM ANALYZE"))
    print(f"Written in {time.monotonic() - began:.0f} s", flush=True)


def _letter(size: int) -> Letter:
    parsed = apply_facts(seeding.first_letters()[-1], {"slug": slug_of(size)})
    return actions.add(parsed, publish=True)


def _fill(letter: Letter, size: int, words: list[tuple[str, str]]) -> None:
    """Write a thread, its counts, and the clock that they have come to."""
    first = letter.clock + 1
    pick = Picker(f"crowd/{size}")
    shape = Shape(pick)
    parents = [0 if (index := shape.grow()) is None else first + index for _ in range(size)]
    replies = [0] * (first + size)
    for parent in parents:
        replies[parent] += 1
    letter.clock += size
    letter.comment_count = size
    row_0 = session.get_one(Comment, (letter.id, 0))
    row_0.reply_count = replies[0]
    session.flush()
    rows = _rows(letter, first, parents, replies, words, pick)
    while batch := list(islice(rows, BATCH)):
        session.execute(sa.insert(Comment), batch)
    session.commit()


def _rows(
    letter: Letter,
    first: int,
    parents: list[int],
    replies: list[int],
    words: list[tuple[str, str]],
    pick: Picker,
) -> Iterator[dict[str, Any]]:
    began = datetime.fromtimestamp(EPOCH, UTC)
    names = people(pick, len(parents))
    for index, parent in enumerate(parents):
        source, html = pick.choice(words)
        score = pick.between(-2, HIGHEST_SCORE) if pick.chance(0.5) else 0
        yield {
            "letter_id": letter.id,
            "number": first + index,
            "parent": parent,
            "changed": first + index,
            "reply_count": replies[first + index],
            "gone_count": 0,
            "score": score,
            "base_score": score,
            "author_name": pick.choice(names),
            "source_id": f"crowd:{index}",
            "posted_at": began + timedelta(seconds=index),
            "state": State.VISIBLE,
            "source": source,
            "html": html,
            "quote": "",
            "quote_prefix": "",
            "quote_suffix": "",
        }
