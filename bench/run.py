"""What every command of the bench shares: its options, its databases, its printing."""

import argparse
import contextlib
import functools
import signal
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bench import machine, postgresql, service
from bench.figures import Figure, table
from bench.processes import Failed
from bench.service import Place, Service

DATABASES = ("SQLite", "PostgreSQL")


@dataclass
class Bench:
    """One run: how long its windows are, and the servers that its measurements share."""

    rounds: int = 3
    seconds: int = 4
    quick: bool = False
    minutes: float = 10
    databases: tuple[str, ...] = DATABASES
    stack: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)

    @functools.cached_property
    def server(self) -> postgresql.Server:
        """The PostgreSQL server, started by who asks first."""
        return self.stack.enter_context(postgresql.running())

    @contextlib.contextmanager
    def place(self, database: str, name: str = "bench") -> Iterator[Place]:
        """Lend a place for a site on an empty database.

        :param database: one of `DATABASES`.
        :param name: its own, where the server holds several at once.
        """
        with service.folder() as folder:
            if database == "SQLite":
                yield Place(folder, f"sqlite:///{folder / 'discuss.db'}")
            else:
                yield Place(folder, self.server.database(name))

    @contextlib.contextmanager
    def site(self, database: str, comments: int = 0, name: str = "bench") -> Iterator[Service]:
        """Serve a site whose letter has so many comments; the rest as above."""
        with self.place(database, name) as place, service.running(place) as site:
            if comments:
                service.import_thread(place, comments)
            yield site

    def behind(self, site: Service) -> tuple[int, ...]:
        """Return the processes of a site's database; SQLite has none of its own."""
        return (self.server.pid,) if "postgresql" in site.place.database else ()

    @contextlib.contextmanager
    def folder(self) -> Iterator[Path]:
        """Lend an empty folder."""
        with service.folder() as folder:
            yield folder


Measurement = Callable[[Bench], Iterator[Figure]]


def command(measurement: Measurement) -> None:
    """Be the command of one measurement."""
    with bench_of(parser()) as bench:
        try:
            print(table(list(measurement(bench))))
        except (Failed, machine.Missing) as error:
            sys.exit(f"bench: {error}")


def parser() -> argparse.ArgumentParser:
    """Return the options that all commands have."""
    made = argparse.ArgumentParser()
    made.add_argument("--quick", action="store_true", help="short windows, one round")
    made.add_argument("--seconds", type=int, default=4, help="length of a window of load")
    made.add_argument("--rounds", type=int, default=3, help="windows; the median counts")
    made.add_argument("--minutes", type=float, help="of load for the memory figure; 10")
    made.add_argument("--database", choices=DATABASES, help="only this one")
    return made


@contextlib.contextmanager
def bench_of(parser: argparse.ArgumentParser) -> Iterator[Bench]:
    """Make the run that the command line asks for; its servers end with the block."""
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that what was started is ended
    with contextlib.ExitStack() as stack:
        yield Bench(
            rounds=1 if given.quick else given.rounds,
            seconds=2 if given.quick else given.seconds,
            quick=given.quick,
            minutes=given.minutes or (0.5 if given.quick else 10),
            databases=(given.database,) if given.database else DATABASES,
            stack=stack,
        )
