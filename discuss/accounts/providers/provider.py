"""What the round trip needs to know of a provider; each has a file of its own."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from discuss.accounts.providers.profile import Profile
from discuss.base.config import Settings

if TYPE_CHECKING:
    import requests

PKCE = "S256"  # everywhere: who does not know it must ignore it (RFC 6749, section 3.1)


class Exhausted(Exception):
    """The provider lets this site ask no more for the moment."""


class Provider(ABC):
    """One service that says who somebody is: addresses, scopes, profile to identity."""

    key: ClassVar[str]
    """Its name in addresses, in settings and in the database."""

    name: str
    """What readers call it."""

    issuer: str
    """The first part of every identity it gives; what `iss` in an answer must be (RFC 9207)."""

    leaves_fragment: ClassVar[bool] = False
    """Whether its answer's address ends in a fragment of its own, which browsers carry along."""

    def __init__(self, settings: Settings) -> None:
        """Take what this provider needs of the settings, and make the arguments of its client."""
        self.client_id: str = self.setting(settings, "client_id")
        self.client_secret: str | None = self.setting(settings, "client_secret") or None

    def setting(self, settings: Settings, name: str) -> str:
        """Return one of this provider's settings, "" when it is unset."""
        return getattr(settings, f"{self.key}_{name}") or ""

    @abstractmethod
    def registration(self) -> dict[str, Any]:
        """Return what Authlib is to know beside the client's id and secret."""

    @abstractmethod
    def profile(self, client: Any, token: Mapping[str, Any], claims: Mapping[str, Any]) -> Profile:
        """Return who it is. Runs outside Flask's contexts.

        :param client: Authlib's, for calls with the access token.
        :param token: the token endpoint's answer; kept nowhere.
        :param claims: those of the checked ID token, empty where there is none.
        :raises Unusable: the answer is rubbish.
        :raises Exhausted: this site may ask no more.
        :raises requests.RequestException: there is no answer.
        """


class PlainProvider(Provider):
    """OAuth 2.0 without OpenID Connect: three addresses, and a profile read with the token."""

    scope: ClassVar[str]
    authentication: ClassVar[str] = "client_secret_post"

    def __init__(self, settings: Settings) -> None:
        """Take the addresses too: each is a setting, so that one that moves needs no release."""
        super().__init__(settings)
        self.authorize_url = self.setting(settings, "authorize_url")
        self.token_url = self.setting(settings, "token_url")
        self.profile_url = self.setting(settings, "profile_url")

    def registration(self) -> dict[str, Any]:
        """Return the addresses and how the client proves itself."""
        return {
            "authorize_url": self.authorize_url,
            "access_token_url": self.token_url,
            "client_kwargs": {
                "scope": self.scope,
                "code_challenge_method": PKCE,
                "token_endpoint_auth_method": self.authentication,
            },
        }

    def answer(self, client: Any, token: Mapping[str, Any], **query: str) -> Any:
        """Return the profile's JSON; the token travels in a header, where no log keeps it.

        :raises Exhausted: this site may ask no more.
        :raises requests.RequestException: there is no answer, or an error for one.
        """
        response: requests.Response = client.get(self.profile_url, token=dict(token), params=query)
        if response.status_code in {402, 429}:  # no credit left; too many calls
            raise Exhausted
        response.raise_for_status()
        return response.json()
