"""What rules want to know of a comment, read when one asks and not before: each thing once."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from html import unescape
from urllib.parse import urlsplit

from discuss.accounts.models import Account
from discuss.base import clock, rendering
from discuss.base.db import connection
from discuss.comments.forms import Remark
from discuss.letters.models import Letter
from discuss.moderation.rules import statements
from discuss.moderation.rules.matching import folded

_HREF = re.compile(r'href="([^"]*)"')
_MAY_LINK = re.compile(r"[\[<]|://|www\.", re.IGNORECASE)
STOOD = timedelta(days=1)  # a comment counts as approved when nobody has removed it for so long
LATELY = timedelta(days=30)  # within it, a removal takes the trust away


@dataclass(frozen=True)
class Twin:
    """An earlier comment that says nearly the same; one that waits has no number."""

    source: str
    slug: str
    number: int | None


@dataclass
class Facts:
    """One comment, its author and its letter at the moment at which it was posted."""

    source: str
    at: datetime
    letter_id: int
    letter_since: datetime | None
    account_id: int | None
    account_since: datetime | None
    number: int = 0
    """Of the comment in the thread; 0 where it is not there yet."""
    is_edit: bool = False
    is_past: bool = False

    @classmethod
    def of(cls, letter: Letter, author: Account, remark: Remark) -> "Facts":
        """Return the facts of what somebody is about to say."""
        return cls(
            source=remark.source,
            at=clock.now(),
            letter_id=letter.id,
            letter_since=letter.published_at,
            account_id=author.id,
            account_since=author.created_at,
            number=remark.edits,
            is_edit=bool(remark.edits),
        )

    @cached_property
    def folded(self) -> str:
        """The words, as lists of words read them."""
        return folded(self.source)

    @cached_property
    def hosts(self) -> list[str]:
        """The hosts that its links lead to, as readers will have them."""
        if not _MAY_LINK.search(self.source):
            return []
        html = str(rendering.comment_html(self.source))
        found = (urlsplit(unescape(address)).hostname for address in _HREF.findall(html))
        return [plain_host(host) for host in found if host]

    @cached_property
    def stood_count(self) -> int:
        """How many other comments of the account readers can see."""
        return self._stood[0]

    def is_trusted(self, after: int) -> bool:
        """Whether so many of the account's comments have stood, and none was removed lately."""
        return self._stood[1] >= after and not self._removed_lately

    def written_count(self, since: datetime, most: int) -> int:
        """Return how many comments the account wrote since, counted up to `most`."""
        asked = {"account": self.account_id, "since": since, "at": self.at, "most": most}
        return len(connection().scalars(statements.WRITTEN, asked).all())

    def twins(self, since: datetime, shortest: int, longest: int) -> list[Twin]:
        """Return earlier comments of a like length, the newest first, a bounded number."""
        asked = {
            "since": since,
            "at": self.at,
            "shortest": shortest,
            "longest": longest,
            "letter": self.letter_id,
            "number": self.number,
        }
        rows = connection().execute(statements.TWINS, asked)
        return [Twin(row.source, row.slug, row.number) for row in rows]

    @cached_property
    def reporters(self) -> int:
        """How many people report it; of a comment of the past, how many ever did."""
        asked = {"letter": self.letter_id, "number": self.number}
        wanted = statements.REPORTERS if self.is_past else statements.OPEN_REPORTERS
        return connection().scalar(wanted, asked) or 0

    @cached_property
    def _stood(self) -> tuple[int, int]:
        asked = {"account": self.account_id, "at": self.at, "day": self.at - STOOD}
        row = connection().execute(statements.STOOD, asked).one()
        return row.now, row.for_long

    @cached_property
    def _removed_lately(self) -> bool:
        asked = {"account": self.account_id, "since": self.at - LATELY, "at": self.at}
        return connection().scalar(statements.REMOVED, asked) is not None


def plain_host(host: str) -> str:
    """Return a host in the form that hosts are compared in."""
    host = host.strip().rstrip(".").casefold().removeprefix("www.")
    try:
        return host.encode("idna").decode()
    except UnicodeError:  # longer than a name may be
        return host
