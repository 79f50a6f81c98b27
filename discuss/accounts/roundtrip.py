"""The round trip to a provider and back. Authlib makes and checks state, nonce, PKCE and tokens.

Every way in which a provider or a stranger can spoil it ends in one family: `SignInFailed`.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, TypeVar

import flask
import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import OAuth
from flask import Flask, request
from joserfc.errors import JoseError

from discuss.accounts.client import Client
from discuss.accounts.errors import (
    Declined,
    NotBegunHere,
    ProviderBusy,
    ProviderConfused,
    ProviderExhausted,
    ProviderSilent,
)
from discuss.accounts.oauth import Arrival, Service, lasting_issuer
from discuss.accounts.pending import Pending
from discuss.accounts.providers import Profile, Provider
from discuss.accounts.providers.profile import Unusable
from discuss.accounts.providers.provider import Exhausted
from discuss.accounts.transport import Errands, TooMany, TooSlow
from discuss.base.config import settings

__all__ = ["Errands", "arrive", "client_of", "depart", "one_family"]

LEEWAY = 60  # seconds between a provider's clock and ours
LONGEST_CODE = 2048  # characters; Google's have about 100

log = logging.getLogger("discuss")

T = TypeVar("T")


class Registry(OAuth):  # type: ignore[misc]  # Authlib has no types
    """Authlib's registry, with our store of states."""

    framework_integration_cls = Pending


def client_of(app: Flask, provider: Provider) -> Client:
    """Make the client of a provider; nothing is asked before it is needed."""
    made: Client = Registry(app).register(
        provider.key,
        client_cls=Client,
        client_id=provider.client_id,
        client_secret=provider.client_secret,
        issuer=provider.issuer,
        **provider.registration(),
    )
    return made


def depart(going: Service, way_back: str | None, linking: int | None) -> str:
    """Begin a sign-in and return the provider's address that asks the person.

    :param going: the provider.
    :param way_back: the path to return to afterwards.
    :param linking: the account to which the answer is to be linked.
    :raises SignInFailed: the provider cannot be asked.
    """
    home = _callback(going)
    ready = _asked(going, lambda: going.client.create_authorization_url(home))
    address = str(ready.pop("url"))  # not kept: it would fill the cookie
    going.client.save_authorize_data(**ready, next=way_back, linking=linking)
    return address


def arrive(back: Service) -> Arrival:
    """Finish a sign-in that this browser began, from the answer in the request.

    :param back: the provider.
    :raises NotBegunHere: the state is missing, foreign, used or too old.
    :raises Declined: the person said no.
    :raises SignInFailed: the provider's answer is no good.
    """
    name = back.provider.name
    state = request.args.get("state")
    data = back.client.framework.get_state_data(flask.session, state)
    if data is None:
        raise NotBegunHere(name)
    back.client.framework.clear_state_data(flask.session, state)
    iss, code = request.args.get("iss"), request.args.get("code", "")
    if error := request.args.get("error"):
        if error == "access_denied":
            raise Declined(name)
        log.warning("sign-in through %s: it answers %.40r", back.provider.key, error)
        raise ProviderConfused(name)
    if not 0 < len(code) <= LONGEST_CODE:
        raise ProviderConfused(name)
    home = _callback(back)
    profile = _asked(back, lambda: _profile(back, data, home, code, iss))
    if settings().demo:
        profile = replace(profile, issuer=lasting_issuer(back.provider.key))
    return Arrival(profile, data.get("next"), data.get("linking"))


def _callback(there: Service) -> str:
    return (
        f"{settings().site_url}/signin/{there.provider.key}/callback"  # never from the Host header
    )


def _profile(back: Service, data: dict[str, Any], home: str, code: str, iss: str | None) -> Profile:
    _refuse_other_issuer(back, iss)
    token = back.client.fetch_access_token(
        redirect_uri=home, code=code, code_verifier=data["code_verifier"]
    )
    if not isinstance(token.get("access_token"), str):
        raise Unusable("no access token")
    claims = {}
    if "nonce" in data:
        if not isinstance(token.get("id_token"), str):
            raise Unusable("no ID token")
        claims = back.client.parse_id_token(
            token, nonce=data["nonce"], claims_options=_wanted(back), leeway=LEEWAY
        )
    return back.provider.profile(back.client, token, claims)


def _refuse_other_issuer(back: Service, iss: str | None) -> None:
    """Refuse an answer that another issuer gave: a mix-up (RFC 9207, section 2.4)."""
    metadata = back.client.load_server_metadata()
    if iss is None and metadata.get("says_iss"):
        raise Unusable("the answer does not name its issuer")
    if iss is not None and iss != metadata.get("issuer", back.provider.issuer):
        raise Unusable("another issuer answered")


def _wanted(back: Service) -> dict[str, Any]:
    issuer = back.client.load_server_metadata()["issuer"]
    return {
        "iss": {"essential": True, "value": issuer},
        # Authlib by itself takes a token for somebody else where `azp` is ours.
        "aud": {"essential": True, "value": back.provider.client_id},
    }


def _asked(asked: Service, question: Callable[[], T]) -> T:
    with one_family(asked.provider):
        return asked.errands.run(question)


@contextmanager
def one_family(provider: Provider) -> Iterator[None]:
    """Turn all that can go wrong with a provider's answer into what a reader is told.

    :param provider: whose answer is read inside.
    :raises SignInFailed: something went wrong with it.
    """
    try:
        yield
    except TooMany as error:
        raise ProviderBusy(provider.name) from error
    except Exhausted as error:
        log.warning("sign-in through %s: no credit, or too many calls", provider.key)
        raise ProviderExhausted(provider.name) from error
    except (TooSlow, requests.ConnectionError, requests.Timeout) as error:
        log.warning("sign-in through %s: no answer (%s)", provider.key, type(error).__name__)
        raise ProviderSilent(provider.name) from error
    except (
        Unusable,  # ours
        AuthlibBaseError,  # OAuthError and its kin
        JoseError,  # a token that is not what it should be
        requests.RequestException,  # an error status; no JSON
        ValueError,  # numbers, dates and keys that are none
        KeyError,
        TypeError,
        OverflowError,  # JSON's Infinity
        RecursionError,  # JSON a thousand levels deep
    ) as error:
        # The kind alone: messages can hold codes, tokens and addresses.
        log.warning("sign-in through %s: bad answer (%s)", provider.key, type(error).__name__)
        raise ProviderConfused(provider.name) from error
