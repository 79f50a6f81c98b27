"""How often one network or one account may do what no row of the database counts.

Comments, drafts and reports are counted where they are stored. What is here is counted in Redis,
for all workers and nodes together; without Redis, or while it is down, each worker counts for
itself. A limit then becomes laxer, and nothing becomes wrong: this keeps a flood out, no more.

Windows are fixed, so that `Retry-After` is exact. The library for this, limits, takes 80 ms of
every start, and in memory it looks at all keys at every count: a network with many addresses could
have kept a processor busy with that.
"""

import ipaddress
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Flask, current_app
from flask_babel import LazyString

from discuss.base import clock, later
from discuss.base.config import Settings, settings
from discuss.base.errors import TooFast, wait_in_words

if TYPE_CHECKING:
    from discuss.base.shared_counts import SharedCounts

MINUTE, HOUR = 60, 3600
MOST_COUNTS = 20_000  # that a worker keeps, some 4 MB; the oldest is forgotten first


@dataclass(frozen=True)
class Pace:
    """How often something may be done, by seconds of a window."""

    name: str
    limits: dict[int, int]


def init_app(app: Flask, settings: Settings) -> None:
    """Give the application its counters."""
    app.extensions["counters"] = Counters(settings.redis_url)


def refuse_if_too_fast(pace: Pace, whose: str, message: LazyString | None = None) -> None:
    """Count one more, or refuse it.

    :param pace: what is done, and how often it may be.
    :param whose: an account, or the network that a request comes from.
    :param message: what to tell the reader, with the wait as `%(time)s`.
    :raises TooFast: with the seconds until it is worth trying again.
    """
    if not settings().pace:
        return
    now = int(clock.now().timestamp())
    keys = [
        Key(f"{pace.name}:{whose}:{seconds}:{now // seconds}", seconds) for seconds in pace.limits
    ]
    counters: Counters = current_app.extensions["counters"]
    counts = zip(pace.limits.items(), counters.add_one(keys), strict=True)
    if waits := [seconds - now % seconds for (seconds, most), count in counts if count > most]:
        wait = max(waits)
        told = message and str(message) % {"time": wait_in_words(wait)}
        raise TooFast(told, retry_after=wait)


def network_of(address: str | None) -> str:
    """Return the network that an address counts for: itself, or its /64 for IPv6."""
    try:
        found = ipaddress.ip_address(address or "")
    except ValueError:
        return "unknown"
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)


@dataclass(frozen=True)
class Key:
    """What one window counts, and how many seconds it is of use."""

    name: str
    seconds: int


class Counters:
    """Counts in Redis; in this process while Redis does not answer, or there is none."""

    def __init__(self, redis_url: str | None) -> None:
        """Get ready; the first count connects.

        :param redis_url: of Redis, if there is one.
        """
        self._own = Counts()
        self._shared: SharedCounts | None = None
        if redis_url:  # else nobody loads Redis' client: 7 MB
            self._shared = later.load("discuss.base.shared_counts").SharedCounts(redis_url)

    def add_one(self, keys: Sequence[Key]) -> list[int]:
        """Count one more under each of these keys, and return how many there are now."""
        if self._shared and (counts := self._shared.add_one(keys)) is not None:
            return counts
        return [self._own.add_one(key.name) for key in keys]


class Counts:
    """The counts of one worker."""

    def __init__(self) -> None:
        self._counts: OrderedDict[str, int] = OrderedDict()
        self._lock = threading.Lock()

    def add_one(self, name: str) -> int:
        """Count one more, and return how many there are now."""
        with self._lock:
            count = self._counts.pop(name, 0) + 1
            self._counts[name] = count
            if len(self._counts) > MOST_COUNTS:
                self._counts.popitem(last=False)
            return count
