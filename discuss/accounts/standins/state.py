"""What the stand-ins remember while they run: codes, access tokens, visits and switches."""

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast
from urllib.parse import urlsplit

from flask import current_app, request

from discuss.accounts import demo
from discuss.accounts.standins.keys import Keyring
from discuss.accounts.standins.misbehaviour import Switches
from discuss.accounts.standins.people import Person
from discuss.base import clock, ids
from discuss.base.config import LOOPBACK

CODE_LIFE = timedelta(minutes=10)
TWITTER_CODE_LIFE = timedelta(seconds=30)
TOKEN_LIFE = timedelta(hours=1)
KEPT = 1000  # of codes and of tokens: a demo that runs for months must not grow


class NotOnLoopback(Exception):
    """Stand-ins sign anybody in, so they serve a site on this machine alone."""


@dataclass(frozen=True, slots=True)
class Grant:
    """What a person allowed, and the terms on which it may be redeemed."""

    person: Person
    redirect_uri: str
    scopes: frozenset[str]
    challenge: str | None
    nonce: str | None
    given_at: datetime


class Standins(Switches):
    """All the providers of one app; `app.extensions["standins"]`."""

    def __init__(
        self, site_url: str, address: str, seed: str, now: Callable[[], datetime] | None = None
    ) -> None:
        super().__init__()
        for url in (site_url, address):
            if urlsplit(url).hostname not in LOOPBACK:
                raise NotOnLoopback(
                    f"{url} is not on this machine; stand-in providers sign anybody in, "
                    "so they serve only on loopback"
                )
        self.site_url = site_url.rstrip("/")
        self.address = address.rstrip("/")
        self.seed = seed
        self.now = now or clock.now
        self.keys = Keyring()
        self.visits: Counter[tuple[str, str]] = Counter()
        self._memory = threading.Lock()
        self._codes: dict[str, Grant] = {}
        self._tokens: dict[str, Grant] = {}

    def callback(self, provider: str) -> str:
        """Return the one redirect URI that the site has registered."""
        return f"{self.site_url}/signin/{provider}/callback"

    def client_secret(self, provider: str) -> str:
        """Return the site's client secret at this provider."""
        return demo.client_secret(provider, self.seed)

    def count_visit(self, provider: str, address: str) -> None:
        """Count one call, so that tests can tell how often the site asked."""
        with self._memory:
            self.visits[provider, address] += 1

    def code_for(self, grant: Grant) -> str:
        """Return a new code for what was allowed."""
        return self._keep(self._codes, grant)

    def redeem(self, provider: str, code: str) -> Grant | None:
        """Return what a code stands for, once; nothing when it is unknown, used or too old."""
        with self._memory:
            grant = self._codes.pop(code, None)
        life = TWITTER_CODE_LIFE if provider == "twitter" else CODE_LIFE
        return self._still_good(grant, provider, life)

    def token_for(self, grant: Grant) -> str:
        """Return a new access token for what was allowed."""
        return self._keep(self._tokens, grant)

    def holder(self, provider: str, token: str | None) -> Grant | None:
        """Return what an access token stands for; nothing when it is unknown or too old."""
        with self._memory:
            grant = self._tokens.get(token or "")
        return self._still_good(grant, provider, TOKEN_LIFE)

    def _keep(self, kept: dict[str, Grant], grant: Grant) -> str:
        # Google's codes hold a slash, and a client that forgets to decode it fails there
        name = f"4/0A{ids.token()}" if grant.person.provider == "google" else ids.token()
        with self._memory:
            kept[name] = grant
            while len(kept) > KEPT:
                del kept[next(iter(kept))]
        return name

    def _still_good(self, grant: Grant | None, provider: str, life: timedelta) -> Grant | None:
        if grant is None or grant.person.provider != provider:
            return None
        return grant if self.now() - grant.given_at < life else None


def standins() -> Standins:
    """Return the stand-ins of the app that answers now."""
    return cast(Standins, current_app.extensions["standins"])


def provider() -> str:
    """Return the provider that is being asked: its blueprint has its name."""
    return cast(str, request.blueprint)
