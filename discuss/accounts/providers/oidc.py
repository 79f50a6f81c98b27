"""Any OpenID Connect issuer: everything is found by discovery, and the ID token says who it is."""

from collections.abc import Mapping
from typing import Any

from discuss.accounts.providers import profile
from discuss.accounts.providers.profile import Profile, Unusable
from discuss.accounts.providers.provider import PKCE, Provider
from discuss.base.config import Settings

SCOPE = "openid email profile"


class OpenID(Provider):
    """The issuer that the operator named, under the name that the operator gave it."""

    key = "oidc"
    name = "OpenID Connect"

    def __init__(self, settings: Settings) -> None:
        """Take the issuer and its name."""
        super().__init__(settings)
        self.issuer = self.setting(settings, "issuer")
        self.name = settings.oidc_name

    def registration(self) -> dict[str, Any]:
        """Return where discovery begins (OpenID Connect Discovery 1.0, section 4)."""
        return {
            "server_metadata_url": f"{self.issuer.rstrip('/')}/.well-known/openid-configuration",
            "client_kwargs": {"scope": SCOPE, "code_challenge_method": PKCE},
        }

    def profile(self, client: Any, token: Mapping[str, Any], claims: Mapping[str, Any]) -> Profile:
        """Read the claims; where they lack a name, ask the userinfo endpoint for it."""
        subject = profile.subject(claims.get("sub"))
        if not any(claims.get(field) for field in NAMES):
            claims = {**self._userinfo(client, token, subject), **claims}
        return Profile(
            provider=self.key,
            issuer=profile.text(claims.get("iss")),
            subject=subject,
            name=next(filter(None, (profile.text(claims.get(field)) for field in NAMES)), ""),
            email=profile.email(claims.get("email")),
            email_verified=claims.get("email_verified") is True,
        )

    def _userinfo(self, client: Any, token: Mapping[str, Any], subject: str) -> Mapping[str, Any]:
        if not (address := client.load_server_metadata().get("userinfo_endpoint")):
            return {}
        response = client.get(address, token=dict(token))
        response.raise_for_status()
        found = profile.mapping(response.json())
        if found.get("sub") != subject:  # OpenID Connect Core, section 5.3.2
            raise Unusable("userinfo is about somebody else")
        return found


NAMES = ("name", "preferred_username", "nickname")
