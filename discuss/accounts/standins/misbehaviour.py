"""Everything a stand-in can do wrong on purpose, and the switches for it."""

# ruff: noqa: S105 -- TOKEN_ begins the names of switches, not of secrets

import threading
from collections import defaultdict
from enum import Enum
from typing import Any

LONGEST_WAIT = 60  # seconds; a test that forgets to release leaves no thread behind for long


class Misbehaviour(Enum):
    """One thing that a provider does wrong; its value says what."""

    # ID tokens, of Google and the plain issuer
    WRONG_AUD = "the ID token is for another client"
    WRONG_ISS = "the ID token names another issuer"
    WRONG_AZP = "the ID token is for us and another, and was issued to the other"
    WRONG_AZP_ALONE = "the ID token is for us alone, but was issued to another"
    MISSING_AZP = "the ID token is for us and another, and does not say to whom it was issued"
    FOREIGN_AUD_OUR_AZP = "the ID token is for another client, but was issued to us"
    WRONG_NONCE = "the ID token has the nonce of another sign-in"
    MISSING_NONCE = "the ID token has no nonce"
    EXPIRED = "the ID token expired an hour ago"
    ISSUED_IN_FUTURE = "the ID token will be issued in an hour"
    ROTATED_KEY = "each ID token is signed with a new key, published at once: nothing forged"
    UNKNOWN_KID = "the ID token is signed with a key that was never published, under its own kid"
    FOREIGN_KEY = "the ID token is signed with another key, under the kid of the published one"
    ALG_NONE = "the ID token is not signed: its algorithm is none"
    HS256_PUBLIC_KEY = "the ID token is signed by HMAC, the published key as its secret"
    KEY_IN_HEADER = "the ID token brings the foreign key that signed it along in its header: jwk"
    JKU_HEADER = "the ID token names an address of the foreign key that signed it: jku"
    X5U_HEADER = "the ID token names an address of the foreign certificate that signed it: x5u"
    UNKNOWN_CRIT = "the ID token is signed well, but calls critical what nobody knows"
    NO_ID_TOKEN = "the token endpoint gives no ID token"
    WRONG_ISS_IN_ANSWER = "the callback says that another issuer answered (RFC 9207)"

    # Who it is: the profile, or the claims of the ID token
    MISSING_SUBJECT = "the person has no sub, id or ID"
    UNVERIFIED_EMAIL = "the e-mail address is not verified, where the provider says so"
    NO_EMAIL = "the e-mail address is not granted, though it was asked for"
    EMPTY_NAME = "the name is empty"
    MISSING_NAME = "there is no name"
    HUGE_NAME = "the name has a million letters"
    HOSTILE_NAME = "the name is markup, turns the line around and holds a NUL"
    WRONG_TYPES = "no field has the type that it should have"

    # X alone
    RATE_LIMITED = "too many profiles were read: 429"
    NO_CREDIT = "the site's owner has no credit left: 402"

    # Each address, by its kind; `_LATE` and `_DRIPS` go on until `release()`
    DISCOVERY_500 = "discovery fails with 500"
    DISCOVERY_HTML = "discovery answers HTML"
    DISCOVERY_LIST = "discovery answers a JSON list"
    DISCOVERY_LATE = "discovery answers late"
    DISCOVERY_DRIPS = "discovery answers a byte at a time"
    DISCOVERY_CLOSES = "discovery closes the connection"
    DISCOVERY_HUGE = "discovery answers 50 MB of JSON"
    DISCOVERY_BOMB = "discovery answers 50 MB of JSON, packed small by gzip"
    JWKS_500 = "the keys' address fails with 500"
    JWKS_HTML = "the keys' address answers HTML"
    JWKS_LIST = "the keys' address answers a JSON list"
    JWKS_LATE = "the keys' address answers late"
    JWKS_DRIPS = "the keys' address answers a byte at a time"
    JWKS_CLOSES = "the keys' address closes the connection"
    JWKS_HUGE = "the keys' address answers 50 MB of JSON"
    JWKS_BOMB = "the keys' address answers 50 MB of JSON, packed small by gzip"
    TOKEN_500 = "the token endpoint fails with 500"
    TOKEN_HTML = "the token endpoint answers HTML"
    TOKEN_LIST = "the token endpoint answers a JSON list"
    TOKEN_ERROR = "the token endpoint refuses the code, good as it is"
    TOKEN_LATE = "the token endpoint answers late"
    TOKEN_DRIPS = "the token endpoint answers a byte at a time"
    TOKEN_CLOSES = "the token endpoint closes the connection"
    TOKEN_HUGE = "the token endpoint answers 50 MB of JSON"
    TOKEN_BOMB = "the token endpoint answers 50 MB of JSON, packed small by gzip"
    PROFILE_500 = "the profile fails with 500"
    PROFILE_HTML = "the profile is HTML"
    PROFILE_LIST = "the profile is a JSON list"
    PROFILE_LATE = "the profile comes late"
    PROFILE_DRIPS = "the profile comes a byte at a time"
    PROFILE_CLOSES = "the profile's address closes the connection"
    PROFILE_HUGE = "the profile is 50 MB of JSON"
    PROFILE_BOMB = "the profile is 50 MB of JSON, packed small by gzip"


class Switches:
    """What each stand-in does wrong just now; set by tests, safe between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._on: dict[str, frozenset[Misbehaviour]] = {}
        self._told: defaultdict[str, dict[str, Any]] = defaultdict(dict)
        self._released = threading.Event()

    def misbehave(self, provider: str, *misbehaviours: Misbehaviour) -> None:
        """Do these things wrong, and no others, until `behave()`."""
        with self._lock:
            self._on[provider] = frozenset(misbehaviours)
            self._released.clear()

    def tell(self, provider: str, **fields: Any) -> None:
        """Say these fields of everybody, in the provider's own names, until `behave()`.

        :param fields: for example `name` and `picture`, any JSON value; `None` leaves one out.
        """
        with self._lock:
            self._told[provider] |= fields

    def behave(self) -> None:
        """Do everything right again, and let go whoever waits."""
        with self._lock:
            self._on.clear()
            self._told.clear()
        self.release()

    def release(self) -> None:
        """Let the late answers and the dripping ones come to their end."""
        self._released.set()

    def does(self, provider: str, misbehaviour: Misbehaviour) -> bool:
        """Whether this provider does this wrong just now."""
        with self._lock:
            return misbehaviour in self._on.get(provider, ())

    def told(self, provider: str) -> dict[str, Any]:
        """Return the fields that `tell()` gave."""
        with self._lock:
            return dict(self._told.get(provider, {}))

    def wait(self, seconds: float = LONGEST_WAIT) -> bool:
        """Wait for `release()`; whether it came."""
        return self._released.wait(seconds)
