"""What a node does before its first request."""

import os
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from discuss import create_app
from discuss.base.db import session
from discuss.letters.models import Letter
from discuss.letters.seeding import seed_first_letters
from discuss.serve import ready
from tests.plumbing.databases import dispose


@pytest.fixture
def new_site(settings):
    app = create_app(settings())
    yield app
    dispose(app)


def test_two_nodes_that_begin_at_the_same_moment_publish_the_first_letters_once(new_site):
    writes = threading.Event()

    def note(_connection, _cursor, statement, *_rest):
        if statement.startswith(("INSERT", "UPDATE")):
            writes.set()

    with new_site.app_context(), ThreadPoolExecutor() as other_node:
        seed_first_letters()
        sa.event.listen(sa.Engine, "before_cursor_execute", note)
        link = other_node.submit(ready.prepare, new_site)
        assert writes.wait(60)
        sa.event.remove(sa.Engine, "before_cursor_execute", note)
        session.commit()

        assert "/signin/link/" in link.result()
        assert session.scalar(sa.select(sa.func.count()).select_from(Letter)) == 2


def test_what_prepares_a_node_leaves_nothing_in_the_service_but_the_link(new_site):
    link = ready.prepare_apart(new_site)

    assert "/signin/link/" in link
    with new_site.app_context():
        assert session.scalar(sa.select(sa.func.count()).select_from(Letter)) == 2


def test_a_database_that_refuses_is_named_in_a_line(new_site, monkeypatch):
    monkeypatch.setattr("discuss.serve.ready.schema.newest", lambda: "nothing")
    with new_site.app_context():
        session.execute(sa.text("UPDATE alembic_version SET version_num = 'from the future'"))
        session.commit()

    with pytest.raises(ready.NotReady, match=r"the database says: .*from the future"):
        ready.prepare_apart(new_site)


def test_a_preparation_that_dies_is_told_as_well(new_site, monkeypatch):
    monkeypatch.setattr(ready, "prepare", lambda _app: os._exit(9))

    with pytest.raises(ready.NotReady, match="was not made ready"):
        ready.prepare_apart(new_site)
