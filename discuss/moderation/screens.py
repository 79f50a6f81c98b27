"""What moderation checks before a comment is posted; registered with `comments.screening`."""

from discuss.accounts.models import Account
from discuss.comments.forms import Remark
from discuss.comments.screening import Asked
from discuss.letters.models import Letter
from discuss.moderation.actions import standing_ban
from discuss.moderation.errors import Banned


def banned(_letter: Letter, author: Account, _remark: Remark, asked: Asked) -> None:
    """Refuse what a banned account says; read from the database each time, so it acts at once.

    :raises Banned: with the reason given, and until when.
    """
    if asked.is_banned and (found := standing_ban(author.id)) is not None:
        raise Banned(found.reason, found.until)
