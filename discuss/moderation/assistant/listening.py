"""What follows for the assistant when somebody writes or edits, or a moderator decides."""

import flask

from discuss.accounts.models import Account
from discuss.base import jobs
from discuss.base.config import settings
from discuss.comments.forms import Remark
from discuss.comments.models import Comment, HeldComment
from discuss.comments.screening import Asked
from discuss.letters.models import Letter
from discuss.moderation.assistant import queries
from discuss.moderation.assistant.asking import TOLD
from discuss.moderation.assistant.jobs import ask, ask_held, look, look_held, tell
from discuss.moderation.models import Decision


def keep_whether_on(_letter: Letter, _author: Account, _remark: Remark, asked: Asked) -> None:
    """Keep what the screens' statement told: posting holds the letter's lock, and asks no more."""
    flask.g.assistant_is_on = bool(asked.assistant_is_on)


def posted(comment: Comment) -> None:
    """Have a new or edited comment looked at, in the background."""
    if comment.account_id is not None and _is_on():
        jobs.enqueue(look, comment.letter_id, comment.number)
    if comment.account_id is not None and settings().akismet_key:
        jobs.enqueue(ask, comment.letter_id, comment.number)


def held(comment: HeldComment) -> None:
    """Have a held comment looked at, in the background."""
    if _is_on():
        jobs.enqueue(look_held, comment.id)
    if settings().akismet_key:
        jobs.enqueue(ask_held, comment.id)


def decided(decision: Decision) -> None:
    """Let Akismet learn from a moderator's decision, in the background."""
    if settings().akismet_key and decision.actor_id is not None and decision.act in TOLD:
        jobs.enqueue(tell, decision.id)


def _is_on() -> bool:
    known: bool | None = flask.g.pop("assistant_is_on", None)
    return queries.is_on() if known is None else known
