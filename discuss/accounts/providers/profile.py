"""Who somebody is, as a provider tells it: the few fields we keep, taken out of hostile JSON."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

LONGEST_EMAIL = 254  # characters, RFC 5321 as corrected by erratum 1690

_SUBJECT = re.compile(r"[\x20-\x7e]{1,255}")  # OpenID Connect Core, section 2
_EMAIL = re.compile(r"[^\s@\x00-\x1f\x7f]+@[A-Za-z0-9.-]+")


class Unusable(Exception):
    """A provider's answer lacks what it must have, or has it in a shape that it cannot have."""


@dataclass(frozen=True)
class Profile:
    """One provider's word on who somebody is."""

    provider: str
    issuer: str
    subject: str
    name: str
    email: str | None = None
    email_verified: bool = False


def mapping(found: object) -> Mapping[str, Any]:
    """Return a JSON object.

    :raises Unusable: it is something else.
    """
    if not isinstance(found, dict):
        raise Unusable("not a JSON object")
    return found


def subject(found: object) -> str:
    """Return a provider's lasting name for somebody.

    :raises Unusable: it is no text, is empty, or holds what no such name holds.
    """
    if not isinstance(found, str) or not _SUBJECT.fullmatch(found):
        raise Unusable("no usable subject")
    return found


def text(found: object) -> str:
    """Return a text as it came, "" where there is none; `names.cleaned` makes a name of it."""
    return found if isinstance(found, str) else ""


def email(found: object) -> str | None:
    """Return an e-mail address, nothing where it cannot be one."""
    if not isinstance(found, str) or len(found) > LONGEST_EMAIL:
        return None
    return found if _EMAIL.fullmatch(found) and found.isprintable() else None
