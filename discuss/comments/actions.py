"""What a person does in a thread: post, edit, delete; and the keeping of what must wait.

The letter's row is always taken first, comment rows after it, so that no two writers can wait for
each other. Functions flush; the boundary commits.
"""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from discuss.accounts.models import Account
from discuss.base import clock, rendering
from discuss.base.db import connection, session
from discuss.comments import branches, pace, queries, screening, sealing
from discuss.comments.errors import (
    CommentDeleted,
    EditedElsewhere,
    NoSuchParent,
    NotEditable,
    NotYours,
    ParentRemoved,
    ThreadLocked,
    TooLateToEdit,
)
from discuss.comments.events import (
    comment_deleted,
    comment_edited,
    comment_held,
    comment_posted,
    comment_withdrawn,
)
from discuss.comments.forms import Remark
from discuss.comments.models import (
    Comment,
    EarlierText,
    HeldComment,
    SealedWords,
    State,
)
from discuss.letters import actions as letters
from discuss.letters.models import Letter

DELETED_WORDS_KEPT = timedelta(days=14)  # as long as a deleted account can change its mind
_INSERT = sa.insert(Comment)
_COUNT_REPLY = (
    sa.update(Comment)
    .where(Comment.letter_id == sa.bindparam("letter"), Comment.number == sa.bindparam("answered"))
    .values(reply_count=Comment.reply_count + 1)
    .returning(Comment.state)
)


def open_thread(letter: Letter) -> None:
    """Begin a letter's thread: row 0 stands for the letter, so that every comment has a parent."""
    session.add(Comment(letter_id=letter.id, number=0, parent=None, changed=0, source="", html=""))
    session.flush()


def post(letter: Letter, author: Account, remark: Remark) -> Comment | HeldComment:
    """Say something under a letter, or under a comment of it.

    :param letter: whose thread it joins.
    :param author: the account that speaks.
    :param remark: the Markdown as typed, the number of its parent, its submission key.
    :returns: the comment, in public; or, where a screen asks a moderator first, the held one.
    :raises ThreadLocked: the thread takes no more comments.
    :raises NoSuchParent: the parent was never a comment of this letter.
    :raises ParentRemoved: the parent went while the reply was being written.
    :raises TooFast: this account wrote too much just now.
    """
    html = rendering.comment_html(remark.source)  # slow work stays outside the lock
    pace.refuse_if_too_fast(author)
    if reason := screening.reason_to_hold(letter, author, remark):
        return hold(letter, author, remark, str(html), reason)
    return publish(letter, author.id, remark, str(html))


def publish(letter: Letter, account_id: int, remark: Remark, html: str, **columns: Any) -> Comment:
    """Put a comment into the thread.

    :param letter: whose thread.
    :param account_id: its author.
    :param remark: what was said and where.
    :param html: the same, rendered.
    :param columns: others of the row, where they are not those of a new comment.
    :raises ThreadLocked: the thread takes no more comments.
    :raises NoSuchParent: the parent was never a comment of this letter.
    :raises ParentRemoved: the parent is no longer there to be answered.
    """
    number = letters.tick(letter, comments=1)  # the row is ours: what we check below stays true
    refuse_if_locked(letter)
    branches.refuse_if_locked(letter, remark.parent)
    count_reply(letter, remark.parent)  # a refusal rolls back and returns the number
    row = {
        "letter_id": letter.id,
        "number": number,
        "changed": number,
        "parent": remark.parent,
        "account_id": account_id,
        "posted_at": clock.now(),
        "source": remark.source,
        "html": html,
        **remark.excerpt.columns(),
        **columns,
    }
    connection().execute(_INSERT, row)  # a flush costs twice as much, under the letter's lock
    comment = _stored(row)
    comment_posted.send(comment)
    return comment


def hold(letter: Letter, author: Account, remark: Remark, html: str, reason: str) -> HeldComment:
    """Keep a comment for a moderator to read first; the thread does not change.

    :raises ThreadLocked: the thread takes no more comments.
    :raises NoSuchParent: the parent was never a comment of this letter.
    :raises ParentRemoved: the parent is no longer there to be answered.
    """
    refuse_if_locked(letter)
    if remark.parent:
        parent = session.get(Comment, (letter.id, remark.parent))
        refuse_unless_answerable(parent.state if parent else None)
        branches.refuse_if_locked(letter, remark.parent)
    held = HeldComment(
        letter_id=letter.id,
        parent=remark.parent,
        account_id=author.id,
        source=remark.source,
        html=html,
        reason=reason,
        **remark.excerpt.columns(),
    )
    session.add(held)
    session.flush()
    comment_held.send(held)
    return held


def edit(letter: Letter, editor: Account, number: int, source: str, seen: int | None) -> Comment:
    """Change the words of one's own comment within its quarter of an hour.

    :param letter: whose thread.
    :param editor: who asks.
    :param number: the comment.
    :param source: the new Markdown.
    :param seen: the comment's `changed` when the form was opened; nothing skips the comparison.
    :raises NotYours: somebody else wrote it.
    :raises TooLateToEdit: the time is over.
    :raises EditedElsewhere: it was changed since the form was opened.
    :raises NotEditable: a screen wants a moderator to read what is said here first.
    """
    html = str(rendering.comment_html(source))
    before = queries.comment(letter, number)
    refuse_unless_author(before, editor)
    if screening.reason_to_hold(letter, editor, Remark(source, before.parent or 0, edits=number)):
        raise NotEditable
    changed = letters.tick(letter)
    comment = session.get_one(Comment, (letter.id, number), populate_existing=True)
    if comment.state is not State.VISIBLE:
        raise CommentDeleted
    if comment.source == source:
        return comment
    if not queries.may_edit(comment, editor):
        raise TooLateToEdit
    if seen is not None and comment.changed != seen:
        raise EditedElsewhere(comment.source)
    session.add(
        EarlierText(
            letter_id=letter.id,
            number=number,
            changed=comment.changed,
            source=comment.source,
        )
    )
    comment.source, comment.html = source, html
    comment.edited_at, comment.changed = clock.now(), changed
    session.flush()
    comment_edited.send(comment)
    return comment


def delete(letter: Letter, author: Account, number: int) -> Comment:
    """Take back one's own comment; replies keep their place under a tombstone.

    :raises NotYours: somebody else wrote it.
    """
    refuse_unless_author(queries.comment(letter, number), author)
    changed = letters.tick(letter)
    comment = session.get_one(Comment, (letter.id, number), populate_existing=True)
    if comment.state is State.DELETED:
        return comment
    if comment.state is State.VISIBLE:
        letter.comment_count -= 1
        sealing.seal(comment, State.DELETED)
    session.execute(
        sa.update(SealedWords)
        .where(SealedWords.letter_id == letter.id, SealedWords.number == number)
        .values(why=State.DELETED, until=clock.now() + DELETED_WORDS_KEPT)
    )
    session.execute(
        sa.delete(EarlierText).where(
            EarlierText.letter_id == letter.id, EarlierText.number == number
        )
    )
    comment.state, comment.removed_for, comment.changed = State.DELETED, None, changed
    session.flush()
    count_gone(letter, comment)
    comment_deleted.send(comment)
    return comment


def withdraw_held(author: Account, held: HeldComment) -> None:
    """Take back one's own comment before a moderator has read it.

    :raises NotYours: somebody else wrote it.
    """
    if held.account_id != author.id:
        raise NotYours
    session.delete(held)
    session.flush()
    comment_withdrawn.send(held)


def count_reply(letter: Letter, parent: int) -> None:
    """Count one more reply of a comment, or of the letter where `parent` is 0.

    :raises NoSuchParent: no comment of this letter has that number.
    :raises ParentRemoved: it is no longer there to be answered.
    """
    answered = {"letter": letter.id, "answered": parent}
    refuse_unless_answerable(connection().scalar(_COUNT_REPLY, answered))


def count_gone(letter: Letter, comment: Comment) -> None:
    """Note upwards that a deleted comment with nothing under it is no longer drawn."""
    while (
        comment.state is State.DELETED
        and comment.reply_count == comment.gone_count
        and comment.parent is not None
    ):
        comment = session.get_one(Comment, (letter.id, comment.parent), populate_existing=True)
        comment.gone_count += 1
        session.flush()


def refuse_if_locked(letter: Letter) -> None:
    """Refuse when a letter's thread takes no more comments.

    :raises ThreadLocked: a moderator locked it, its letter says so, or its time has come.
    """
    if not queries.takes_comments(letter):
        raise ThreadLocked


def refuse_unless_answerable(state: State | None) -> None:
    """Refuse a reply to what is not there.

    :param state: of the parent; nothing where there is none.
    """
    if state is None:
        raise NoSuchParent
    if state is not State.VISIBLE:
        raise ParentRemoved


def refuse_unless_author(comment: Comment, account: Account) -> None:
    """Refuse anybody but the one who wrote it.

    :raises NotYours: somebody else did.
    """
    if comment.account_id != account.id:
        raise NotYours


def _stored(row: dict[str, Any]) -> Comment:
    """Return the comment that a row was just written for; what the row does not say is read."""
    left = session.identity_map.get(
        orm.util.identity_key(Comment, (row["letter_id"], row["number"]))
    )
    if left is not None:  # an attempt that was rolled back had the number
        session.expunge(left)
    comment = Comment(**row)
    orm.make_transient_to_detached(comment)
    session.add(comment)
    return comment
