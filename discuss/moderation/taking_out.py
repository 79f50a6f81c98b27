"""Taking a comment's words out of the thread and into the queue; its number is kept for them."""

from discuss.base.db import session
from discuss.comments.forms import Excerpt
from discuss.comments.models import Comment, HeldComment, Reason, State
from discuss.letters.models import Letter
from discuss.moderation.queue import opinions


def take_out(
    letter: Letter, comment: Comment, changed: int, why: str, said: Reason | None
) -> HeldComment:
    """Let a visible comment wait for a moderator; whoever answered it keeps their place.

    :param letter: whose thread; its row is ours.
    :param comment: an account's; one from elsewhere has nobody to wait for.
    :param changed: the letter's clock.
    :param why: it waits, for its author and the queue.
    :param said: the reason on the tombstone; without one it says that the comment waits.
    """
    excerpt = Excerpt(comment.passage, comment.quote, comment.quote_prefix, comment.quote_suffix)
    held = HeldComment(
        letter_id=letter.id,
        parent=comment.parent,
        account_id=comment.account_id,
        posted_at=comment.posted_at,
        source=comment.source,
        html=comment.html,
        reason=why,
        **excerpt.columns(),
    )
    session.add(held)
    comment.source = comment.html = comment.quote = ""
    comment.quote_prefix = comment.quote_suffix = ""
    comment.state, comment.removed_for, comment.changed = State.REMOVED, said, changed
    letter.comment_count -= 1
    session.flush()
    opinions.carry(comment, held)
    return held
