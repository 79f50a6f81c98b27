"""Facebook: OAuth 2.0, calls proved with the app's secret, and the requests that it sends us."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

from discuss.accounts.providers import profile
from discuss.accounts.providers.profile import Profile, Unusable
from discuss.accounts.providers.provider import PlainProvider

LONGEST_REQUEST = 4096  # characters; Facebook's have about 200


class Facebook(PlainProvider):
    """Facebook; its ids belong to this app, and its addresses carry no word on being verified."""

    key = "facebook"
    name = "Facebook"
    issuer = "https://www.facebook.com"
    scope = "public_profile email"
    leaves_fragment = True  # `#_=_`

    def profile(self, client: Any, token: Mapping[str, Any], claims: Mapping[str, Any]) -> Profile:
        """Read the profile; the proof lets nobody use a stolen token in this app's name."""
        proof = hmac.digest(self._secret, str(token["access_token"]).encode(), hashlib.sha256)
        answer = self.answer(client, token, fields="id,name,email", appsecret_proof=proof.hex())
        found = profile.mapping(answer)
        return Profile(
            provider=self.key,
            issuer=self.issuer,
            subject=profile.subject(found.get("id")),
            name=profile.text(found.get("name")),
            email=profile.email(found.get("email")),
        )

    def subject_of(self, signed_request: str) -> str:
        """Return whom a `signed_request` is about.

        :param signed_request: signature and payload in base64url, a full stop between them.
        :raises Unusable: Facebook did not sign it, or it is about nobody.
        """
        if not self._secret:  # anybody could sign with an empty one
            raise Unusable("no app secret")
        signature, _, payload = signed_request[:LONGEST_REQUEST].partition(".")
        wanted = hmac.digest(self._secret, payload.encode("utf-8", "replace"), hashlib.sha256)
        try:
            if not hmac.compare_digest(_decoded(signature), wanted):
                raise Unusable("wrong signature")
            found = profile.mapping(json.loads(_decoded(payload)))
        except (ValueError, RecursionError) as error:
            raise Unusable("not a signed request") from error
        if str(found.get("algorithm")).upper() != "HMAC-SHA256":
            raise Unusable("unknown algorithm")
        return profile.subject(found.get("user_id"))

    @property
    def _secret(self) -> bytes:
        return (self.client_secret or "").encode()


def _decoded(part: str) -> bytes:
    return base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
