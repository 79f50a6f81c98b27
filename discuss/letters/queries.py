"""Reading letters: the published one at an address, the list, the tags, and a letter's clock."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import selectinload, undefer_group

from discuss.base import clock, pagecache
from discuss.base.db import connection, session
from discuss.base.errors import NotFound
from discuss.letters.errors import LetterWithdrawn
from discuss.letters.models import PRINTED, Letter, State, Tag

LETTERS_A_PAGE = 20


@dataclass(frozen=True)
class Standing:
    """What decides whether a stored page of a letter is still right."""

    id: int
    clock: int
    epoch: str
    """The site's clock."""
    stamp: pagecache.Stamp
    is_due: bool
    """Whether a tick waits for its time, as votes' do: what it will show may be there already."""


_EPOCH = pagecache.value_of("site")
_STANDING = sa.select(
    Letter.id, Letter.state, Letter.clock, Letter.due, _EPOCH.label("epoch")
).where(Letter.slug == sa.bindparam("slug"))
_AT = sa.select(Letter).where(Letter.slug == sa.bindparam("slug"))
_CLOCKS = pagecache.Source(
    sa.select(_EPOCH, Letter.clock, sa.extract("epoch", Letter.due)).where(
        Letter.slug == sa.bindparam("slug"), Letter.state == State.PUBLISHED
    )
)


ACTIVITY = pagecache.Source(
    sa.select(
        _EPOCH,
        pagecache.value_of("letters"),
        sa.select(sa.func.coalesce(sa.func.sum(Letter.clock), 0)).scalar_subquery(),
        sa.null(),
    )
)
"""Tells something new after every visible change of any letter or thread."""

_ALL_OF_IT = (undefer_group(PRINTED), selectinload(Letter.paragraphs), selectinload(Letter.tags))
_WHOLE = (
    sa.select(Letter)
    .where(Letter.slug == sa.bindparam("slug"))
    .options(*_ALL_OF_IT)
    .execution_options(populate_existing=True)
)


def standing(slug: str) -> Standing:
    """Return a published letter's clocks by one indexed read, ticking first when a tick is due.

    :raises NotFound: no letter was ever published there.
    :raises LetterWithdrawn: its publisher took it down.
    """
    row = connection().execute(_STANDING, {"slug": slug}).one_or_none()
    if row is None or row.state is State.DRAFT:
        raise NotFound
    if row.state is State.WITHDRAWN:
        raise LetterWithdrawn
    now = row.clock
    if row.due is not None and row.due <= clock.now():
        now = _take_due_tick(row.id, row.due, row.clock)
    stamp = pagecache.Stamp(f"{row.epoch}-{now}", _CLOCKS, {"slug": slug})
    return Standing(row.id, now, str(row.epoch), stamp, row.due is not None)


def published(slug: str) -> Letter:
    """Return the published letter at an address.

    :raises NotFound: no letter was ever published there.
    :raises LetterWithdrawn: its publisher took it down.
    """
    return _in_public(by_slug(slug))


def whole(slug: str) -> Letter:
    """Return the published letter at an address with its paragraphs and tags, in three reads.

    :raises NotFound: no letter was ever published there.
    :raises LetterWithdrawn: its publisher took it down.
    """
    return _in_public(session.scalar(_WHOLE, {"slug": slug}))


def by_slug(slug: str) -> Letter | None:
    """Return the letter at an address whatever its state, for commands and administrators."""
    if "\0" in slug:  # a form may hold one, which PostgreSQL takes for an error
        return None
    return session.scalar(_AT, {"slug": slug})


def by_ids(ids: set[int]) -> dict[int, Letter]:
    """Return the letters with these ids, by id."""
    found = session.scalars(sa.select(Letter).where(Letter.id.in_(ids)))
    return {letter.id: letter for letter in found}


def listed(tag: str | None = None, page: int = 1) -> tuple[list[Letter], bool]:
    """Return one page of the published letters, newest first, and whether there are more.

    :param tag: only those listed under it.
    :param page: counted from 1.
    """
    wanted = (
        sa.select(Letter)
        .where(Letter.state == State.PUBLISHED)
        .order_by(Letter.sent_on.desc().nulls_last(), Letter.id.desc())
        .offset((page - 1) * LETTERS_A_PAGE)
        .limit(LETTERS_A_PAGE + 1)
        .options(*_ALL_OF_IT)
    )
    if tag is not None:
        wanted = wanted.where(Letter.tags.any(Tag.key == tag))
    letters = list(session.scalars(wanted))
    return letters[:LETTERS_A_PAGE], len(letters) > LETTERS_A_PAGE


def tags() -> list[tuple[str, str, int]]:
    """Return the tags of published letters with how many letters each has, commonest first."""
    count = sa.func.count()
    rows = session.execute(
        sa.select(Tag.key, sa.func.min(Tag.label), count)
        .join(Letter, Letter.id == Tag.letter_id)
        .where(Letter.state == State.PUBLISHED, Tag.in_text.is_(False))
        .group_by(Tag.key)
        .order_by(count.desc(), sa.func.min(Tag.position), Tag.key)
    )
    return [(key, label, number) for key, label, number in rows]


def tag_label(key: str) -> str | None:
    """Return a tag as it is written, or nothing when no published letter has it."""
    return session.scalar(
        sa.select(sa.func.min(Tag.label))
        .join(Letter, Letter.id == Tag.letter_id)
        .where(Letter.state == State.PUBLISHED, Tag.key == key)
    )


def _in_public(letter: Letter | None) -> Letter:
    if letter is None or letter.state is State.DRAFT:
        raise NotFound
    if letter.state is State.WITHDRAWN:
        raise LetterWithdrawn
    return letter


def _take_due_tick(letter_id: int, due: datetime, seen: int) -> int:
    """Tick once for all that fell due; of the readers who come at once, one wins."""
    now = clock.now()
    closes, calms = (
        sa.case((moment > now, moment), else_=None)
        for moment in (Letter.closes_at, Letter.grown_until)
    )
    later = sa.case((closes < calms, closes), else_=sa.func.coalesce(calms, closes))
    ticked = session.scalar(
        sa.update(Letter)
        .where(Letter.id == letter_id, Letter.due == due)
        .values(clock=Letter.clock + 1, due=later)
        .returning(Letter.clock)
    )
    session.commit()  # a reader's request may not hold the letter's lock while it renders
    return ticked or seen
