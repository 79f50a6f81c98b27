"""Readers of one letter while it takes fifty comments a second; no answer may be stale.

A reader notes which comments have been acknowledged, then asks: the answer's clock must not be
older than the newest of them. Half of the readers ask for what changed (304). On PostgreSQL two
nodes share the database; comments come in at the first, readers are at both.
"""

import contextlib
import http.client
import re
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from bench import people, run, service
from bench.figures import Figure, number
from bench.people import Person
from bench.processes import PATIENCE, Failed
from bench.run import Bench
from bench.service import Place, Service
from bench.writers import paced

COMMENTS_A_SECOND = 50
READERS = 16  # connections; the kernel deals them out to the workers
WRITERS = 8
BEFORE = 50  # comments that are there already
CLOCK = re.compile(rb'data-clock="(\d+)"')


@dataclass
class Tally:
    """What the readers saw, and what the writers were told."""

    newest: int = 0
    answers: int = 0
    unchanged: int = 0
    stale: int = 0
    etags: set[str] = field(default_factory=set)
    acknowledged: int = 0
    problems: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


def measure(bench: Bench) -> Iterator[Figure]:
    """Read and write at once for a while, on each database."""
    seconds = 8 if bench.quick else 20
    for database in bench.databases:
        with _nodes(bench, database) as nodes:
            tally = _run(nodes, seconds)
        if tally.problems:
            raise Failed(f"{len(tally.problems)} answers were wrong, as {tally.problems[0]}")
        where = f"{len(nodes)} node{'s' if len(nodes) > 1 else ''}"
        renders = len(tally.etags) / seconds
        yield Figure(
            f"stale answers while a letter takes {COMMENTS_A_SECOND} comments a second, {database}",
            f"of {tally.answers:,}",
            tally.stale,
            floor=0,
            beside=f"{where} of {service.WORKERS} workers, {READERS} readers, "
            f"{tally.unchanged:,} answers 304, {number(tally.acknowledged / seconds)} comments a "
            f"second, {number(renders)} versions a second",
        )


@contextlib.contextmanager
def _nodes(bench: Bench, database: str) -> Iterator[list[Service]]:
    """Serve a site from one node, and from a second one where its database may be shared."""
    with bench.site(database, BEFORE) as first, contextlib.ExitStack() as others:
        nodes = [first]
        if database == "PostgreSQL":
            folder = others.enter_context(bench.folder())
            second = Place(folder, first.place.database, site_url=first.url)
            nodes.append(others.enter_context(service.running(second)))
        yield nodes


def _run(nodes: list[Service], seconds: float) -> Tally:
    tally = Tally()
    writers = people.signed_in(nodes[0].place, WRITERS)
    began = time.perf_counter()
    slots = iter(range(int(COMMENTS_A_SECOND * seconds)))
    threads = [
        threading.Thread(target=_write, args=(writer, slots, began, tally)) for writer in writers
    ]
    for reader in range(READERS):
        node = nodes[reader % len(nodes)]
        asks_for_changes = reader // len(nodes) % 2 == 0
        reading = (node, asks_for_changes, began + seconds, tally)
        threads.append(threading.Thread(target=_read, args=reading))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return tally


def _write(writer: Person, slots: Iterator[int], began: float, tally: Tally) -> None:
    """Post at the moments that are handed out, until there are no more."""
    path = f"/letters/{service.LETTER}/comments"
    for answer in paced(writer, path, slots, COMMENTS_A_SECOND, began):
        with tally.lock:
            if answer.status == 303:
                tally.acknowledged += 1
                tally.newest = max(tally.newest, int(answer.location.rpartition("/")[2]))
            else:
                tally.problems.append(f"{answer.status} {answer.words[:200]}")


def _read(node: Service, asks_for_changes: bool, end: float, tally: Tally) -> None:
    link = http.client.HTTPConnection(urlsplit(node.url).netloc, timeout=PATIENCE)
    seen, etag = 0, ""
    while time.perf_counter() < end:
        headers = {"If-None-Match": etag} if asks_for_changes and etag else {}
        acknowledged = tally.newest  # before we ask: an answer must know all of it
        try:
            link.request("GET", f"/letters/{service.LETTER}", headers=headers)
            answer = link.getresponse()
            body = answer.read()
        except (OSError, http.client.HTTPException) as error:
            tally.problems.append(repr(error))
            return
        found = CLOCK.search(body)
        with tally.lock:
            tally.answers += 1
            if answer.status == 304:
                tally.unchanged += 1
            elif answer.status == 200 and found:
                seen, etag = int(found[1]), answer.getheader("ETag", "")
                tally.etags.add(etag)
            else:
                tally.problems.append(f"{answer.status} {body[:200]!r}")
            tally.stale += seen < acknowledged


if __name__ == "__main__":
    run.command(measure)
