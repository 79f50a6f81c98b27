"""Sealing: the words of a removed or deleted comment are kept apart from all that readers see."""

from discuss.base.db import session
from discuss.comments.models import Comment, SealedWords, State


def seal(comment: Comment, why: State) -> None:
    """Move a comment's words out of its row, where no read, search or feed can find them."""
    session.add(
        SealedWords(
            letter_id=comment.letter_id,
            number=comment.number,
            source=comment.source,
            html=comment.html,
            quote=comment.quote,
            quote_prefix=comment.quote_prefix,
            quote_suffix=comment.quote_suffix,
            why=why,
        )
    )
    comment.source = comment.html = ""
    comment.quote = comment.quote_prefix = comment.quote_suffix = ""


def unseal(comment: Comment) -> None:
    """Put a comment's sealed words back into its row."""
    words = session.get_one(SealedWords, (comment.letter_id, comment.number))
    comment.source, comment.html = words.source, words.html
    comment.quote = words.quote
    comment.quote_prefix, comment.quote_suffix = words.quote_prefix, words.quote_suffix
    session.delete(words)
