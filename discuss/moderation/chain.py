"""The chain of hashes through the log, by which a silent change of it shows.

A line's hash covers what the public record tells of it and the hash before it. What is not public
(who, about whom, the note) is covered by a seal, a salted hash of its own: without the salt nobody
can guess back from it, so words can be erased and the chain still holds. The lines of a transaction
are chained as the last thing before its commit, for all that decide at once wait for the head.
See docs/decisions/0010-hash-chained-record.md.
"""

import hashlib
import json
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask_babel import gettext as _
from sqlalchemy import orm
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from discuss.base.db import Base, db, session
from discuss.moderation.models import Decision

GENESIS = "0" * 64  # stands before the first line
SALT_BYTES = 16
BATCH = 1_000  # rows in memory at once while the chain is checked
DECISIONS = "decisions"  # the name of the one head
UNCHAINED = "decisions_unchained"  # in the session's `info`


class ChainHead(Base):
    """The last line of the record; its row is what those who write at once wait for."""

    __tablename__ = "chain_heads"

    name: Mapped[str] = mapped_column(sa.String(20), primary_key=True)
    line: Mapped[int]
    hash: Mapped[str] = mapped_column(sa.String(64))


@dataclass(frozen=True)
class Head:
    """A line's number and hash: whoever noted it can tell later whether all before it stands."""

    line: int
    hash: str


_UNDONE = orm.aliased(Decision, name="undone")
_CONCERNED = orm.aliased(Decision, name="concerned")
LINES = (_UNDONE.line.label("undoes"), _CONCERNED.line.label("concerns"))
"""The numbers of the lines that a line points to, for `with_lines`."""


def init_app(app: Flask) -> None:
    """Chain what each transaction decides."""
    with app.app_context():
        sa.event.listen(db.sessionmaker, "before_commit", _chain_decisions)
        sa.event.listen(db.sessionmaker, "after_rollback", _forget_decisions)


def announce() -> None:
    """Say that this transaction writes a decision, to be chained before it commits."""
    session.info[UNCHAINED] = True


def head() -> Head:
    """Return the record's last line; line 0 where nothing has been decided."""
    found = session.get(ChainHead, DECISIONS, populate_existing=True)
    return Head(found.line, found.hash) if found else Head(0, GENESIS)


def chain_all(here: Session, places: Mapping[int, int] | None = None) -> None:
    """Chain every decision that is in no chain yet, the oldest first, behind the head.

    The head's row is taken first, and nothing after it: who waits for it holds all else already.

    :param places: by id, the lines that they had in another site's chain, whose order they keep.
    """
    last = _taken_head(here)
    line, previous = last.line, last.hash
    rows, order = _unchained(here), places or {}
    lines: dict[int, int] = {}
    for row in sorted(rows, key=lambda row: (order.get(row.Decision.id, 0), row.Decision.id)):
        decision: Decision = row.Decision
        line += 1
        lines[decision.id] = decision.line = line
        decision.previous = previous
        if decision.salt is not None or decision.seal is None:  # else it was erased elsewhere
            decision.salt = decision.salt or secrets.token_hex(SALT_BYTES)
            decision.seal = seal_of(decision)
        undoes = row.undoes or lines.get(decision.undoes_id or 0)
        concerns = row.concerns or lines.get(decision.concerns_id or 0)
        previous = decision.hash = hash_of(content(decision, undoes, concerns))
    here.flush()
    moved = sa.update(ChainHead).where(ChainHead.name == DECISIONS)
    here.execute(moved.values(line=line, hash=previous))


def with_lines(wanted: sa.Select[Any]) -> sa.Select[Any]:
    """Let a statement about decisions read `LINES`."""
    return wanted.outerjoin(_UNDONE, _UNDONE.id == Decision.undoes_id).outerjoin(
        _CONCERNED, _CONCERNED.id == Decision.concerns_id
    )


def content(row: Any, undoes: int | None, concerns: int | None) -> dict[str, Any]:
    """Return what the record tells of a line, and what its hash covers.

    :param row: a decision, or a row with its columns.
    :param undoes: the number of the line that it undoes.
    :param concerns: that of the line that was complained of.
    """
    return {
        "line": row.line,
        "at": _moment(row.at),
        "act": row.act,
        "reason": row.reason,
        "by": row.office,
        "letter": row.letter_id,
        "number": row.number,
        "until": _moment(row.until),
        "undoes": undoes,
        "concerns": concerns,
        "seal": row.seal,
        "previous": row.previous,
    }


def hash_of(told: dict[str, Any]) -> str:
    """Return the hash of what the record tells of a line."""
    return _sha256(_canonical(told))


def seal_of(row: Any) -> str:
    """Return the seal on what of a line is not public."""
    private = [row.actor_id, row.subject_id, row.about, row.held_id, row.before, row.after]
    return _sha256(f"{row.salt} {_canonical([*private, row.note])}")


def erase_words_about(account_id: int) -> None:
    """Erase the notes on what was decided about an account; their seals can be opened no more."""
    session.execute(
        sa.update(Decision).where(Decision.subject_id == account_id).values(note="", salt=None)
    )


def misfit(noted: Iterable[Head] = ()) -> str | None:
    """Return what is wrong with the first line that does not fit, or nothing.

    Every line is read.

    :param noted: lines as somebody wrote them down, their hashes whole or their first digits.
    """
    known = {head.line: head.hash for head in noted}
    line, previous = 0, GENESIS
    for row in _rows():
        if row.line != line + 1:
            break
        line = row.line
        if (wrong := _wrong_with(row, previous, known.get(line, ""))) is not None:
            return _("line %(line)s does not fit: %(wrong)s", line=line, wrong=wrong)
        previous = row.hash
    kept = head()
    if line < (told := max(kept.line, *known, _last_line())):
        return _("line %(line)s is missing; there were %(told)s.", line=line + 1, told=told)
    if kept != Head(line, previous):
        return _("line %(line)s does not fit: the kept head is another.", line=line)
    if session.scalar(sa.select(Decision.id).where(Decision.line.is_(None)).limit(1)):
        return _("a decision has no line.")
    return None


def _chain_decisions(here: Session) -> None:
    if here.in_nested_transaction() or not here.info.pop(UNCHAINED, False):
        return
    here.flush()
    chain_all(here)


def _taken_head(here: Session) -> Head:
    """Return the head as it is now, ours until the end of the transaction."""
    insert = sqlite.insert if here.get_bind().dialect.name == "sqlite" else postgresql.insert
    first = insert(ChainHead).values(name=DECISIONS, line=0, hash=GENESIS)
    is_taken = {"line": ChainHead.line}  # to what it is: that locks the row on both databases
    taken: Any = first.on_conflict_do_update(index_elements=["name"], set_=is_taken)
    row = here.execute(taken.returning(ChainHead.line, ChainHead.hash)).one()
    return Head(row.line, row.hash)


def _unchained(here: Session) -> Sequence[Any]:
    columns: tuple[Any, ...] = (Decision, *LINES)
    wanted = sa.select(*columns).where(Decision.line.is_(None))
    return here.execute(with_lines(wanted).execution_options(populate_existing=True)).all()


def _rows() -> Iterator[Any]:
    columns = Decision.__table__.columns
    wanted = with_lines(sa.select(*columns, *LINES).select_from(Decision))
    in_order = wanted.where(Decision.line.is_not(None)).order_by(Decision.line)
    yield from session.execute(in_order, execution_options={"yield_per": BATCH})


def _forget_decisions(here: Session) -> None:
    """Let a commit after a refusal write nothing, for the database may be what failed."""
    here.info.pop(UNCHAINED, None)


def _last_line() -> int:
    return session.scalar(sa.select(sa.func.max(Decision.line))) or 0


def _wrong_with(row: Any, previous: str, known: str) -> str | None:
    if not row.hash.startswith(known):
        return _("it is not the one that was noted.")
    if row.previous != previous:
        return _("it does not follow the line before it.")
    if hash_of(content(row, row.undoes, row.concerns)) != row.hash:
        return _("what it tells was changed.")
    if row.note if row.salt is None else seal_of(row) != row.seal:
        return _("who decided, about whom or the note was changed.")
    return None


def _moment(time: datetime | None) -> str | None:
    return None if time is None else time.isoformat(timespec="microseconds")


def _canonical(told: Any) -> str:
    return json.dumps(told, sort_keys=True, separators=(",", ":"))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
