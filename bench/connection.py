"""A client that costs little: what the load takes of the processors, the server cannot have."""

import json
import socket
import time
from dataclasses import dataclass
from typing import IO
from urllib.parse import urlencode, urlsplit

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
LONGEST_ANSWER = 60  # seconds


@dataclass(frozen=True)
class Answer:
    """What a server said to a post."""

    took: float
    status: int
    location: str
    words: str


class Connection:
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
        except ValueError as error:  # of a header
            self.close()
            raise ConnectionError("not the HTTP that is known here") from error
        except OSError:
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
