"""Isso, a small comment server in Python, as its own documents recommend to run it.

It is installed into the cache, apart from Discuss: gunicorn, two workers, the limits of its guard
off. Its readers' browsers fetch a thread as JSON and make the page of it themselves.
"""

import contextlib
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import requests

from bench import machine, words
from bench.processes import started, wait_until
from bench.service import WORKERS
from bench.wrk import Target

PINNED = Path(__file__).with_name("requirements-isso.txt")
CONFIGURATION = """
[general]
dbpath = {folder}/comments.db
host = {url}
[guard]
enabled = false
[server]
listen = {url}
"""
READ = "nested_limit=5"  # what its own script asks for
CONNECTIONS = 4  # it answers some twenty a second; with more of them readers only wait


@dataclass(frozen=True)
class Isso:
    """A running Isso."""

    url: str
    pid: int
    file: Path

    def thread(self, name: str) -> Target:
        """Return the address that a reader of a thread fetches."""
        url = f"{self.url}/?uri=/{name}&{READ}"
        return Target("Isso", url, [self.pid], connections=CONNECTIONS)

    def fill(self, name: str, count: int) -> None:
        """Post a thread of made-up comments."""
        ids: dict[int, int] = {}
        with requests.Session() as link:
            for comment in words.thread(count):
                told = {"text": comment["text"], "author": comment["author"], "title": name}
                answered = ids.get(comment["parent_id"])
                answer = link.post(self.new(name), json=told | {"parent": answered}, timeout=30)
                answer.raise_for_status()
                link.cookies.clear()  # it sets one for each comment
                # It knows two levels, and wants the parent of the upper one.
                ids[comment["id"]] = answer.json()["parent"] or answer.json()["id"]

    def new(self, name: str) -> str:
        """Return the address that takes comments of a thread."""
        return f"{self.url}/new?uri=/{name}"

    def texts(self) -> set[str]:
        """Return what its database holds of everybody's words."""
        with contextlib.closing(sqlite3.connect(self.file)) as database:
            return {row[0] for row in database.execute("SELECT text FROM comments")}


@contextlib.contextmanager
def running(folder: Path) -> Iterator[Isso]:
    """Serve for as long as the block lasts, with an empty database.

    :param folder: an empty one.
    """
    home = _installed()
    port = machine.free_port()
    url = f"http://127.0.0.1:{port}"
    settings = folder / "isso.cfg"
    settings.write_text(CONFIGURATION.format(folder=folder, url=url))
    bind = f"127.0.0.1:{port}"
    options = ["-b", bind, "-w", str(WORKERS), "--preload", "--log-level", "warning"]
    command = [home / "bin" / "gunicorn", *options, "isso.run"]
    environment = {"ISSO_SETTINGS": str(settings), "PATH": str(home / "bin")}
    with started(command, folder / "said.txt", env=environment, cwd=folder) as process:
        wait_until(lambda: _answers(url), f"Isso, see {folder}")
        yield Isso(url, process.pid, folder / "comments.db")


def _answers(url: str) -> bool:
    with contextlib.suppress(requests.RequestException):
        return requests.get(f"{url}/latest?limit=1", timeout=5).status_code < 500
    return False


def _installed() -> Path:
    """Return where Isso is installed, after installing it unless that was done already."""
    home = machine.CACHE / "isso"
    done = home / "installed.txt"
    if not done.exists() or done.read_bytes() != PINNED.read_bytes():
        print("Installing Isso")
        subprocess.run([sys.executable, "-m", "venv", "--clear", home], check=True)
        pip = [str(home / "bin" / "python"), "-m", "pip", "install", "--quiet"]
        subprocess.run([*pip, "--require-hashes", "-r", str(PINNED)], check=True)
        shutil.copy(PINNED, done)  # written last, so that what was cut off is done again
    return home
