"""Writers: each keeps a connection and posts the next as soon as the last was acknowledged."""

import statistics
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from bench.connection import Answer, Connection
from bench.figures import number
from bench.people import Person
from bench.processes import Failed, cpu_seconds
from bench.wrk import path_of

Post = Callable[[str], tuple[dict[str, str], dict[str, str]]]
"""Makes headers and fields of a post that begins with a mark of its own."""

FEWEST = 2  # acknowledged; of less there is no median


@dataclass
class Posting:
    """What came of a window of posting."""

    seconds: float = 0.0
    cpu: float = 0.0
    times: list[float] = field(default_factory=list)
    marks: set[str] = field(default_factory=set)
    refused: Counter[str] = field(default_factory=Counter)

    @property
    def rate(self) -> float:
        """Acknowledged posts a second."""
        return len(self.marks) / self.seconds

    @property
    def told(self) -> str:
        """How long an acknowledgement took, and what it cost, in words."""
        cpu = self.cpu / len(self.marks) * 1000
        times = f"p50 {number(self.share(50))} ms, p99 {number(self.share(99))} ms"
        refused = sum(self.refused.values())
        return f"{times}, processor {number(cpu)} ms" + (f", {refused} REFUSED" if refused else "")

    def take(self, mark: str, answer: Answer, ok: int) -> None:
        """Count what was said to the post with this mark, `ok` being an acknowledgement."""
        if answer.status == ok:
            self.times.append(answer.took)
            self.marks.add(mark)
        else:
            self.refused[f"{answer.status} {answer.words[:200]}"] += 1

    def share(self, percent: int) -> float:
        """Return in how many milliseconds this share of the posts was acknowledged."""
        return statistics.quantiles(self.times, n=100)[percent - 1] * 1000


def posting(
    url: str,
    posts: Sequence[Post],
    ok: int,
    seconds: float,
    pids: list[int],
    most: int | None = None,
) -> Posting:
    """Post for a while.

    :param url: what takes the posts.
    :param posts: makes the posts of each writer; there are as many writers.
    :param ok: the status of an acknowledgement.
    :param seconds: when to stop.
    :param pids: the server's processes, whose cost is told.
    :param most: posts; nothing for as many as go.
    :raises Failed: hardly one was acknowledged.
    """
    done = Posting()
    lock = threading.Lock()
    used, began = cpu_seconds(pids), time.perf_counter()

    def goes_on() -> bool:
        enough = most is not None and len(done.marks) + len(posts) > most
        return not enough and time.perf_counter() < began + seconds

    def write(post: Post) -> None:
        connection, path = Connection(url), path_of(url)
        while goes_on():
            mark = f"bench{uuid.uuid4().hex}"
            try:
                answer = connection.post(path, *post(mark))
            except OSError as error:
                answer = Answer(0, 0, "", type(error).__name__)
            with lock:
                done.take(mark, answer, ok)
        connection.close()

    threads = [threading.Thread(target=write, args=(post,)) for post in posts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    done.seconds = time.perf_counter() - began
    done.cpu = cpu_seconds(pids) - used
    if len(done.marks) < FEWEST:
        raise Failed(f"{url}: {dict(done.refused)}")
    return done


def paced(
    writer: Person, path: str, slots: Iterator[int], rate: float, began: float
) -> Iterator[Answer]:
    """Post at given moments, however long the answers take, and yield these.

    :param writer: who writes.
    :param path: what takes the posts.
    :param slots: numbers of moments, shared by all writers of a run.
    :param rate: moments a second.
    :param began: when moment 0 was.
    """
    connection = Connection(writer.site)
    for slot in slots:
        time.sleep(max(0, began + slot / rate - time.perf_counter()))
        yield connection.post(path, *writer.comment(f"paced{slot}"))
    connection.close()


def post_in_turn(*windows: Callable[[], Posting], rounds: int) -> tuple[Posting, ...]:
    """Take windows of posting in turn, round after round; returns what came of each in all."""
    done = tuple(Posting() for _ in windows)
    for _ in range(rounds):
        for total, window in zip(done, windows, strict=True):
            one = window()
            total.seconds += one.seconds
            total.cpu += one.cpu
            total.times += one.times
            total.marks |= one.marks
            total.refused += one.refused
    return done
