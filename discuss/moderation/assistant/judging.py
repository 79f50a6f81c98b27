"""Looking at one comment: noting what is thought of it, and holding it where that is allowed."""

from flask_babel import gettext as _

from discuss.accounts.models import Account
from discuss.base.db import session
from discuss.comments.models import Comment, HeldComment, State
from discuss.letters.models import Letter
from discuss.moderation.assistant import queries
from discuss.moderation.assistant.scoring import Score, score_of
from discuss.moderation.queue.opinions import Judge, note
from discuss.moderation.rules import reported


def look(letter_id: int, number: int) -> None:
    """Look at a comment in its thread."""
    comment, setting = judged(letter_id, number), queries.assistant()
    score = _score(comment.source) if comment else None
    if comment is None or score is None:
        return
    if setting.may_hold and score.percent >= setting.threshold:
        found = set_aside(comment, why(score)) or comment
    else:
        found = comment
    note(found, Judge.ASSISTANT, score.percent, score.named)


def look_held(held_id: int) -> None:
    """Look at a comment that waits; nothing comes of it but a note for moderators."""
    held = session.get(HeldComment, held_id)
    score = _score(held.source) if held and held.refused_at is None else None
    if held is not None and score is not None:
        note(held, Judge.ASSISTANT, score.percent, score.named)


def judged(letter_id: int, number: int) -> Comment | None:
    """Return a comment that may be judged; nothing where it is gone or a moderator wrote it."""
    comment = session.get(Comment, (letter_id, number))
    if comment is None or comment.state is not State.VISIBLE or comment.account_id is None:
        return None
    return None if session.get_one(Account, comment.account_id).is_moderator else comment


def set_aside(comment: Comment, why: str) -> HeldComment | None:
    """Take a comment to the queue, unless a moderator has let it stand or was faster."""
    if reported.was_let_stand(comment):
        return None
    return reported.hold(session.get_one(Letter, comment.letter_id), comment.number, why)


def why(score: Score) -> str:
    """Return the line by which the assistant explains what it held."""
    said = _("The assistant: much like what was removed here before.")
    words = score.named
    return f"{said} {_('Words: %(words)s.', words=words)}" if words else said


def _score(source: str) -> Score | None:
    known = queries.knowledge() if queries.is_on() else None
    return score_of(source, known) if known is not None and known.is_enough else None
