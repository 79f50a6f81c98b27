"""PostgreSQL servers of the tests' own: one for all tests, and a streaming replica of it."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from tests.plumbing.services import free_port, missing, wait_until


@dataclass(frozen=True)
class Cluster:
    """A running PostgreSQL server."""

    port: int
    control: list[Any]

    @property
    def url(self) -> str:
        """Its first database, as superuser."""
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/postgres"

    def url_of(self, database: str) -> str:
        """Return the address of a database.

        :param database: an address of the same database at any server.
        """
        url = sa.make_url(self.url).set(database=sa.make_url(database).database)
        return url.render_as_string(hide_password=False)

    def ask(self, statement: str) -> Any:
        """Return the one value of a statement, as superuser."""
        with psycopg.connect(plain(self.url), autocommit=True) as connection:
            row = connection.execute(statement).fetchone()  # type: ignore[call-overload]
            return row and row[0]

    def start(self) -> None:
        """Start it again after `stop`."""
        _run([*self.control, "start"])

    def stop(self, mode: str = "fast") -> None:
        """Stop it; `immediate` is as if it had been killed."""
        _run([*self.control, "-m", mode, "stop"])


@pytest.fixture(scope="session")
def postgresql_cluster() -> Iterator[Cluster]:
    """The PostgreSQL server that all tests share."""
    options = ("-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
    with cluster("initdb", *options) as running:
        yield running


@pytest.fixture(scope="session")
def postgresql_server(postgresql_cluster: Cluster) -> str:
    """The address of the first database of that server, as superuser."""
    return postgresql_cluster.url


@pytest.fixture
def replica(postgresql_cluster: Cluster) -> Iterator[Cluster]:
    """A streaming replica of that server, of this test alone."""
    with cluster(*replica_of(postgresql_cluster)) as running:
        yield running


def replica_of(primary: Cluster) -> tuple[str, ...]:
    """Return what makes a `cluster` a streaming replica of another one."""
    source = f"host=127.0.0.1 port={primary.port} user=postgres"
    return ("pg_basebackup", "-d", source, "-R", "-X", "stream", "-c", "fast", "--no-sync")


def catch_up(replica: Cluster, primary: Cluster) -> None:
    """Wait until a replica has all that its primary has now."""
    # A commit that does not wait for the disk is only sent on once it got there.
    position = primary.ask("SELECT pg_current_wal_insert_lsn()")
    reached = f"SELECT pg_last_wal_replay_lsn() >= '{position}'"
    wait_until(lambda: replica.ask(reached), "the replica")


@contextmanager
def cluster(maker: str, *options: str) -> Iterator[Cluster]:
    """Run a PostgreSQL server for as long as the block lasts.

    :param maker: the program that fills its folder.
    :param options: its options beside the folder.
    """
    if (programs := _programs()) is None:
        missing("postgresql")
    # PostgreSQL's tools refuse to run as root, and its user may not look into root's folders.
    user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    home = Path(tempfile.mkdtemp(prefix="discuss-postgresql-", dir="/tmp"))  # short: sockets
    if user:
        shutil.chown(home, "postgres", "postgres")
    try:
        data = home / "data"
        _run([*user, programs / maker, "-D", data, *options])
        port = free_port()
        control = [*user, programs / "pg_ctl", "-D", data, "-w"]
        running = Cluster(port, [*control, "-l", home / "log", "-o", _tuning(home, port)])
        running.start()
        try:
            yield running
        finally:
            # Not "immediate": its last processes would write into the folder that goes next.
            if (data / "postmaster.pid").exists():
                running.stop()
    finally:
        shutil.rmtree(home, ignore_errors=True)


def plain(url: str) -> str:
    """Return SQLAlchemy's address of a database as PostgreSQL's own."""
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


def _programs() -> Path | None:
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    # Debian keeps them off the PATH, a folder for each version.
    folders = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = max(folders, key=lambda path: int(path.parts[4]), default=None)
    return newest.parent if newest else None


def _tuning(home: Path, port: int) -> str:
    settings = {
        "listen_addresses": "127.0.0.1",
        "port": port,
        "unix_socket_directories": home,
        "fsync": "off",  # what a power cut leaves is no test's matter here
        "full_page_writes": "off",
        "synchronous_commit": "off",
        "shared_buffers": "64MB",
        "max_connections": 60,
    }
    return " ".join(f"-c {name}={value}" for name, value in settings.items())


def _run(command: list[Any]) -> None:
    words = [str(word) for word in command]
    # pg_ctl leaves its output open to the server, so a pipe would never end; and the folder we
    # are in may be closed to the server's user.
    with tempfile.TemporaryFile("w+") as said:
        if subprocess.run(words, cwd="/", stdout=said, stderr=said, check=False).returncode:
            said.seek(0)
            raise RuntimeError(f"{' '.join(words)}: {said.read()}")
