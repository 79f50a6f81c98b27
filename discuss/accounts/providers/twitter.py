"""X (Twitter): OAuth 2.0 with PKCE and Basic authentication, a profile wrapped in `data`.

Reading a profile costs the site's owner money, so it happens once a sign-in.
"""

from collections.abc import Mapping
from typing import Any

from discuss.accounts.providers import profile
from discuss.accounts.providers.profile import Profile
from discuss.accounts.providers.provider import PlainProvider


class Twitter(PlainProvider):
    """X, which was Twitter."""

    key = "twitter"
    name = "X (Twitter)"
    issuer = "https://x.com"
    scope = "users.read tweet.read users.email"
    authentication = "client_secret_basic"

    def profile(self, client: Any, token: Mapping[str, Any], claims: Mapping[str, Any]) -> Profile:
        """Read the profile; X gives a confirmed address or none, but no claim that we may keep."""
        answer = self.answer(client, token, **{"user.fields": "confirmed_email"})
        found = profile.mapping(profile.mapping(answer).get("data"))
        return Profile(
            provider=self.key,
            issuer=self.issuer,
            subject=profile.subject(found.get("id")),
            name=profile.text(found.get("name")) or profile.text(found.get("username")),
            email=profile.email(found.get("confirmed_email")),
        )
