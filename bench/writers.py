"""Writers: each keeps a connection and posts the next as soon as the last was acknowledged."""

import http.client
import json
import statistics
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

from bench.figures import number
from bench.people import Person
from bench.processes import Failed, cpu_seconds
from bench.wrk import path_of

Post = Callable[[str], tuple[dict[str, str], dict[str, str]]]
"""Makes headers and fields of a post that begins with a mark of its own."""

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
LONGEST_ANSWER = 60  # seconds
FEWEST = 2  # acknowledged; of less there is no median


@dataclass(frozen=True)
class Answer:
    """What a server said to a post."""

    took: float
    status: int
    location: str
    words: str


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
        link = http.client.HTTPConnection(urlsplit(url).netloc, timeout=LONGEST_ANSWER)
        while goes_on():
            mark = f"bench{uuid.uuid4().hex}"
            try:
                answer = send(link, path_of(url), *post(mark))
            except (OSError, http.client.HTTPException) as error:
                link.close()  # the next request opens another
                answer = Answer(0, 0, "", type(error).__name__)
            with lock:
                if answer.status == ok:
                    done.times.append(answer.took)
                    done.marks.add(mark)
                else:
                    done.refused[f"{answer.status} {answer.words[:200]}"] += 1
        link.close()

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
    link = http.client.HTTPConnection(urlsplit(writer.site).netloc, timeout=LONGEST_ANSWER)
    for slot in slots:
        time.sleep(max(0, began + slot / rate - time.perf_counter()))
        yield send(link, path, *writer.comment(f"paced{slot}"))
    link.close()


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


def send(
    link: http.client.HTTPConnection, path: str, headers: dict[str, str], fields: dict[str, str]
) -> Answer:
    """Send one post over a connection that is kept."""
    as_json = headers.get("Content-Type") == JSON
    body = json.dumps(fields) if as_json else urlencode(fields)
    began = time.perf_counter()
    link.request("POST", path, body, {"Content-Type": FORM, **headers})
    came = link.getresponse()
    words = came.read()
    took = time.perf_counter() - began
    location = came.getheader("Location", "")
    return Answer(took, came.status, location, words.decode(errors="replace"))
