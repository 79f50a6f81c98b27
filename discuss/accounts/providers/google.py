"""Google, successor of Google+: OpenID Connect; the ID token has everything."""

from discuss.accounts.providers.oidc import OpenID
from discuss.base.config import Settings


class Google(OpenID):
    """Google, or the issuer that the operator put in its place."""

    key = "google"
    name = "Google"

    def __init__(self, settings: Settings) -> None:
        """Take the issuer, under Google's own name."""
        super().__init__(settings)
        self.name = Google.name
