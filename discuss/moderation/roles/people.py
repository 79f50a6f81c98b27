"""Looking accounts up: for the administrator's list, by a part of their name or by their role."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from discuss.accounts.models import Account, Role
from discuss.base.db import session
from discuss.letters.models import Letter
from discuss.moderation.scope import ModeratedLetter

PAGE_SIZE = 50  # accounts; a screen or two


@dataclass(frozen=True)
class PageOfPeople:
    """Some accounts, the newest first, and where the older ones begin."""

    accounts: list[Account]
    next: int | None


def found(words: str = "", role: Role | None = None, before: int | None = None) -> PageOfPeople:
    """Return accounts, the newest first; those that were deleted are left out.

    :param words: a part of the name; `%` and `_` are plain signs in it.
    :param role: only those who have it.
    :param before: the id of the last one on the page before.
    """
    wanted = sa.select(Account).where(Account.name != "").order_by(Account.id.desc())
    if words:
        wanted = wanted.where(Account.name.icontains(words, autoescape=True))
    if role is not None:
        wanted = wanted.where(Account.role == role)
    if before is not None:
        wanted = wanted.where(Account.id < before)
    rows = list(session.scalars(wanted.limit(PAGE_SIZE + 1)))
    shown = rows[:PAGE_SIZE]
    return PageOfPeople(shown, shown[-1].id if len(rows) > PAGE_SIZE else None)


def letters_by_moderator(accounts: list[Account]) -> dict[int, list[Any]]:
    """Return, by account, slug and headline of the letters that these moderators are bound to."""
    bound = {account.id: list[Any]() for account in accounts if account.letters_only}
    rows = session.execute(
        sa.select(ModeratedLetter.account_id, Letter.slug, Letter.headline)
        .join(Letter, Letter.id == ModeratedLetter.letter_id)
        .where(ModeratedLetter.account_id.in_(bound))
        .order_by(Letter.headline)
    )
    for row in rows:
        bound[row.account_id].append(row)
    return bound


def all_letters() -> list[Any]:
    """Return id, slug and headline of every letter that was ever published, newest first."""
    wanted = sa.select(Letter.id, Letter.slug, Letter.headline).where(
        Letter.published_at.is_not(None)
    )
    return list(session.execute(wanted.order_by(Letter.id.desc())))
