"""How many people sign in, through what, and how it ends."""

from flask import Flask

from discuss.accounts.errors import Declined
from discuss.base import metrics
from discuss.base.config import PROVIDERS
from discuss.base.errors import Refusal

SIGN_INS = "discuss_sign_ins_total"
LINK = "link"  # a one-time link, beside the providers


def init_app(app: Flask) -> None:
    """Make a place for the figures."""
    metrics.of(app).counter(
        SIGN_INS,
        "Sign-ins by how they ended; `declined` by the person, `failed` for any other reason.",
        provider=(*PROVIDERS, LINK),
        outcome=("signed_in", "linked", "declined", "failed"),
    )


def signed_in(provider: str) -> None:
    """Count somebody who got in, or came back to an account."""
    metrics.count_committed(SIGN_INS, provider, "signed_in")


def linked(provider: str) -> None:
    """Count a provider that was bound to an account."""
    metrics.count_committed(SIGN_INS, provider, "linked")


def refused(provider: str, refusal: Refusal) -> None:
    """Count somebody who did not get in."""
    if provider in PROVIDERS:
        outcome = "declined" if isinstance(refusal, Declined) else "failed"
        metrics.count(SIGN_INS, provider, outcome)
