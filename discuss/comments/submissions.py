"""The same submission twice is one comment: a double click, a retry, Back and send again."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from discuss.accounts.login import current_sign_in
from discuss.accounts.models import Account
from discuss.base import clock
from discuss.base.db import is_sqlite, session
from discuss.base.ids import digest
from discuss.comments.forms import Remark
from discuss.comments.models import Comment, HeldComment, State, Submission
from discuss.letters.models import Letter

REMEMBERED = timedelta(hours=24)
KEY_LENGTH = 32  # hexadecimal digits, 128 bits

Post = Callable[[Letter, Account, Remark], Comment | HeldComment]


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
    """Do what `once` does, and say whether it was new."""
    if not remark.key:
        return post(letter, author, remark), True
    if (claimed := _claim(letter, author, remark)) is None:
        known = session.scalars(
            sa.select(Submission).filter_by(**_name(letter, author, remark))
        ).one()
        if (outcome := _outcome(known)) is not None:
            return outcome, False
        claimed = known.id  # its author took it back since
    outcome = post(letter, author, remark)
    column = "number" if isinstance(outcome, Comment) else "held_id"
    value = outcome.number if isinstance(outcome, Comment) else outcome.id
    session.execute(
        sa.update(Submission)
        .where(Submission.id == claimed)
        .values({"number": None, "held_id": None, column: value})
    )
    return outcome, True


def forget_old() -> int:
    """Delete submissions older than a day; returns how many."""
    done = session.execute(sa.delete(Submission).where(Submission.at < clock.now() - REMEMBERED))
    return int(done.rowcount)  # type: ignore[attr-defined]  # a CursorResult, as every DELETE's


def _claim(letter: Letter, author: Account, remark: Remark) -> int | None:
    """Insert this submission's row; of equal ones at once, one gets its id, others wait for it."""
    insert = sqlite.insert if is_sqlite() else postgresql.insert
    now = clock.now()
    statement: Any = insert(Submission).values(at=now, **_name(letter, author, remark))
    statement = statement.on_conflict_do_update(
        index_elements=list(_name(letter, author, remark)),
        set_={"at": now, "number": None, "held_id": None},
        where=Submission.at < now - REMEMBERED,
    )
    found: int | None = session.scalar(statement.returning(Submission.id))
    return found


def _name(letter: Letter, author: Account, remark: Remark) -> dict[str, Any]:
    return {
        "account_id": author.id,
        "letter_id": letter.id,
        "key": remark.key,
        "parent": remark.parent,
        "digest": remark.digest,
    }


def _outcome(known: Submission) -> Comment | HeldComment | None:
    """Return what a submission became; nothing where its author has taken that back.

    A held one may have been approved meanwhile.
    """
    if known.number is None:
        return session.get(HeldComment, known.held_id)
    comment = session.get_one(Comment, (known.letter_id, known.number))
    return None if comment.state is State.DELETED else comment
