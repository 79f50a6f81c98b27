"""Authlib's client, made to trust a provider's documents no further than they need to be."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from authlib.integrations.flask_client import FlaskOAuth2App
from joserfc.jwk import KeySet

from discuss.accounts.providers.profile import Unusable, mapping
from discuss.accounts.transport import BoundedSession
from discuss.base.config import LOOPBACK

ALGORITHMS = ["RS256", "PS256", "ES256"]  # ours, whatever a token or a discovery document says
KEY_TYPES = ("RSA", "EC")  # what these algorithms need; one odd key must not spoil the set
ADDRESSES = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class Client(FlaskOAuth2App):  # type: ignore[misc]  # Authlib has no types
    """One provider's client; shared by threads, each document replaced whole."""

    client_cls = BoundedSession

    def __init__(self, *args: Any, issuer: str, **kwargs: Any) -> None:
        """Keep the issuer that the operator named.

        :param issuer: what discovery must name too (OpenID Connect Discovery 1.0, section 4.3).
        """
        super().__init__(*args, **kwargs)
        self.issuer = issuer
        self.server_metadata: dict[str, Any] = {}

    def load_server_metadata(self) -> dict[str, Any]:
        """Return the checked discovery document, read when it is first wanted.

        :raises Unusable: it is rubbish, or another issuer's; nothing of it is kept.
        :raises requests.RequestException: there is none.
        """
        if self._server_metadata_url and not self.server_metadata:
            self.server_metadata = self._checked(mapping(self._fetch(self._server_metadata_url)))
        return dict(self.server_metadata)

    def fetch_jwk_set(self, force: bool = False) -> dict[str, Any]:
        """Return the issuer's keys, asking again only when a token names one that we lack.

        :param force: ask even if there are some.
        :raises Unusable: what is published there is no set of keys; the old ones are kept.
        """
        metadata = self.load_server_metadata()
        if "jwks" in metadata and not force:
            return dict(metadata["jwks"])
        published = mapping(self._fetch(metadata["jwks_uri"])).get("keys")
        if not isinstance(published, list):
            raise Unusable("no set of keys")
        keys = [key for key in published if _is_for_signing(key)]
        KeySet.import_key_set({"keys": keys})  # raises here rather than at every sign-in after
        self.server_metadata = self.server_metadata | {"jwks": {"keys": keys}}
        return {"keys": keys}

    def _fetch(self, address: str) -> Any:
        with self._get_session() as session:
            response = session.request("GET", address, withhold_token=True)
            response.raise_for_status()
            return response.json()

    def _checked(self, found: Mapping[str, Any]) -> dict[str, Any]:
        # Authlib hands the document on as arguments of its session, so only known names pass.
        if found.get("issuer") not in {self.issuer, f"{self.issuer}/", self.issuer.rstrip("/")}:
            raise Unusable("discovery names another issuer")
        kept: dict[str, Any] = {name: _address(found.get(name)) for name in ADDRESSES}
        if found.get("userinfo_endpoint"):
            kept["userinfo_endpoint"] = _address(found["userinfo_endpoint"])
        kept["issuer"] = found["issuer"]
        kept["says_iss"] = found.get("authorization_response_iss_parameter_supported") is True
        kept["id_token_signing_alg_values_supported"] = ALGORITHMS
        ways = found.get("token_endpoint_auth_methods_supported")
        if self.client_secret and isinstance(ways, list) and "client_secret_basic" not in ways:
            kept["token_endpoint_auth_method"] = "client_secret_post"  # noqa: S105 - a way, no secret
        return kept


def _address(found: object) -> str:
    parts = urlsplit(found) if isinstance(found, str) else None
    if parts is None or not parts.hostname:
        raise Unusable("no address")
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise Unusable("an address that is not https")
    return str(found)


def _is_for_signing(key: object) -> bool:
    return isinstance(key, dict) and key.get("kty") in KEY_TYPES and key.get("use") != "enc"
