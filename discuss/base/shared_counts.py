"""Counts that all workers and nodes share, in Redis."""

import logging
import time
from collections.abc import Sequence

from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

from discuss.base.bell import PATIENCE, SULK
from discuss.base.ratelimit import Key

log = logging.getLogger("discuss.ratelimit")


class SharedCounts:
    """The counts of the whole site, while Redis answers."""

    def __init__(self, url: str) -> None:
        """Get ready; the first count connects.

        :param url: of Redis.
        """
        self._redis = Redis.from_url(
            url,
            socket_timeout=PATIENCE,
            socket_connect_timeout=PATIENCE,
            retry=Retry(NoBackoff(), 0),
        )
        self._silent_until = 0.0

    def add_one(self, keys: Sequence[Key]) -> list[int] | None:
        """Count one more under each of these keys; nothing while Redis does not answer."""
        if time.monotonic() < self._silent_until:
            return None
        try:
            return self._add_one(keys)
        except RedisError as error:
            self._silent_until = time.monotonic() + SULK
            log.warning("counting without Redis for %d s: %s", SULK, error)
            return None

    def _add_one(self, keys: Sequence[Key]) -> list[int]:
        with self._redis.pipeline(transaction=False) as all_at_once:
            for key in keys:
                name = f"discuss:pace:{key.name}"
                all_at_once.incr(name)
                all_at_once.expire(name, key.seconds)
            return list(all_at_once.execute()[::2])
