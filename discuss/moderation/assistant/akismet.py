"""Asking Akismet whether a comment is spam, and telling it where moderators saw that otherwise.

Only where the operator has set a key. The address is a setting, so nobody who writes here can
choose where the site sends to. Akismet gets the words, the name beside them and the letter's
address; the network address and the browser are not known any more by then, and are sent empty.
"""

import logging
from dataclasses import dataclass

from discuss.accounts.models import Account
from discuss.base import later
from discuss.base.config import settings
from discuss.base.db import session
from discuss.comments.models import Comment, HeldComment
from discuss.letters.models import Letter

log = logging.getLogger("discuss.moderation")
HELP = "X-akismet-debug-help"  # says why a question could not be answered


@dataclass(frozen=True)
class Said:
    """A comment as Akismet sees it."""

    letter_id: int
    account_id: int
    source: str

    @classmethod
    def of(cls, comment: Comment | HeldComment) -> "Said":
        """Return what is said of a comment; it is an account's."""
        return cls(comment.letter_id, comment.account_id or 0, comment.source)

    def fields(self) -> dict[str, str]:
        """Return what is sent."""
        letter = session.get_one(Letter, self.letter_id)
        author = session.get_one(Account, self.account_id)
        site = settings().site_url or ""
        return {
            "api_key": settings().akismet_key or "",
            "blog": site,
            "user_ip": "",
            "user_agent": "",
            "comment_type": "comment",
            "comment_author": author.name,
            "comment_content": self.source,
            "permalink": f"{site}/letters/{letter.slug}",
            "blog_charset": "UTF-8",
        }


def is_spam(said: Said) -> bool | None:
    """Return whether Akismet takes a comment for spam; nothing where it will not tell.

    :raises requests.RequestException: it could not be asked; the queue asks again.
    """
    answer = _call("comment-check", said)
    if answer not in {"true", "false"}:
        return None
    return answer == "true"


def tell(said: Said, *, spam: bool) -> None:
    """Tell Akismet what moderators have decided.

    :raises requests.RequestException: it was not taken; the queue tells it again.
    """
    _call("submit-spam" if spam else "submit-ham", said)


def _call(what: str, said: Said) -> str:
    # The client of HTTP is nothing that readers' workers should hold.
    answer = later.load("discuss.moderation.alerts.sending").send(
        f"{settings().akismet_url}/1.1/{what}", said.fields()
    )
    if HELP in answer.headers:
        log.warning("Akismet did not answer %s: %s", what, answer.headers[HELP][:200])
    found: str = answer.text.strip()
    return found
