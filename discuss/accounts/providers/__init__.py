"""The services that say who somebody is: a file each, and the list of them."""

from discuss.accounts.providers.facebook import Facebook
from discuss.accounts.providers.google import Google
from discuss.accounts.providers.oidc import OpenID
from discuss.accounts.providers.profile import Profile
from discuss.accounts.providers.provider import Provider
from discuss.accounts.providers.twitter import Twitter
from discuss.accounts.providers.wordpress import WordPress

KINDS: dict[str, type[Provider]] = {
    kind.key: kind for kind in (Google, Twitter, Facebook, WordPress, OpenID)
}

__all__ = ["KINDS", "Profile", "Provider"]
