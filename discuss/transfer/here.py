"""What of an archive is on this site already, and the few rows of it that an archive changes."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from discuss.accounts.models import Account, Identity, Leaving
from discuss.base.db import Base
from discuss.base.pagecache import Clock
from discuss.comments.models import Comment, HeldComment, State
from discuss.letters.models import Letter, Paragraph, Tag
from discuss.moderation.houserules.models import HouseRule
from discuss.moderation.models import Decision
from discuss.moderation.rules.models import Rule
from discuss.transfer import tables
from discuss.transfer.tables import Row


@dataclass
class Comments:
    """Comments of this site, as many as a batch of an archive's needs to know of."""

    at: dict[tuple[int, int], datetime] = field(default_factory=dict)
    deleted: set[tuple[int, int]] = field(default_factory=set)
    source_ids: set[tuple[int, str | None]] = field(default_factory=set)


def proof(identity: Row) -> tuple[str, str, str]:
    """Return what makes an identity one."""
    return identity["provider"], identity["issuer"], identity["subject"]


def accounts_by_identity(
    connection: sa.Connection, identities: Collection[Row]
) -> dict[tuple[str, str, str], int]:
    """Return the accounts that have some of these identities."""
    rows = connection.execute(
        sa.select(Identity.provider, Identity.issuer, Identity.subject, Identity.account_id).where(
            Identity.subject.in_({one["subject"] for one in identities})
        )
    )
    return {(row.provider, row.issuer, row.subject): row.account_id for row in rows}


def accounts_by_birth(connection: sa.Connection, accounts: Collection[Row]) -> dict[datetime, int]:
    """Return the accounts that were made at the same microseconds: the same, come by an archive."""
    rows = connection.execute(
        sa.select(Account.created_at, Account.id).where(
            Account.created_at.in_([one["created_at"] for one in accounts])
        )
    )
    return {row.created_at: row.id for row in rows}


def letters(connection: sa.Connection, slugs: Collection[str]) -> dict[str, Any]:
    """Return the letters at some addresses: `id`, `clock`, `has_thread`."""
    has_comment = sa.exists().where(Comment.letter_id == Letter.id, Comment.number > 0)
    has_held = sa.exists().where(HeldComment.letter_id == Letter.id)
    rows = connection.execute(
        sa.select(
            Letter.id, Letter.slug, Letter.clock, sa.or_(has_comment, has_held).label("has_thread")
        ).where(Letter.slug.in_(slugs))
    )
    return {row.slug: row for row in rows}


def replace_letter(connection: sa.Connection, row: Row) -> None:
    """Make a letter what an archive says of it; its paragraphs and tags go, for others come."""
    for part in (Paragraph, Tag):
        connection.execute(sa.delete(part).where(part.letter_id == row["id"]))
    tables.update(connection, Base.metadata.tables["letters"], row)


def replace_row_0(connection: sa.Connection, row: Row) -> None:
    """Count the replies of a letter that had none as an archive counts them."""
    tables.update(connection, Base.metadata.tables["comments"], row)


def raise_clock(connection: sa.Connection, letter_id: int, to: int) -> None:
    """Let a letter's clock pass that of an archive."""
    connection.execute(
        sa.update(Letter).where(Letter.id == letter_id, Letter.clock < to).values(clock=to)
    )


def comments(connection: sa.Connection, batch: list[Row]) -> Comments:
    """Return what stands at the numbers of a batch, and of what it answers."""
    found = Comments()
    for letter_id in {row["letter_id"] for row in batch}:
        own = [row for row in batch if row["letter_id"] == letter_id]
        numbers = {row["number"] for row in own} | {row["parent"] for row in own}
        source_ids = {row["source_id"] for row in own}
        rows = connection.execute(
            sa.select(Comment.number, Comment.posted_at, Comment.state, Comment.source_id).where(
                Comment.letter_id == letter_id,
                sa.or_(
                    Comment.number.in_(numbers - {None}), Comment.source_id.in_(source_ids - {None})
                ),
            )
        )
        for row in rows:
            found.at[letter_id, row.number] = row.posted_at
            if row.state is State.DELETED:
                found.deleted.add((letter_id, row.number))
            if row.source_id is not None:
                found.source_ids.add((letter_id, row.source_id))
    return found


def count_in(connection: sa.Connection, new: list[Row], floors: dict[int, int]) -> None:
    """Count comments that join a thread of this site: in its letter, and in what they answer."""
    visible: Counter[int] = Counter()
    replies: Counter[tuple[int, int]] = Counter()
    gone: Counter[tuple[int, int]] = Counter()
    for row in new:
        above = (row["letter_id"], row["parent"])
        visible[row["letter_id"]] += row["state"] == State.VISIBLE
        if row["parent"] <= floors[row["letter_id"]]:
            replies[above] += 1
            is_gone = row["state"] == State.DELETED and row["reply_count"] == row["gone_count"]
            gone[above] += is_gone
    for letter_id, count in visible.items():
        connection.execute(
            sa.update(Letter)
            .where(Letter.id == letter_id)
            .values(comment_count=Letter.comment_count + count)
        )
    for (letter_id, number), count in replies.items():
        connection.execute(
            sa.update(Comment)
            .where(Comment.letter_id == letter_id, Comment.number == number)
            .values(
                reply_count=Comment.reply_count + count,
                gone_count=Comment.gone_count + gone[letter_id, number],
            )
        )


def held(connection: sa.Connection, batch: list[Row]) -> dict[tuple[int, int, datetime], int]:
    """Return the held comments that were posted when those of a batch were."""
    rows = connection.execute(
        sa.select(
            HeldComment.letter_id, HeldComment.account_id, HeldComment.posted_at, HeldComment.id
        ).where(HeldComment.posted_at.in_([row["posted_at"] for row in batch]))
    )
    return {(row.letter_id, row.account_id, row.posted_at): row.id for row in rows}


def decisions(
    connection: sa.Connection, batch: list[Row]
) -> dict[tuple[datetime, int | None], int]:
    """Return the decisions that were made when those of a batch were."""
    rows = connection.execute(
        sa.select(Decision.at, Decision.actor_id, Decision.id).where(
            Decision.at.in_([row["at"] for row in batch])
        )
    )
    return {(row.at, row.actor_id): row.id for row in rows}


def rules_by_birth(connection: sa.Connection, batch: list[Row]) -> dict[datetime, int]:
    """Return the rules that were made at the same microseconds as those of a batch."""
    rows = connection.execute(
        sa.select(Rule.made_at, Rule.id).where(Rule.made_at.in_([row["made_at"] for row in batch]))
    )
    return {row.made_at: row.id for row in rows}


def has_house_rules(connection: sa.Connection) -> bool:
    """Whether the publisher has written the house rules."""
    return connection.scalar(sa.select(HouseRule.number).limit(1)) is not None


def done_leavings(connection: sa.Connection, batch: list[Row]) -> set[datetime | None]:
    """Return the moments of a batch at which somebody left for good here too."""
    moments = [row["done_at"] for row in batch if row["done_at"]]
    return set(connection.scalars(sa.select(Leaving.done_at).where(Leaving.done_at.in_(moments))))


def first_free_id(connection: sa.Connection, table: sa.Table) -> int:
    """Return the first id that was never given, 0 where none was."""
    highest = connection.scalar(sa.select(sa.func.max(table.columns.id))) or 0
    given = max(highest, tables.last_id(connection, table) or 0)
    return given + 1 if given else 0


def make_pages_stale(connection: sa.Connection) -> None:
    """Tick the clock that every page is kept under."""
    ticked = sa.update(Clock).where(Clock.name == "site").values(value=Clock.value + 1)
    if not connection.execute(ticked).rowcount:
        connection.execute(sa.insert(Clock).values(name="site", value=1))
