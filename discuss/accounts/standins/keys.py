"""The keys that sign ID tokens: ours, published, and a foreign one for forgeries."""

import threading
from functools import cached_property
from typing import Any

from joserfc.jwk import KeySet, RSAKey

from discuss.base import ids

RSA_BITS = 2048  # the least that RFC 7518, section 3.3, allows


class Keyring:
    """Makes each key when it is first wanted: most runs never need more than one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._own: RSAKey | None = None

    @property
    def own(self) -> RSAKey:
        """The key that signs now."""
        with self._lock:
            if self._own is None:
                self._own = _new_key()
            return self._own

    @cached_property
    def foreign(self) -> RSAKey:
        """A key that was never published."""
        return _new_key()

    def rotate(self) -> None:
        """Sign with a new key from now on, and publish that one alone."""
        with self._lock:
            self._own = _new_key()

    def published(self) -> dict[str, Any]:
        """Return the JWK set that clients fetch."""
        return dict(KeySet([self.own]).as_dict(private=False))

    def forged(self) -> dict[str, Any]:
        """Return a JWK set that no client should ever fetch: forged headers point at it."""
        return dict(KeySet([self.foreign]).as_dict(private=False))


def _new_key() -> RSAKey:
    return RSAKey.generate_key(
        RSA_BITS, parameters={"kid": ids.token(), "use": "sig", "alg": "RS256"}
    )
