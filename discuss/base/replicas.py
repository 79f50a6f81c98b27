"""Pages from read replicas, of what the primary's clocks say they must show.

A streaming replica is nearly always a moment behind. So clocks are read on the primary alone, and a
replica renders a page only if the same clocks stand as high there, in the very snapshot that the
page is rendered from. A replica that is away, behind or promoted costs no reader anything: the
primary renders, and the replica is left alone for a while.
"""

import itertools
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from flask import Flask, current_app

from discuss.base import later
from discuss.base.config import Settings

if TYPE_CHECKING:
    from discuss.base.pagecache import Stamp
    from discuss.base.replica import Replica


def init_app(app: Flask, settings: Settings) -> None:
    """Get to know the replicas; they are called when the first page is rendered."""
    app.extensions["replicas"] = Replicas(_replica(url) for url in _urls(settings))


def rendered(render: Callable[[], str], stamp: "Stamp") -> str:
    """Return a page, rendered on a replica that can, else on the primary.

    :param render: makes the page of what `session` reads; never the page of one person.
    :param stamp: the clocks that it must show, read on the primary.
    """
    replicas: Replicas = current_app.extensions["replicas"]
    for replica in replicas.in_turn():
        if (page := replica.page(render, stamp)) is not None:
            return page
    return render()


class Replicas:
    """All replicas; the next request begins with the next one."""

    def __init__(self, replicas: Iterable["Replica"]) -> None:
        self._replicas = list(replicas)
        self._turns = itertools.count()

    def in_turn(self) -> list["Replica"]:
        """Return every replica once, another one first each time."""
        if not self._replicas:
            return []
        first = next(self._turns) % len(self._replicas)
        return self._replicas[first:] + self._replicas[:first]

    def close(self) -> None:
        """Close every connection."""
        for replica in self._replicas:
            replica.close()


def _urls(settings: Settings) -> list[str]:
    return (settings.replica_urls or "").split()


def _replica(url: str) -> "Replica":
    # With its module comes PostgreSQL's driver, which a site on SQLite does without.
    made: Replica = later.load("discuss.base.replica").Replica(url)
    return made
