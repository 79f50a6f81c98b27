"""Reading the public record: its lines in pages, without words, notes or names."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from discuss.base import pagecache
from discuss.base.db import session
from discuss.letters.models import Letter, State
from discuss.moderation import chain
from discuss.moderation.chain import LINES, ChainHead
from discuss.moderation.models import Act, Decision

PAGE_SIZE = 100  # lines of a page; they are short
LINES_OF_FILE = 1_000  # some 450 KB, a tenth of it packed

KINDS: dict[str, tuple[Act, ...]] = {
    "removals": (Act.REMOVED, Act.REFUSED, Act.RESTORED),
    "appeals": (Act.APPEAL_UPHELD, Act.APPEAL_REJECTED, Act.APPEAL_REOPENED),
    "notices": (Act.NOTICE_UPHELD, Act.NOTICE_REJECTED, Act.NOTICE_REOPENED),
    "bans": (Act.BANNED, Act.UNBANNED),
}
"""What the record can be narrowed to."""

_LATER = orm.aliased(Decision, name="later")
_ANSWER = orm.aliased(Decision, name="answer")
_LAST_LINE = sa.select(ChainHead.line).where(ChainHead.name == chain.DECISIONS).scalar_subquery()
_CLOCKS = pagecache.Source(
    sa.select(
        pagecache.value_of("site"),
        pagecache.value_of("letters"),
        pagecache.value_of("record"),
        sa.func.coalesce(_LAST_LINE, 0),
        sa.null(),
    )
)


@dataclass(frozen=True)
class PageOfRecord:
    """Some lines of the record, newest first, and where the older ones begin."""

    lines: list[Any]
    next: int | None


def stamp() -> pagecache.Stamp:
    """Return the clocks of every page of the record."""
    return pagecache.read(_CLOCKS)


def page(kind: str | None = None, before: int | None = None) -> PageOfRecord:
    """Return a page of the record, newest first.

    :param kind: only acts of this kind.
    :param before: the last line of the page before.
    """
    wanted = _lines()
    if kind is not None:
        wanted = wanted.where(Decision.line.in_(_newest(KINDS[kind], before)))
    elif before is not None:
        wanted = wanted.where(Decision.line < before)
    found = session.execute(wanted.limit(PAGE_SIZE + 1)).all()
    shown = list(found[:PAGE_SIZE])
    return PageOfRecord(shown, shown[-1].line if len(found) > PAGE_SIZE else None)


def to_line(line: int) -> str:
    """Return the address at which a line stands first."""
    return f"/moderation/record?before={line + 1}#line-{line}"


def as_told(after: int = 0) -> list[dict[str, Any]]:
    """Return lines as anybody can verify them, the oldest first.

    :param after: the last line of the file before.
    """
    columns = Decision.__table__.columns
    wanted = chain.with_lines(sa.select(*columns, *LINES).select_from(Decision))
    rows = session.execute(
        wanted.where(Decision.line > after).order_by(Decision.line).limit(LINES_OF_FILE)
    )
    return [{**chain.content(row, row.undoes, row.concerns), "hash": row.hash} for row in rows]


def _newest(acts: tuple[Act, ...], before: int | None) -> Any:
    """Return each act's newest lines, by an index: of all acts at once they would be sorted."""
    each = []
    for act in acts:
        wanted = sa.select(Decision.line).where(Decision.act == act, Decision.line.is_not(None))
        if before is not None:
            wanted = wanted.where(Decision.line < before)
        first = wanted.order_by(Decision.line.desc()).limit(PAGE_SIZE + 1).subquery()
        each.append(sa.select(first.c.line))
    return sa.union_all(*each)


def _lines() -> sa.Select[Any]:
    """Decisions with their letter, what undid them and how an appeal against them ended."""
    outcome = (
        sa.select(_ANSWER.act)
        .where(_ANSWER.concerns_id == Decision.id)
        .order_by(_ANSWER.line.desc())
        .limit(1)
        .correlate(Decision)
        .scalar_subquery()
    )
    columns: tuple[Any, ...] = (
        Decision.line,
        Decision.at,
        Decision.act,
        Decision.reason,
        Decision.office,
        Decision.number,
        Decision.until,
        Decision.hash,
        *LINES,
        Letter.slug,
        Letter.headline,
        _LATER.line.label("undone_in"),
        outcome.label("outcome"),
    )
    return (
        chain.with_lines(sa.select(*columns).select_from(Decision))
        .outerjoin(
            Letter, sa.and_(Letter.id == Decision.letter_id, Letter.state == State.PUBLISHED)
        )
        .outerjoin(_LATER, _LATER.undoes_id == Decision.id)
        .where(Decision.line.is_not(None))
        .order_by(Decision.line.desc())
    )
