"""Everything we hold about somebody, as one file; each package adds what is its own."""

from collections.abc import Callable
from typing import Any

from flask import Flask, current_app

from discuss.accounts import oauth, queries
from discuss.accounts.models import Account

Part = Callable[[Account], Any]


def init_app(app: Flask) -> None:
    """Begin with what accounts hold."""
    app.extensions["takeaway"] = {"account": _account, "sign_ins": _sign_ins}


def register(app: Flask, name: str, part: Part) -> None:
    """Add a part to everybody's file.

    :param name: the member of the file's JSON object that it becomes.
    :param part: returns what JSON can carry of what is held about an account.
    """
    app.extensions["takeaway"][name] = part


def everything(account: Account) -> dict[str, Any]:
    """Return all that is held about somebody."""
    parts: dict[str, Part] = current_app.extensions["takeaway"]
    return {name: part(account) for name, part in parts.items()}


def _account(account: Account) -> dict[str, Any]:
    return {
        "name": account.name,
        "role": account.role,
        "created_at": account.created_at.isoformat(),
        "identities": [
            {
                "provider": oauth.name_of(identity.provider),
                "issuer": identity.issuer,
                "subject": identity.subject,
                "name": identity.label,
                "email": identity.email,
                "email_verified": identity.email_verified,
                "linked_at": identity.linked_at.isoformat(),
                "used_at": identity.used_at.isoformat(),
            }
            for identity in queries.identities(account)
        ],
    }


def _sign_ins(account: Account) -> list[dict[str, Any]]:
    return [
        {
            "device": row.device,
            "began_at": row.began_at.isoformat(),
            "seen_at": row.seen_at.isoformat(),
        }
        for row in queries.sign_ins(account)
    ]
