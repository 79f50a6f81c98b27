"""A bell between processes: through Redis, who waits for news hears of it at once.

Nothing depends on it. Without Redis, or while it is down, those who wait look for themselves.
"""

import time

from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

PATIENCE = 0.1  # seconds; a reader's request must not wait for a Redis that hangs
LONGEST_WAIT = 5.0  # seconds; a Redis that hangs is noticed after one more
SULK = 10  # seconds to leave a Redis alone that did not answer


class Bell:
    """One bell of the site, by name; rung twice before anybody waits, it sounds once."""

    def __init__(self, url: str, name: str) -> None:
        """Hang the bell up; it connects when it is used.

        :param url: of Redis.
        :param name: the same for those who ring and those who wait.
        """
        self._key = f"discuss:bell:{name}"
        once = Retry(NoBackoff(), 0)
        self._ringer = Redis.from_url(
            url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE, retry=once
        )
        self._listener = Redis.from_url(
            url, socket_timeout=LONGEST_WAIT + 1, socket_connect_timeout=PATIENCE, retry=once
        )
        self._silent_until = 0.0

    def ring(self) -> None:
        """Wake one of those who wait."""
        if time.monotonic() < self._silent_until:
            return
        try:
            with self._ringer.pipeline() as both:
                both.lpush(self._key, "")
                both.ltrim(self._key, 0, 0)
                both.execute()
        except RedisError:
            self._silent_until = time.monotonic() + SULK

    def wait(self, seconds: float) -> bool:
        """Wait for a ring.

        :param seconds: how long at most, up to LONGEST_WAIT.
        :returns: False when Redis did not answer, so that the caller waits in another way.
        """
        try:
            self._listener.blpop([self._key], seconds)
        except RedisError:
            return False
        return True
