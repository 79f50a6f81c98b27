"""The configured providers, and the way to them; `roundtrip` goes it."""

import functools
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app

from discuss.accounts.demo import standin_settings
from discuss.accounts.providers import KINDS, Profile, Provider
from discuss.base import later
from discuss.base.config import Settings, settings
from discuss.base.errors import NotFound


@dataclass(frozen=True)
class Service:
    """A configured provider, its client, and the places to wait for it."""

    app: Flask
    provider: Provider

    @functools.cached_property
    def client(self) -> Any:
        """Authlib's client of this provider, one for all threads."""
        return _roundtrip().client_of(self.app, self.provider)

    @functools.cached_property
    def errands(self) -> Any:
        """The `transport.Errands` of this process at this provider."""
        return _roundtrip().Errands()


@dataclass(frozen=True)
class Arrival:
    """Somebody who came back from a provider."""

    profile: Profile
    next: str | None
    """The path to go back to."""
    linking: int | None
    """The account that asked to link this, where one did."""


def init_app(app: Flask, given: Settings) -> None:
    """Get to know the configured providers; none is asked anything before it is needed."""
    given = _with_standins(given)
    app.extensions["services"] = {
        key: Service(app, KINDS[key](given)) for key in given.configured_providers
    }


def services() -> dict[str, Service]:
    """Return the configured providers by their keys, in the order of their buttons."""
    found: dict[str, Service] = current_app.extensions["services"]
    return found


def service(key: str) -> Service:
    """Return a configured provider.

    :raises NotFound: there is no such one here.
    """
    if (found := services().get(key)) is None:
        raise NotFound
    return found


def name_of(key: str) -> str:
    """Return what readers call a provider, configured or not."""
    if (found := services().get(key)) is not None:
        return found.provider.name
    return str(getattr(KINDS.get(key), "name", key.capitalize()))


def depart(key: str, way_back: str | None, linking: int | None = None) -> str:
    """Begin a sign-in and return the provider's address that asks the person.

    :param key: the provider.
    :param way_back: the path to return to afterwards.
    :param linking: the account to which the answer is to be linked.
    :raises SignInFailed: the provider cannot be asked.
    """
    address: str = _roundtrip().depart(service(key), way_back, linking)
    return address


def arrive(key: str) -> Arrival:
    """Finish a sign-in that this browser began, from the answer in the request.

    :raises NotBegunHere: the state is missing, foreign, used or too old.
    :raises Declined: the person said no.
    :raises SignInFailed: the provider's answer is no good.
    """
    arrival: Arrival = _roundtrip().arrive(service(key))
    return arrival


def lasting_issuer(key: str) -> str:
    """Return the issuer that this site's identities of a provider have.

    In the demo it is none of the real ones, so that nobody from there is later taken for somebody.
    """
    return f"stand-in:{key}" if settings().demo else service(key).provider.issuer


def _with_standins(given: Settings) -> Settings:
    """Point the buttons at the stand-ins of this machine where the demo is on."""
    if not given.demo or given.configured_providers:
        return given
    address = f"http://127.0.0.1:{given.demo_port}"
    return given.model_copy(update=standin_settings(address, given.secret()))


def _roundtrip() -> Any:
    # Authlib, requests and cryptography: 10 MB, and a sixth of a start. Reading and posting need
    # none of them; the first sign-in through a provider in each worker waits 0.1 s for them.
    return later.load("discuss.accounts.roundtrip")
