"""Discuss itself, run as people run it: `script/serve` on a database of its own."""

import contextlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import requests
from flask import Flask

from bench import machine, words
from bench.processes import Failed, started, wait_until
from discuss import create_app
from discuss.base.config import Settings
from discuss.base.db import db

SECRET = "for measurements only, and as long as a real one is"  # noqa: S105
LETTER = "mcdonnell-to-momentum-2016-05"  # the product's own, published by the first start
WORKERS = 2


@dataclass(frozen=True)
class Place:
    """Where a service lives: its folder, its database, its port."""

    folder: Path
    database: str
    port: int = field(default_factory=machine.free_port)
    site_url: str = ""
    """The address that readers use, where it is not this node's own."""

    @property
    def url(self) -> str:
        """The address of the site."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """The settings, and nothing of what this machine has set for another site."""
        own = {
            "DISCUSS_DATA_DIR": str(self.folder),
            "DISCUSS_DATABASE_URL": self.database,
            "DISCUSS_PORT": str(self.port),
            "DISCUSS_SITE_URL": self.site_url or self.url,
            "DISCUSS_WORKERS": str(WORKERS),
            "DISCUSS_SECRET_KEY": SECRET,
            "DISCUSS_DEMO": "off",
            "DISCUSS_PACE": "off",
        }
        ours = ("DISCUSS_", "PYTHON")  # what Python is told here would change a cold start
        kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        return kept | own

    def flask(self, *command: str) -> str:
        """Run a command of Discuss and return what it printed."""
        words = [sys.executable, "-m", "flask", "--app", "wsgi", *command]
        done = subprocess.run(
            words,
            env=self.environment,
            cwd=machine.ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise Failed(f"flask {' '.join(command)}: {done.stdout}{done.stderr}")
        return done.stdout

    @contextlib.contextmanager
    def app(self) -> Iterator[Flask]:
        """Enter the application, to write what no command writes: accounts, a million rows."""
        settings = Settings(
            _env_file=None,
            data_dir=self.folder,
            database_url=self.database,
            port=self.port,
            secret_key=SECRET,
            demo=False,
        )
        app = create_app(settings)
        with app.app_context():
            yield app
            db.engine.dispose()


@dataclass(frozen=True)
class Service:
    """A running service."""

    place: Place
    process: subprocess.Popen[str]

    @property
    def url(self) -> str:
        """The address of the site."""
        return self.place.url

    @property
    def letter(self) -> str:
        """The address of the letter that most measurements read."""
        return f"{self.url}/letters/{LETTER}"

    @property
    def pids(self) -> list[int]:
        """The first process; the others are its children."""
        return [self.process.pid]


@contextlib.contextmanager
def running(place: Place) -> Iterator[Service]:
    """Serve for as long as the block lasts."""
    command = [machine.ROOT / "script" / "serve"]
    log = place.folder / "said.txt"
    with started(command, log, env=place.environment, cwd=place.folder) as process:
        service = Service(place, process)
        wait_until(lambda: answers(service.url), f"{service.url}, see {log}")
        yield service


def answers(url: str, path: str = "/readyz") -> bool:
    """Whether the site answers with 200."""
    with contextlib.suppress(requests.RequestException):
        return requests.get(url + path, timeout=5).ok
    return False


@contextlib.contextmanager
def folder() -> Iterator[Path]:
    """Lend an empty folder on the disk that the cache is on, which is no memory."""
    machine.CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=machine.CACHE) as name:
        yield Path(name)


def import_thread(place: Place, count: int) -> None:
    """Bring a thread of made-up comments into the letter."""
    path = place.folder / "thread.jsonl"
    path.write_text("\n".join(words.lines(count)))
    place.flask("transfer", "import", "jsonl", str(path), "--letter", LETTER)
