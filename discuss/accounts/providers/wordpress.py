"""WordPress.com: OAuth 2.0, an integer for an id."""

from collections.abc import Mapping
from typing import Any

from discuss.accounts.providers import profile
from discuss.accounts.providers.profile import Profile, Unusable
from discuss.accounts.providers.provider import PlainProvider


class WordPress(PlainProvider):
    """WordPress.com, where the first letter was published."""

    key = "wordpress"
    name = "WordPress.com"
    issuer = "https://wordpress.com"
    scope = "auth"

    def profile(self, client: Any, token: Mapping[str, Any], claims: Mapping[str, Any]) -> Profile:
        """Read the profile."""
        found = profile.mapping(self.answer(client, token))
        number = found.get("ID")
        if not isinstance(number, int) or isinstance(number, bool) or number <= 0:
            raise Unusable("no usable ID")
        return Profile(
            provider=self.key,
            issuer=self.issuer,
            subject=profile.subject(str(number)),
            name=profile.text(found.get("display_name")) or profile.text(found.get("username")),
            email=profile.email(found.get("email")),
            email_verified=found.get("email_verified") is True,
        )
