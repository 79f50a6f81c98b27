"""Who is looking at what: it keeps two moderators from reading the same, and stops nobody."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from discuss.accounts.models import Account
from discuss.base import clock
from discuss.base.db import is_sqlite, session
from discuss.moderation.models import Claim

LASTS = timedelta(minutes=3)  # a long comment and a look at its thread; who is away claims nothing


def claim(item: str, moderator: Account) -> None:
    """Say that a moderator is looking at an item, and at none of those before.

    :param item: its name.
    """
    insert = sqlite.insert if is_sqlite() else postgresql.insert
    said = {"item": item, "until": clock.now() + LASTS}
    statement: Any = insert(Claim).values(account_id=moderator.id, **said)
    session.execute(statement.on_conflict_do_update(index_elements=["account_id"], set_=said))


def forget_old() -> None:
    """Forget who looked at what, once it is over."""
    session.execute(sa.delete(Claim).where(Claim.until < clock.now()))


def of_others(items: Iterable[str], viewer: Account) -> dict[str, list[str]]:
    """Return by item the names of the moderators who are looking at it.

    :param items: their names.
    :param viewer: who asks; whose own claim is left out.
    """
    found: dict[str, list[str]] = {}
    for item, name in session.execute(
        sa.select(Claim.item, Account.name)
        .join(Account, Account.id == Claim.account_id)
        .where(
            Claim.item.in_(list(items)),
            Claim.until > clock.now(),
            Claim.account_id != viewer.id,
        )
        .order_by(Account.name, Account.id)
    ):
        found.setdefault(item, []).append(name)
    return found
