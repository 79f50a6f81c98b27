"""Posting through the HTML form: a comment counts as acknowledged when its 303 is here.

One writer and eight, each with a session of their own. Every acknowledged comment is looked for
afterwards, in the database by another process. Isso takes the same words in turn, a rival without
accounts, tokens or submission keys. Once the letter has taken many thousand comments, it takes more
in turn with an empty one: a second site, for the machine is not as fast as it was minutes ago.
"""

import functools
import json
from collections.abc import Iterator
from typing import Any

from bench import isso, people, run
from bench.figures import Figure, number
from bench.isso import Isso
from bench.people import WORDS
from bench.run import Bench
from bench.service import LETTER, Service
from bench.writers import Posting, post_in_turn, posting

LIMITS = {8: (800, 1_200), 1: (400, 600)}
MANY = 50_000
MANY_QUICK = 2_000
PATIENCE = 300  # seconds for filling the letter; the table says how many came to be
WARM_UP = 1  # second


def measure(bench: Bench) -> Iterator[Figure]:
    """Post at the start, fill the letter, post again; then see what is there."""
    for database in bench.databases:
        with bench.site(database) as site, bench.folder() as folder, isso.running(folder) as peer:
            ours, theirs = _Letter(site), _Thread(peer)
            at_start = _in_turn(bench, ours, theirs)
            ours.fill(MANY_QUICK if bench.quick else MANY)
            with bench.site(database, name="empty") as other:
                later = _in_turn(bench, ours, _Letter(other))
            lost, theirs_lost = ours.lost(), theirs.lost()
        for count, (floor, goal) in LIMITS.items():
            here, there = at_start[count]
            filled, empty = later[count]
            yield Figure(
                f"posting, {count} at once, {database}",
                "a second",
                here.rate,
                floor=floor,
                goal=goal,
                rises=True,
                beside=f"{here.told}; Isso {number(there.rate)} a second, {there.told}",
            )
            yield Figure(
                f"posting, {count} at once, after {ours.filled:,} comments, {database}",
                "of an empty letter's rate",
                filled.rate / empty.rate,
                floor=0.9,
                rises=True,
                beside=f"{number(filled.rate)} a second, {filled.told}; "
                f"empty {number(empty.rate)} a second, {empty.told}",
            )
        yield Figure(
            f"acknowledged comments that are not there, {database}",
            f"of {ours.acknowledged:,}",
            lost,
            floor=0,
            beside=f"Isso {theirs_lost} of {theirs.acknowledged:,}",
        )


def _in_turn(
    bench: Bench, one: "_Letter", other: "_Letter | _Thread"
) -> dict[int, tuple[Posting, ...]]:
    """Post to both in turn, for each number of writers; returns what came of it in all."""
    for each in (one, other):
        each.post(max(LIMITS), WARM_UP)
    return {
        count: post_in_turn(
            *(functools.partial(each.post, count, bench.seconds) for each in (one, other)),
            rounds=bench.rounds,
        )
        for count in LIMITS
    }


class _Letter:
    """The letter's form, and what was acknowledged of it."""

    def __init__(self, site: Service) -> None:
        self._site = site
        self._writers = people.signed_in(site.place, max(LIMITS))
        self._marks: set[str] = set()
        self.filled = 0

    @property
    def acknowledged(self) -> int:
        return len(self._marks)

    def post(self, count: int, seconds: float, most: int | None = None) -> Posting:
        posts = [writer.comment for writer in self._writers[:count]]
        url = f"{self._site.letter}/comments"
        done = posting(url, posts, 303, seconds, self._site.pids, most)
        self._marks |= done.marks
        return done

    def fill(self, count: int) -> None:
        if (most := count - self.acknowledged) > 0:
            self.post(max(LIMITS), PATIENCE, most)
        self.filled = self.acknowledged

    def lost(self) -> int:
        texts = self._site.place.flask("comments", "texts", "--letter", LETTER).splitlines()
        return len(self._marks - {json.loads(text).split()[0] for text in texts})


class _Thread:
    """Isso's thread, and what was acknowledged of it."""

    def __init__(self, peer: Isso) -> None:
        self._peer = peer
        self._marks: set[str] = set()

    @property
    def acknowledged(self) -> int:
        return len(self._marks)

    def post(self, count: int, seconds: float) -> Posting:
        def post(mark: str) -> tuple[dict[str, str], Any]:
            told = {"text": f"{mark} {WORDS}", "author": "Reader", "title": "letter"}
            return {"Content-Type": "application/json"}, told

        done = posting(self._peer.new("letter"), [post] * count, 201, seconds, [self._peer.pid])
        self._marks |= done.marks
        return done

    def lost(self) -> int:
        return len(self._marks - {text.split()[0] for text in self._peer.texts()})


if __name__ == "__main__":
    run.command(measure)
