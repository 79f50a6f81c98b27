"""What the service does once before the fork, so that no worker has to."""

import pytest
import sqlalchemy as sa

from discuss import create_app
from discuss.serve import ready
from discuss.serve.rehearsal import rehearse
from tests.conftest import SITE
from tests.plumbing.databases import dispose


@pytest.fixture
def site(settings):
    app = create_app(settings())
    ready.prepare(app)
    yield app
    dispose(app)


def test_the_first_reader_finds_the_page_ready(site):
    rehearse(site)
    asked = []

    def note(_connection, _cursor, statement, *_rest):
        asked.append(statement)

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        page = site.test_client().get("/letters/corbyn-to-momentum-2020-04-03", base_url=SITE)
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)

    assert "Jeremy Corbyn" in page.text
    assert [statement for statement in asked if "FROM comments" in statement] == []


def test_a_database_that_cannot_be_read_does_not_keep_the_service_from_starting(
    settings, tmp_path, caplog
):
    empty = create_app(settings(database_url=f"sqlite:///{tmp_path / 'empty.db'}"))

    rehearse(empty)

    assert "no page could be made before the first request" in caplog.text
    dispose(empty)
