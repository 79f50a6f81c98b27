"""A program that speaks to the JSON API, for the tests of the API and of what fills it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from discuss.accounts.models import Account, ApiToken
from discuss.base.db import session
from discuss.base.ids import digest, token

SITE = "http://127.0.0.1:8000"


def token_of(account: Account) -> str:
    """Give an account a token, as `flask accounts token` does."""
    name = token()
    session.add(ApiToken(digest=digest(name), account_id=account.id))
    session.commit()
    return name


@dataclass
class Program:
    """Makes calls, for an account where it has a token."""

    client: FlaskClient
    token: str | None = None

    @classmethod
    def of(cls, app: Flask, account: Account | None = None) -> "Program":
        """Return a program that has an account's token, or none."""
        return cls(app.test_client(use_cookies=False), account and token_of(account))

    def call(self, method: str, path: str, **options: Any) -> Any:
        """Make a call."""
        headers = options.pop("headers", {})
        if self.token is not None:
            headers = {"Authorization": f"Bearer {self.token}", **headers}
        path = path if path.startswith("/api") else f"/api/v1{path}"
        return self.client.open(path, method=method, base_url=SITE, headers=headers, **options)

    def get(self, path: str, **options: Any) -> Any:
        """Read."""
        return self.call("GET", path, **options)

    def comments(self, letter: Any, **arguments: Any) -> Any:
        """Read one page of comments."""
        return self.get(f"/letters/{letter.slug}/comments", query_string=arguments)

    def post(self, letter: Any, body: Any, **options: Any) -> Any:
        """Post a comment: a text, or the whole object."""
        sent = {"body": body} if isinstance(body, str) else body
        return self.call("POST", f"/letters/{letter.slug}/comments", json=sent, **options)

    def everything(self, letter: Any, **arguments: Any) -> dict[int, Any]:
        """Follow every `next` and every `more`; return each comment once, by number."""
        found: dict[int, Any] = {}
        waiting: list[tuple[int, str]] = [(0, "")]
        while waiting:
            top, after = waiting.pop()
            page = self.comments(letter, top=top, after=after, **arguments).json
            assert len(page["comments"]) <= arguments.get("limit", 100)
            for row in page["comments"]:
                assert row["number"] not in found, "nothing stands on two pages"
                found[row["number"]] = row
                if row["more"]:
                    waiting.append((row["number"], row["more"]))
            if page["next"]:
                waiting.append((top, page["next"]))
        return found

    def changes(self, letter: Any, since: int = 0, **arguments: Any) -> Iterator[Any]:
        """Follow every `next` of a list of changes; return its rows in order."""
        after = ""
        while True:
            page = self.comments(letter, since=since, after=after, **arguments).json
            assert len(page["comments"]) <= arguments.get("limit", 100)
            yield from page["comments"]
            if not (after := page["next"]):
                return
