"""What every test can ask for; the plumbing beneath lies in tests/plumbing."""

import functools
import re
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any, cast

import flask
import psycopg
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from discuss import create_app
from discuss.accounts import login
from discuss.accounts.models import Account
from discuss.base.config import Settings
from discuss.base.db import db
from discuss.letters.models import Letter
from tests import plumbing
from tests.make import Maker

pytest_plugins = plumbing.FIXTURES

SITE = "http://127.0.0.1:8000"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put what takes long first, and leave out on PostgreSQL what asks for no database, or any."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)
    if plumbing.databases.KIND == "sqlite":
        return
    touching = [
        item
        for item in items
        if "database" in getattr(item, "fixturenames", ()) and not item.get_closest_marker("looks")
    ]
    config.hook.pytest_deselected(items=[item for item in items if item not in touching])
    items[:] = touching


@pytest.fixture
def app(settings: Callable[..., Settings]) -> Iterator[Flask]:
    """The application on a clean database, which holds rows that no test asked for."""
    app = create_app(settings())
    with app.app_context():
        bystanders()
        yield app
    plumbing.databases.dispose(app)


@pytest.fixture
def session(app: Flask) -> Session:
    """The session of the test itself; requests have their own."""
    return db.session


@pytest.fixture
def make(app: Flask) -> Maker:
    """Makes accounts, letters and comments."""
    maker = Maker()
    for _ in range(20):  # names and addresses apart from the bystanders'
        next(maker.numbers)
    return maker


_SAID: dict[str, list[tuple[str, Any]]] = {}
"""What made the bystanders on each kind of database; said again it takes a tenth of the time."""


def bystanders() -> None:
    """Fill the database with somebody else's, so that a query that forgets its filter fails."""
    kind = db.engine.dialect.name
    if kind in _SAID:
        with db.engine.begin() as connection, closing(connection.connection.cursor()) as cursor:
            for statement, values in _SAID[kind]:
                cursor.execute(statement, values)
        return
    said: list[tuple[str, Any]] = []

    @sa.event.listens_for(db.engine, "before_cursor_execute")
    def note(*told: Any) -> None:
        _connection, _cursor, statement, values, _context, are_many = told
        said.extend((statement, one) for one in (values if are_many else [values]))

    make = Maker()
    letter = make.letter(headline="Somebody else’s letter", slug="bystander", tags=("Elsewhere",))
    root = make.comment(letter, source="A bystander’s remark.")
    make.comment(letter, parent=root, source="A bystander’s reply.")
    sa.event.remove(db.engine, "before_cursor_execute", note)
    said = [one for one in said if not one[0].startswith("SELECT")]
    _SAID[kind] = [(_in_one(said), None)] if kind == "postgresql" else said


def _in_one(said: list[tuple[str, Any]]) -> str:
    """Return PostgreSQL's statements as one, so that the server is asked once."""
    with db.engine.connect() as connection:
        cursor = psycopg.ClientCursor(
            cast(psycopg.Connection, connection.connection.driver_connection)
        )
        return "; ".join(cursor.mogrify(statement, values) for statement, values in said)


@dataclass
class Reader:
    """A browser without script: it opens pages and sends their forms."""

    client: FlaskClient
    account: Account | None = None

    def get(self, path: str, **options: Any) -> Any:
        """Open a page."""
        with self.client.application.app_context():  # its own session and `g`, as in the world
            return self.client.get(path, base_url=SITE, **options)

    def post(self, path: str, **fields: Any) -> Any:
        """Send a form of this site, with the token that its pages carry."""
        data = fields if "csrf_token" in fields else {"csrf_token": self.token(), **fields}
        with self.client.application.app_context():
            return self.client.post(path, base_url=SITE, data=data, headers={"Origin": SITE})

    @functools.cached_property
    def _token(self) -> str:
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.get("/").text)
        assert found, "a signed-in page carries a token"
        return found[1]

    def token(self) -> str:
        """Return the token of this session's forms; empty for a reader who is not signed in."""
        return self._token if self.account else ""

    def comment(self, letter: Letter, body: str, parent: int = 0, **fields: Any) -> Any:
        """Post a comment."""
        path = f"/letters/{letter.slug}/comments"
        return self.post(path, body=body, parent=parent, **fields)


@pytest.fixture
def reader(app: Flask) -> Reader:
    """Somebody who is not signed in."""
    return Reader(app.test_client())


@pytest.fixture
def sign_in(app: Flask) -> Callable[[Account], Reader]:
    """Open a browser in which this account is signed in: `sign_in(make.account())`."""

    def signed_in(account: Account) -> Reader:
        client = app.test_client()
        with app.app_context(), app.test_request_context(base_url=SITE):  # a `g` of its own
            login.sign_in(account, account.identities[0] if account.identities else None)
            db.session.commit()
            kept = dict(flask.session)
        with client.session_transaction(base_url=SITE) as session:
            session.update(kept)
            session.permanent = True
        return Reader(client, account)

    return signed_in
