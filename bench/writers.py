"""Writers: each keeps a connection and posts the next as soon as the last was acknowledged."""

import json
import socket
import statistics
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import IO
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
        link, path = Link(url), path_of(url)
        while goes_on():
            mark = f"bench{uuid.uuid4().hex}"
            try:
                answer = link.post(path, *post(mark))
            except (OSError, ValueError) as error:
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
    link = Link(writer.site)
    for slot in slots:
        time.sleep(max(0, began + slot / rate - time.perf_counter()))
        yield link.post(path, *writer.comment(f"paced{slot}"))
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


class Link:
    """A connection to a server, kept between posts for as long as the server keeps it.

    With `http.client` a third more of the processors, which the server shares, went into the load.
    This knows no more of HTTP/1.1 than those servers speak.
    """

    def __init__(self, url: str) -> None:
        """Connect with the first post.

        :param url: of the server.
        """
        self._to = urlsplit(url)
        self._socket: socket.socket | None = None
        self._reader: IO[bytes] | None = None

    def post(self, path: str, headers: dict[str, str], fields: dict[str, str]) -> Answer:
        """Send a post and wait for the answer.

        :param path: what takes it.
        :param headers: beside those that every post has.
        :param fields: of a form, or of a JSON object where the headers say so.
        :raises OSError: there is no answer, or only half of one; the next post connects anew.
        """
        as_json = headers.get("Content-Type") == JSON
        body = (json.dumps(fields) if as_json else urlencode(fields)).encode()
        length = str(len(body))
        said = {"Host": self._to.netloc, "Content-Type": FORM, "Content-Length": length, **headers}
        lines = "".join(f"{name}: {value}\r\n" for name, value in said.items())
        began = time.perf_counter()
        try:
            status, answered, words = self._exchange(
                f"POST {path} HTTP/1.1\r\n{lines}\r\n".encode() + body
            )
        except (OSError, ValueError):
            self.close()
            raise
        took = time.perf_counter() - began
        if answered.get("connection", "").lower() == "close":
            self.close()
        return Answer(took, status, answered.get("location", ""), words.decode(errors="replace"))

    def close(self) -> None:
        """Let go of the connection."""
        if self._socket is not None and self._reader is not None:
            self._reader.close()
            self._socket.close()
        self._socket = self._reader = None

    def _exchange(self, request: bytes) -> tuple[int, dict[str, str], bytes]:
        """Send a request; return the answer's status, header and body."""
        if self._socket is None or self._reader is None:
            address = (self._to.hostname, self._to.port or 80)
            self._socket = socket.create_connection(address, LONGEST_ANSWER)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._reader = self._socket.makefile("rb")
        self._socket.sendall(request)
        first = self._reader.readline()
        if not first.startswith(b"HTTP/1.1 "):
            raise ConnectionError(first)
        header: dict[str, str] = {}
        while (line := self._reader.readline().decode("latin-1").rstrip()) != "":
            name, _, value = line.partition(": ")
            header[name.lower()] = value
        length = int(header.get("content-length", ""))
        words = self._reader.read(length)
        if len(words) < length:
            raise ConnectionError(words)
        return int(first.split(maxsplit=2)[1]), header, words
