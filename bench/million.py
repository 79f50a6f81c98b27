"""Pages of a letter with a million comments beside those of a letter with a thousand.

Nothing is cached: they are rendered for somebody signed in, after a tick of the letter's clock that
makes everything stale that was kept of it.
"""

import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import requests
import sqlalchemy as sa

from bench import crowd, people, run, service
from bench.figures import Figure, number
from bench.people import Person
from bench.processes import Failed, cpu_seconds
from bench.run import Bench
from bench.service import Service
from discuss.base.db import session
from discuss.comments.models import Comment
from discuss.comments.walk import Cursor, Sort
from discuss.letters.models import Letter

SMALL, LARGE = 1_000, 1_000_000
TURNS, QUICK_TURNS = 12, 3
MOST_SECONDS = 90  # of all turns on one database; slow pages get fewer
BLOCK = 10  # requests of one kind in a row; the kernel counts processor time in hundredths
SEARCHED = 400  # comments in the middle of a thread, among which permalinks are chosen
KINDS = ("first page", "deep page", "permalink")


@dataclass
class Cost:
    """What requests of one kind have taken so far."""

    walls: list[float] = field(default_factory=list)
    cpu: float = 0.0

    @property
    def wall_ms(self) -> float:
        """The median time until the answer."""
        return statistics.median(self.walls) * 1000

    @property
    def cpu_ms(self) -> float:
        """The processor time of one request, the database's included."""
        return self.cpu / len(self.walls) * 1000


def measure(bench: Bench) -> Iterator[Figure]:
    """Ask for the same kinds of page in both letters, in turn."""
    for database in bench.databases:
        costs = costs_in_turn(bench, database, (SMALL, LARGE), KINDS)
        for kind in KINDS:
            small, large = costs[kind, SMALL], costs[kind, LARGE]
            times = f"{number(large.wall_ms)} ms beside {number(small.wall_ms)} ms"
            cpu = f"{number(large.cpu_ms)} ms beside {number(small.cpu_ms)} ms"
            yield Figure(
                f"{kind}, {LARGE:,} comments beside {SMALL:,}, {database}",
                "times",
                large.wall_ms / small.wall_ms,
                floor=1.5,
                goal=1.1,
                beside=f"{times}; processor {cpu}",
            )


def costs_in_turn(
    bench: Bench, database: str, sizes: tuple[int, ...], kinds: tuple[str, ...]
) -> dict[tuple[str, int], Cost]:
    """Ask for pages of letters of several sizes in turn, uncached; returns the cost of each."""
    turns = QUICK_TURNS if bench.quick else TURNS
    with crowd.place(bench, database) as place, service.running(place) as site, place.app():
        (reader,) = people.signed_in(place)
        paths = {(kind, size): _PATHS[kind](_letter(size)) for kind in kinds for size in sizes}
        costs = {one: Cost() for one in paths}
        for one in paths:
            _block(bench, site, reader, paths[one], Cost())  # warms up
        end = time.monotonic() + MOST_SECONDS
        for turn in range(turns):
            if turn and time.monotonic() > end:
                break
            for one in paths:
                _block(bench, site, reader, paths[one], costs[one])
    return costs


def _block(bench: Bench, site: Service, reader: Person, paths: list[str], cost: Cost) -> None:
    pids = [*site.pids, *bench.behind(site)]
    with requests.Session() as browser:
        for _ in range(BLOCK):
            path = paths[len(cost.walls) % len(paths)]
            _make_stale(path)
            used, began = cpu_seconds(pids), time.perf_counter()
            answer = browser.get(site.url + path, headers=reader.headers, timeout=60)
            cost.walls.append(time.perf_counter() - began)
            cost.cpu += cpu_seconds(pids) - used
            if answer.status_code != 200 or 'id="c-' not in answer.text:
                raise Failed(f"{path}: {answer.status_code} {answer.text[:200]}")


def _make_stale(path: str) -> None:
    slug = path.split("?")[0].split("/")[2]
    session.execute(sa.update(Letter).where(Letter.slug == slug).values(clock=Letter.clock + 1))
    session.commit()


def _letter(size: int) -> Letter:
    return session.scalars(sa.select(Letter).filter_by(slug=crowd.slug_of(size))).one()


def _first(letter: Letter) -> list[str]:
    return [f"/letters/{letter.slug}"]


def _deep(letter: Letter) -> list[str]:
    """Return the address of the page in the middle of a thread, best first."""
    roots = sa.select(Comment.number, Comment.score).filter_by(letter_id=letter.id, parent=0)
    count = session.scalar(sa.select(sa.func.count()).select_from(roots.subquery()))
    middle = roots.order_by(Comment.score.desc(), Comment.number.desc()).offset((count or 0) // 2)
    row = session.execute(middle.limit(1)).one()
    return [f"/letters/{letter.slug}?after={Cursor.of(Sort.BEST, row)}"]


def _permalinks(letter: Letter) -> list[str]:
    """Return addresses of comments with one reply each, so that every page shows as much."""
    middle = letter.comment_count // 2
    columns = (Comment.number, Comment.parent, Comment.reply_count)
    part = Comment.number.between(middle, middle + SEARCHED)
    rows = session.execute(sa.select(*columns).where(Comment.letter_id == letter.id, part)).all()
    ends = {row.parent for row in rows if row.reply_count == 0}
    found = [row.number for row in rows if row.parent == 0 and row.reply_count == 1]
    numbers = [number for number in found if number in ends][:BLOCK]
    return [f"/letters/{letter.slug}/comments/{number}" for number in numbers]


_PATHS: dict[str, Callable[[Letter], list[str]]] = dict(
    zip(KINDS, (_first, _deep, _permalinks), strict=True)
)


if __name__ == "__main__":
    run.command(measure)
