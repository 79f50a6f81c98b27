"""The people that stand-ins know: everything about one follows from the provider and the name."""

import hashlib
import re
import unicodedata
from dataclasses import dataclass

LOWEST_NUMBER = 10**14  # 15 digits, as Facebook has; as an integer still exact in JSON


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who pressed Allow: the same name at the same provider is the same person."""

    provider: str
    name: str

    @property
    def number(self) -> int:
        """A stable number of 15 digits."""
        drawn = int(_digest(f"{self.provider}\0{_folded(self.name)}"), 16)
        return LOWEST_NUMBER + drawn % (9 * LOWEST_NUMBER)

    @property
    def subject(self) -> str:
        """The provider's name for this person."""
        return str(self.number)

    @property
    def email(self) -> str:
        """An address by the name alone, so that two providers give the same one."""
        return f"{self._slug('.')}@example.com"

    @property
    def username(self) -> str:
        """A user name of at most 15 letters, digits and low lines, as X wants it."""
        return self._slug("_")[:15]

    def _slug(self, joint: str) -> str:
        plain = unicodedata.normalize("NFKD", self.name).encode("ascii", "ignore").decode().lower()
        words = re.findall(r"[a-z0-9]+", plain)
        return joint.join(words)[:60].strip(joint) or f"person{_digest(_folded(self.name))[:8]}"


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", " ".join(name.split()))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
