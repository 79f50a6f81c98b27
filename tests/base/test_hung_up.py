"""A connection that PostgreSQL ended while nobody used it costs no request."""

import psycopg
import pytest

from discuss.base.db import db
from tests.plumbing.clusters import plain
from tests.plumbing.databases import settings_for

END_OTHERS = """SELECT count(*) FILTER (WHERE pg_terminate_backend(pid, 60000))
FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"""


@pytest.fixture
def settings(postgresql_database):
    return lambda **given: settings_for(postgresql_database, **given)


@pytest.mark.row("F4")
def test_the_next_request_connects_anew(app, make, sign_in, postgresql_database):
    page, path = sign_in(make.account("Robin")), f"/letters/{make.letter().slug}"
    page.get(path)
    db.session.close()

    with psycopg.connect(plain(postgresql_database.url)) as administrator:
        (ended,) = administrator.execute(END_OTHERS).fetchone()

    answer = page.get(path)
    assert ended > 0
    assert (answer.status_code, "Robin" in answer.text) == (200, True)
