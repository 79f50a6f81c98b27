"""What the queue is narrowed to: a letter, an author, why, how old, and words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self
from urllib.parse import urlencode

from flask_babel import LazyString
from flask_babel import lazy_gettext as lazy

from discuss.accounts.models import Account
from discuss.base import clock, web
from discuss.base.db import session
from discuss.base.errors import NotFound
from discuss.base.rendering import normalise
from discuss.comments.models import Reason
from discuss.letters import queries as letters
from discuss.letters.models import Letter

TABS = ("held", "reported", "all")
LONGEST_WORDS = 200  # characters to search for; a sentence that somebody remembers
WEEK = timedelta(weeks=1)
AGES: dict[str, tuple[LazyString, timedelta]] = {
    "hour": (lazy("The last hour"), timedelta(hours=1)),
    "day": (lazy("The last day"), timedelta(days=1)),
    "week": (lazy("The last week"), WEEK),
    "older": (lazy("Over a week"), WEEK),
}


@dataclass(frozen=True)
class Filters:
    """What is asked of the queue; empty means all of a tab."""

    tab: str = "held"
    letter: Letter | None = None
    author: Account | None = None
    why: str = ""
    """A reason of reports, or a line of what held comments were held for."""
    age: str = ""
    words: str = ""

    @classmethod
    def read(cls, given: Mapping[str, str]) -> Self:
        """Return the filters that an address holds.

        :raises NotFound: it names a tab, a letter, an author, a reason or an age that is none.
        :raises Invalid: it looks for words that no comment can hold.
        """
        tab, age, why = given.get("q") or "held", given.get("age") or "", given.get("why") or ""
        if tab not in TABS or (age and age not in AGES):
            raise NotFound
        if tab == "reported" and why and why not in set(Reason):
            raise NotFound
        slug = given.get("letter")
        return cls(
            tab=tab,
            letter=letters.published(slug) if slug else None,
            author=_author(given.get("author") or ""),
            why="" if tab == "all" else _clean(why),
            age=age,
            words=_clean(given.get("words") or ""),
        )

    @property
    def are_set(self) -> bool:
        """Something is narrowed."""
        return self != Filters(self.tab)

    @property
    def since(self) -> datetime | None:
        """Nothing older than this is wanted."""
        return clock.now() - AGES[self.age][1] if self.age not in {"", "older"} else None

    @property
    def until(self) -> datetime | None:
        """Nothing newer than this is wanted."""
        return clock.now() - WEEK if self.age == "older" else None

    def by(self, author_id: int) -> str:
        """Return the address of what is by one author, all else as here."""
        return self.address(author=author_id)

    def address(self, **more: Any) -> str:
        """Return the path of the queue, narrowed so.

        :param more: `after`, where a page begins; or another filter in place of the one here.
        """
        asked = {
            "q": "" if self.tab == "held" else self.tab,
            "letter": self.letter.slug if self.letter else "",
            "author": self.author.id if self.author else "",
            "why": self.why,
            "age": self.age,
            "words": self.words,
            **more,
        }
        query = urlencode({name: value for name, value in asked.items() if value})
        return f"/moderation?{query}" if query else "/moderation"


def _author(given: str) -> Account | None:
    if not given:
        return None
    if (found := session.get(Account, web.number(given))) is None:
        raise NotFound
    return found


def _clean(given: str) -> str:
    """Return words to look for.

    :raises Invalid: no comment can hold them.
    """
    return normalise(given, LONGEST_WORDS).strip()
