"""Turns an honest profile into the one that the switches ask for."""

from typing import Any

from discuss.accounts.standins.misbehaviour import Misbehaviour
from discuss.accounts.standins.state import Standins

HUGE = 1_000_000  # letters
# Markup, a line turned around and left so, a NUL: what a name must never do to the page around it
HOSTILE = '"><img src=x onerror=alert(1)><script>alert(1)</script>\u202eadA\u2066\x00'


def told(
    here: Standins,
    provider: str,
    profile: dict[str, Any],
    *,
    key: str,
    name: str = "name",
    email: str = "email",
    verified: str = "email_verified",
) -> dict[str, Any]:
    """Return a profile as the switches have it.

    :param profile: the honest one, in the provider's own field names.
    :param key: the field of the stable key; the others name theirs alike.
    """
    wrong: dict[Misbehaviour, dict[str, Any]] = {
        Misbehaviour.MISSING_SUBJECT: {key: None},
        Misbehaviour.UNVERIFIED_EMAIL: {verified: False} if verified in profile else {},
        Misbehaviour.NO_EMAIL: {email: None, verified: None},
        Misbehaviour.EMPTY_NAME: {name: ""},
        Misbehaviour.MISSING_NAME: {name: None},
        Misbehaviour.HUGE_NAME: {name: "n" * HUGE},
        Misbehaviour.HOSTILE_NAME: {name: HOSTILE},
        Misbehaviour.WRONG_TYPES: {
            key: [["1"]],
            name: {"first": "Ada"},
            email: 17,
            verified: "perhaps",
        },
    }
    changed = dict(profile)
    for misbehaviour, fields in wrong.items():
        if here.does(provider, misbehaviour):
            changed |= fields
    changed |= here.told(provider)
    return {field: value for field, value in changed.items() if value is not None}
