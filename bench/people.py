"""People signed in at a service, as their browsers know it: a cookie, a form token, a key."""

import re
import uuid
from dataclasses import dataclass

import requests

from bench.processes import Failed
from bench.service import LETTER, Place
from discuss.accounts import links
from discuss.accounts.models import Account
from discuss.base.db import session

WORDS = (
    "I have read the whole letter and **do not** agree: see [this](https://example.org/a?b=1). "
    + "It is a long way to the sea. " * 8
)
"""What everybody says, after a word of their own."""


@dataclass(frozen=True)
class Person:
    """Somebody signed in."""

    site: str
    cookie: str
    token: str

    @property
    def headers(self) -> dict[str, str]:
        """What their browser sends with every request."""
        return {"Cookie": self.cookie, "Accept-Encoding": "gzip"}

    def comment(self, mark: str) -> tuple[dict[str, str], dict[str, str]]:
        """Fill in the form that starts a comment; returns headers and fields.

        :param mark: the first word, by which the comment is known again.
        """
        fields = {"csrf_token": self.token, "key": uuid.uuid4().hex, "parent": "0"}
        return self.headers | {"Origin": self.site}, fields | {"body": f"{mark} {WORDS}"}


def signed_in(place: Place, count: int = 1) -> list[Person]:
    """Make accounts, and sign each in by a one-time link at the running service."""
    with place.app():
        accounts = [Account(name=f"Reader {number + 1}") for number in range(count)]
        session.add_all(accounts)
        session.flush()
        made = [links.make(account) for account in accounts]
        session.commit()
    return [_followed(place, link) for link in made]


def _followed(place: Place, link: str) -> Person:
    with requests.Session() as browser:
        answer = browser.post(link, headers={"Origin": place.url}, timeout=30)
        page = browser.get(f"{place.url}/letters/{LETTER}", timeout=30).text
        cookie = "; ".join(f"{one.name}={one.value}" for one in browser.cookies)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    if token is None:
        raise Failed(f"nobody is signed in: {answer.status_code} at {link}")
    return Person(place.url, cookie, token[1])
