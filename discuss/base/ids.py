"""Random names that cannot be guessed, and the digests under which they are stored."""

import hashlib
import secrets

TOKEN_BYTES = 16  # 128 bits: not to be guessed, 22 characters in an address


def token() -> str:
    """Return a random name of 128 bits, safe in an address and a cookie."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def digest(text: str) -> str:
    """Return the SHA-256 of a text in hexadecimal.

    Tokens are random, so a fast hash without salt is enough to keep a stolen database useless.
    """
    return hashlib.sha256(text.encode()).hexdigest()
