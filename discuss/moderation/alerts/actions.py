"""What tells moderators that something waits: a feed behind a token, and links that decide once.

A feed's address and a link prove by themselves who asks, so neither needs a session. Both are worth
nothing once their moderator is none any more.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import current_app
from flask_babel import lazy_gettext as _
from itsdangerous import BadData, URLSafeTimedSerializer
from sqlalchemy import ForeignKey, String
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from discuss.accounts.models import Account
from discuss.base import clock, jobs
from discuss.base.db import UTC, Base, is_sqlite, session
from discuss.base.errors import Forbidden, Gone, NotFound
from discuss.base.ids import digest, token

VALID = timedelta(days=3)  # a weekend; who reads it later opens the queue
SALT = "decide-once"


class LinkUsed(Gone):
    """A link that decides was used, is too old, or never was one."""

    title = _("This link is used up")
    default_message = _("It decides once, within three days. The queue has everything that waits.")


class ModeratorFeed(Base):
    """The address of a moderator's feed; only its digest is kept."""

    __tablename__ = "moderator_feeds"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), unique=True)
    made_at: Mapped[datetime] = mapped_column(UTC, default=clock.now)


class UsedLink(Base):
    """A link that has decided; kept as long as it would have been valid."""

    __tablename__ = "used_links"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    used_at: Mapped[datetime] = mapped_column(UTC, default=clock.now, index=True)


@dataclass(frozen=True)
class Matter:
    """What a link decides: about a held comment, or about one in a thread; and for whom."""

    moderator_id: int
    held_id: int = 0
    letter_id: int = 0
    number: int = 0
    feed: str = ""
    """Which of the moderator's feeds it came by: it ends with that one."""
    once: str = ""
    """The name of the link, under which it is used up."""


def make_feed(moderator: Account) -> str:
    """Return the token of a new feed; the one before it is worth nothing from here on."""
    revoke_feed(moderator)
    made = token()
    session.add(ModeratorFeed(digest=digest(made), account_id=moderator.id))
    session.flush()
    return made


def revoke_feed(moderator: Account) -> None:
    """Take a moderator's feed away."""
    session.execute(sa.delete(ModeratorFeed).where(ModeratorFeed.account_id == moderator.id))


def feed_of(moderator: Account) -> ModeratorFeed | None:
    """Return when a moderator's feed was made, if there is one."""
    return session.scalar(sa.select(ModeratorFeed).where(ModeratorFeed.account_id == moderator.id))


def moderator_of(feed_token: str) -> Account:
    """Return whose feed a token is.

    :raises NotFound: it is nobody's, or whose it was moderates no more.
    """
    known = session.get(ModeratorFeed, digest(feed_token))
    account = session.get_one(Account, known.account_id) if known else None
    if account is None or not account.is_moderator:
        raise NotFound
    return account


def sign(matter: Matter) -> str:
    """Return the last part of the address of a link that decides about something, once."""
    feed = _name_of_feed(matter.moderator_id)
    told = [matter.moderator_id, matter.held_id, matter.letter_id, matter.number, feed, token()]
    return str(_serialiser().dumps(told))


def read(link: str) -> tuple[Matter, Account]:
    """Return what a link is about, and the moderator it was made for.

    :raises LinkUsed: it was used, is too old, or is none of ours.
    :raises Forbidden: its moderator is none any more.
    """
    try:
        told: Any = _serialiser().loads(link, max_age=int(VALID.total_seconds()))
        matter = Matter(*told)
    except (BadData, TypeError, ValueError):
        raise LinkUsed from None
    is_used = session.get(UsedLink, digest(matter.once)) is not None
    if is_used or matter.feed != _name_of_feed(matter.moderator_id):
        raise LinkUsed
    moderator = session.get(Account, matter.moderator_id)
    if moderator is None or not moderator.is_moderator:
        raise Forbidden
    return matter, moderator


def use_up(matter: Matter) -> None:
    """Let a link decide no more; of two presses at once, one goes on.

    It is known by what was signed, not by its letters: the last ones of a signature have bits to
    spare, so that several addresses say the same.

    :raises LinkUsed: it was used before.
    """
    insert: Any = (sqlite.insert if is_sqlite() else postgresql.insert)(UsedLink)
    row = insert.values(digest=digest(matter.once), used_at=clock.now())
    if session.scalar(row.on_conflict_do_nothing().returning(UsedLink.digest)) is None:
        raise LinkUsed


@jobs.periodic(every=timedelta(hours=6))
def forget_old() -> None:
    """Drop links that are too old to be used again anyway."""
    session.execute(sa.delete(UsedLink).where(UsedLink.used_at < clock.now() - VALID))


def forget(account: Account, *, keeps_words: bool) -> None:
    """Take the feed of somebody away who leaves."""
    revoke_feed(account)


def _name_of_feed(moderator_id: int) -> str:
    """Return what tells a moderator's feed from the one before it, and opens neither."""
    kept = sa.select(ModeratorFeed.digest).where(ModeratorFeed.account_id == moderator_id)
    return (session.scalar(kept) or "")[:16]


def _serialiser() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt=SALT)
