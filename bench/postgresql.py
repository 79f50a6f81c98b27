"""A PostgreSQL server of the bench's own, as durable as Debian sets it up, kept between runs."""

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
import sqlalchemy as sa
from psycopg import sql

from bench import machine
from bench.processes import PATIENCE, Failed

PROGRAMS = "usr/lib/postgresql/*/bin"


@dataclass(frozen=True)
class Server:
    """A running server."""

    url: str
    pid: int

    @property
    def version(self) -> str:
        """The server's own number."""
        with psycopg.connect(_plain(self.url)) as connection:
            return str(connection.info.parameter_status("server_version")).split()[0]

    def database(self, name: str, *, anew: bool = True) -> str:
        """Return the address of a database, made where it is missing.

        :param name: of the database.
        :param anew: throw away what an earlier run left in it.
        """
        known = sql.Identifier(name)
        with psycopg.connect(_plain(self.url), autocommit=True) as connection:
            if anew:
                connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} (FORCE)").format(known))
            listed = "SELECT 1 FROM pg_database WHERE datname = %s"
            if connection.execute(listed, [name]).fetchone() is None:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(known))
        return sa.make_url(self.url).set(database=name).render_as_string(hide_password=False)


@contextlib.contextmanager
def running() -> Iterator[Server]:
    """Run the server for as long as the block lasts; its data stay in the cache."""
    initdb = machine.program("initdb", "postgresql", PROGRAMS)
    home = machine.CACHE / "postgresql"
    # PostgreSQL refuses to run as root.
    user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if not home.exists():
        home.mkdir(parents=True)
        if user:
            shutil.chown(home, "postgres", "postgres")
        options = ("-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8")
        _run([*user, initdb, "-D", home / "data", *options])
    port = machine.free_port()
    settings = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={home}"
    control = [*user, initdb.parent / "pg_ctl", "-D", home / "data", "-w"]
    _run([*control, "-l", home / "log", "-o", settings, "start"])
    try:
        pid = int((home / "data" / "postmaster.pid").read_text().split()[0])
        yield Server(f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres", pid)
    finally:
        _run([*control, "-m", "fast", "stop"])


def _plain(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


def _run(command: list[Any]) -> None:
    words = [str(word) for word in command]
    # pg_ctl leaves its output open to the server, so a pipe would never end.
    done = subprocess.run(
        words,
        cwd="/",
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        timeout=PATIENCE,
        check=False,
    )
    if done.returncode:
        raise Failed(f"{' '.join(words)} ended with {done.returncode}")
