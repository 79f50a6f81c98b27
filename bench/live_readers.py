"""2,000 open pages of one letter that ask for news as static/comments/newer.js does.

Every page is a connection of its own that stays open, as browsers keep theirs. They ask
at different moments. Meanwhile a comment arrives every ten seconds, so that nobody slows down.
"""

import asyncio
import json
import random
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from statistics import quantiles
from urllib.parse import urlsplit

import requests

from bench import machine, run
from bench.figures import Figure, number
from bench.people import Person, signed_in
from bench.processes import Failed, cpu_seconds
from bench.run import Bench
from bench.service import LETTER, Service

READERS = 2_000
COMMENTS = 100  # that are there before
SECONDS = 60
EVERY = 10  # seconds, a comment
SCRIPT = machine.ROOT / "static" / "comments" / "newer.js"


@dataclass
class Crowd:
    """The open pages, and what they found."""

    address: str
    port: int
    soonest: float
    latest: float
    slower: float
    waits: list[float] = field(default_factory=list)
    failures: int = 0
    knew: dict[int, list[float]] = field(default_factory=dict)
    """For each comment that arrived, by number: when each page heard of it."""

    async def sit(self, clock: int, ends: float) -> None:
        """Be one open page until the window ends.

        :param clock: the letter's, when the page was opened.
        :param ends: when the window does.
        """
        pause, newest, etag = self.soonest, clock, ""
        connection = await asyncio.open_connection("127.0.0.1", self.port)
        await asyncio.sleep(random.uniform(0, pause))  # noqa: S311  # nothing secret
        while (asked := time.monotonic()) < ends:
            status, head, body = await ask(connection, self.address, etag)
            now = time.monotonic()
            self.waits.append(now - asked)
            self.failures += status not in {200, 304}
            etag = head.get("etag", etag)
            found = json.loads(body)["newest"] if status == 200 else []
            news = [one for one in found if one > newest]
            for one in news:
                self.knew.setdefault(one, []).append(now)
            newest = max([newest, *news])
            pause = self.soonest if news else min(pause * self.slower, self.latest)
            await asyncio.sleep(max(0, min(asked + pause, ends) - time.monotonic()))
        connection[1].close()


Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def ask(connection: Connection, path: str, etag: str) -> tuple[int, dict[str, str], bytes]:
    """Ask once; returns the status, the head and the body."""
    reads, writes = connection
    seen = f"If-None-Match: {etag}\r\n" if etag else ""
    head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/json\r\n{seen}\r\n"
    writes.write(head.encode())
    first, *lines = (await reads.readuntil(b"\r\n\r\n")).decode().strip().split("\r\n")
    found = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    return (
        int(first.split()[1]),
        found,
        await reads.readexactly(int(found.get("content-length", 0))),
    )


def measure(bench: Bench) -> Iterator[Figure]:
    """Let the pages ask for a minute."""
    for database in bench.databases:
        with bench.site(database, COMMENTS) as site:
            crowd, posted, cpu = asyncio.run(watched(bench, site))
            if crowd.failures:
                raise Failed(f"{crowd.failures} questions of open pages failed")
            if any(len(crowd.knew.get(one, ())) < READERS for one in posted):
                raise Failed("an open page never heard of a comment")
        last = max(max(crowd.knew[one]) - at for one, at in posted.items())
        share = cpu / SECONDS
        waits = quantiles(crowd.waits, n=100)
        beside = f"{number(len(crowd.waits) / SECONDS)} polls/s, {share:.1%} of a core"
        name = f"{READERS:,} open pages, {database}"
        yield Figure(f"{name}: processor a poll", "µs", cpu / len(crowd.waits) * 1e6, beside=beside)
        yield Figure(
            f"{name}: answer, median",
            "ms",
            waits[49] * 1e3,
            beside=f"p99 {number(waits[98] * 1e3)} ms",
        )
        yield Figure(f"{name}: until each had heard of a comment", "s", last)


async def watched(bench: Bench, site: Service) -> tuple[Crowd, dict[int, float], float]:
    """Open the pages, post while they ask, and return what they found, when, and at what cost."""
    person, *_ = signed_in(site.place)
    address = f"/letters/{LETTER}/newer"
    clock = clock_of(site)
    crowd = Crowd(address, urlsplit(site.url).port or 80, *paces())
    pids = (*site.pids, *bench.behind(site))
    before, began = cpu_seconds(pids), time.monotonic()
    pages = [asyncio.create_task(crowd.sit(clock, began + SECONDS)) for _ in range(READERS)]
    posted = {}
    # The last one leaves every page the time of its longest usual pause.
    for count in range(1, int((SECONDS - crowd.soonest) // EVERY)):
        await asyncio.sleep(began + count * EVERY - time.monotonic())
        one = await asyncio.to_thread(post, site, person, f"live-{count}")
        posted[one] = time.monotonic()
    await asyncio.gather(*pages)
    return crowd, posted, cpu_seconds(pids) - before


def clock_of(site: Service) -> int:
    """Return the letter's clock, which an open page has in its address for news."""
    answer = requests.get(f"{site.url}/api/v1/letters/{LETTER}", timeout=30)
    return int(answer.json()["clock"])


def post(site: Service, person: Person, mark: str) -> int:
    """Post a comment through the form; returns its number."""
    headers, fields = person.comment(mark)
    answer = requests.post(
        f"{site.url}/letters/{LETTER}/comments",
        data=fields,
        headers=headers,
        timeout=30,
        allow_redirects=False,
    )
    if answer.status_code != 303:
        raise Failed(f"a comment was answered with {answer.status_code}")
    return int(answer.headers["Location"].rpartition("/")[2].partition("#")[0])


def paces() -> tuple[float, float, float]:
    """Return how often a page asks, as its script says: seconds, most seconds, growth."""
    script = SCRIPT.read_text()
    found = [re.search(rf"^const {name} = ([\d_.]+);", script, re.M) for name in PACES]
    soonest, latest, slower = (float(one[1].replace("_", "")) for one in found if one)
    return soonest / 1000, latest / 1000, slower


PACES = ("SOONEST", "LATEST", "SLOWER")


if __name__ == "__main__":
    run.command(measure)
