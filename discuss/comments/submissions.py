"""The same submission twice is one comment: a double click, a retry, Back and send again."""

import functools
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects import sqlite as sqlite_dialect

from discuss.accounts.login import current_sign_in
from discuss.accounts.models import Account
from discuss.base import clock
from discuss.base.db import connection, is_sqlite, session
from discuss.base.errors import Refusal
from discuss.base.ids import digest
from discuss.comments.errors import SentTwice
from discuss.comments.forms import Remark
from discuss.comments.models import Comment, HeldComment, State, Submission
from discuss.letters.models import Letter

REMEMBERED = timedelta(hours=24)
KEY_LENGTH = 32  # hexadecimal digits, 128 bits

NAME = (
    Submission.account_id,
    Submission.letter_id,
    Submission.key,
    Submission.parent,
    Submission.digest,
)

Post = Callable[[Letter, Account, Remark], Comment | HeldComment]
Name = dict[str, Any]
Known = sa.Row[int | None, int | None]


def page_key(letter: Letter) -> str:
    """Return the key of every composer that this browser is shown under a letter.

    It stays the same for as long as somebody is signed in: a page that Back fetches anew carries
    it too, and words that the browser puts back into it are not posted a second time. Other words,
    or another parent, are another submission by themselves.
    """
    row = current_sign_in()
    return digest(f"{row.digest} {letter.id}")[:KEY_LENGTH] if row else ""


def once(letter: Letter, author: Account, remark: Remark, post: Post) -> Comment | HeldComment:
    """Post a remark unless this very submission has been posted; either way return its outcome.

    :param letter: whose thread it joins.
    :param author: the account that speaks.
    :param remark: what is said; one without a key is always new.
    :param post: the action that posts it.
    """
    return posted_once(letter, author, remark, post)[0]


def posted_once(
    letter: Letter, author: Account, remark: Remark, post: Post
) -> tuple[Comment | HeldComment, bool]:
    """Do what `once` does, and say whether it was new.

    It is written down after the comment, so that all slow work comes before the first lock, and
    looked for only where that fails: most submissions are new.
    """
    if not remark.key:
        return post(letter, author, remark), True
    name = _name(letter, author, remark)
    try:
        return _post_and_write_down(letter, author, remark, post, name), True
    except Refusal:  # it may have come of the first one: that is how it is answered then
        session.rollback()
        if (known := _find(name)) is None:
            raise
        if (outcome := _outcome(name, known)) is not None:
            return outcome, False
    return _post_and_write_down(letter, author, remark, post, name, gone=known), True


def forget_old() -> int:
    """Delete submissions older than a day; returns how many."""
    done = session.execute(sa.delete(Submission).where(Submission.at < clock.now() - REMEMBERED))
    return int(done.rowcount)  # type: ignore[attr-defined]  # a CursorResult, as every DELETE's


def _post_and_write_down(
    letter: Letter,
    author: Account,
    remark: Remark,
    post: Post,
    name: Name,
    gone: Known | None = None,
) -> Comment | HeldComment:
    outcome = post(letter, author, remark)
    _write_down(name, outcome, gone)
    return outcome


def _find(name: Name) -> Known | None:
    """Return what a submission of the last day was written down as."""
    return connection().execute(_FIND, {**name, "since": clock.now() - REMEMBERED}).one_or_none()


def _write_down(name: Name, outcome: Comment | HeldComment, gone: Known | None) -> None:
    """Remember what a submission became.

    :param name: the submission's.
    :param outcome: what it became.
    :param gone: what it was known as, and which its author has taken back.
    :raises SentTwice: it is written down already.
    """
    now = clock.now()
    told = {
        **name,
        "number": outcome.number if isinstance(outcome, Comment) else None,
        "held_id": outcome.id if isinstance(outcome, HeldComment) else None,
        "at": now,
        "too_old": now - REMEMBERED,
        "gone_number": gone.number if gone else None,
        "gone_held_id": gone.held_id if gone else None,
    }
    if connection().scalar(_writing_down(is_sqlite()), told) is None:
        raise SentTwice


def _name(letter: Letter, author: Account, remark: Remark) -> Name:
    return {
        "account_id": author.id,
        "letter_id": letter.id,
        "key": remark.key,
        "parent": remark.parent,
        "digest": remark.digest,
    }


def _outcome(name: Name, known: Known) -> Comment | HeldComment | None:
    """Return what a submission became; nothing where its author has taken that back.

    A held one may have been approved meanwhile.
    """
    if known.number is None:
        return session.get(HeldComment, known.held_id)
    comment = session.get_one(Comment, (name["letter_id"], known.number))
    return None if comment.state is State.DELETED else comment


_FIND = sa.select(Submission.number, Submission.held_id).where(
    *(column == sa.bindparam(column.key) for column in NAME), Submission.at >= sa.bindparam("since")
)


@functools.cache  # building it costs more than running it
def _writing_down(sqlite: bool) -> Any:
    insert = (sqlite_dialect.insert if sqlite else postgresql.insert)(Submission)
    new = insert.excluded
    return insert.on_conflict_do_update(
        index_elements=[column.key for column in NAME],
        set_={"number": new.number, "held_id": new.held_id, "at": new.at},
        where=sa.or_(
            Submission.at < sa.bindparam("too_old"),
            Submission.number == sa.bindparam("gone_number"),
            Submission.held_id == sa.bindparam("gone_held_id"),
        ),
    ).returning(Submission.id)
