"""What follows for the assistant when somebody writes or edits."""

from discuss.base import jobs
from discuss.comments.models import Comment, HeldComment
from discuss.moderation.assistant import queries
from discuss.moderation.assistant.jobs import look, look_held


def posted(comment: Comment) -> None:
    """Have a new or edited comment looked at, in the background."""
    if comment.account_id is not None and queries.is_on():
        jobs.enqueue(look, comment.letter_id, comment.number)


def held(comment: HeldComment) -> None:
    """Have a held comment looked at, in the background."""
    if queries.is_on():
        jobs.enqueue(look_held, comment.id)
