"""What the site and its stand-ins must agree on: client ids, client secrets and addresses."""

import hashlib
import hmac

TITLES = {
    "google": "Google",
    "twitter": "X (Twitter)",
    "facebook": "Facebook",
    "wordpress": "WordPress.com",
    "oidc": "OpenID Connect",
}
FACEBOOK_VERSION = "v26.0"


def client_id(provider: str) -> str:
    """Return the client ID under which the site is known to a stand-in."""
    return f"standin-{provider}"


def client_secret(provider: str, seed: str) -> str:
    """Return the client secret of a stand-in.

    It hangs on the site's own secret: Facebook's signs deletion requests, and with a secret that
    everybody knows any page could have a browser on this machine send one.
    """
    return hmac.new(seed.encode(), f"stand-in {provider}".encode(), hashlib.sha256).hexdigest()


def standin_settings(address: str, seed: str = "", *, oidc: bool = False) -> dict[str, str]:
    """Return the settings that point the site at its stand-ins.

    :param address: where they serve, `http://127.0.0.1:PORT`.
    :param seed: the text given to `create_standins` too: the site's secret key.
    :param oidc: whether the plain OpenID Connect issuer has a button as well.
    :returns: values by the names that `Settings` has for them.
    """
    facebook = f"{address}/facebook/{FACEBOOK_VERSION}"
    found = {
        "google_issuer": f"{address}/google",
        "twitter_authorize_url": f"{address}/twitter/i/oauth2/authorize",
        "twitter_token_url": f"{address}/twitter/2/oauth2/token",
        "twitter_profile_url": f"{address}/twitter/2/users/me",
        "facebook_authorize_url": f"{facebook}/dialog/oauth",
        "facebook_token_url": f"{facebook}/oauth/access_token",
        "facebook_profile_url": f"{facebook}/me",
        "wordpress_authorize_url": f"{address}/wordpress/oauth2/authorize",
        "wordpress_token_url": f"{address}/wordpress/oauth2/token",
        "wordpress_profile_url": f"{address}/wordpress/rest/v1.1/me",
    }
    if oidc:
        found |= {"oidc_name": TITLES["oidc"], "oidc_issuer": f"{address}/oidc"}
    for provider in TITLES:
        if provider != "oidc" or oidc:
            found[f"{provider}_client_id"] = client_id(provider)
            found[f"{provider}_client_secret"] = client_secret(provider, seed)
    return found
