"""Every route that changes something refuses what another site's page sends."""

import json

import pytest
import sqlalchemy as sa

from discuss.base.db import Base, session
from discuss.base.security import SAFE_METHODS
from discuss.base.sessions import COOKIELESS
from tests.conftest import SITE

FOREIGN = "https://evil.example"
ENCODINGS = {
    "a form": ("application/x-www-form-urlencoded", b"body=x&reason=spam"),
    "plain text": ("text/plain", b'{"body": "x", "a": "b"}'),
    "JSON": ("application/json", json.dumps({"body": "x"}).encode()),
}


def unsafe_routes(app):
    """Return the method and address of every route that may change something.

    Those that their sender signs for are left out: tests/accounts/test_facebook.py is about them.
    """
    with app.test_request_context(base_url=SITE):
        urls = app.create_url_adapter(None) or app.url_map.bind("127.0.0.1:8000")
    for rule in app.url_map.iter_rules():
        if rule.endpoint in app.extensions["signed_by_sender"]:
            continue
        values = {
            name: 1 if "Integer" in type(converter).__name__ else "google"
            for name, converter in rule._converters.items()
        }
        for method in sorted(rule.methods - SAFE_METHODS):
            yield method, urls.build(rule.endpoint, values, method=method)


def rows(app):
    """Return how many rows each table has, but for what signing in itself writes."""
    session.rollback()
    return {
        table.name: session.scalar(sa.select(sa.func.count()).select_from(table))
        for table in Base.metadata.sorted_tables
    }


@pytest.fixture
def somebody(request, sign_in, make, reader):
    """A reader without a session, or one who is signed in."""
    return reader if request.param == "signed out" else sign_in(make.account())


@pytest.mark.row("13")
@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("somebody", ["signed out", "signed in"], indirect=True)
def test_another_sites_page_changes_nothing_by_any_route(app, somebody, encoding):
    kind, body = ENCODINGS[encoding]
    before = rows(app)

    answers = {
        f"{method} {path}": somebody.client.open(
            path,
            method=method,
            base_url=SITE,
            data=body,
            content_type=kind,
            headers={"Origin": FOREIGN, "Sec-Fetch-Site": "cross-site"},
        ).status_code
        for method, path in unsafe_routes(app)
    }

    assert len(answers) > 10
    # A program's address looks at no cookie, so nobody is signed in there.
    allowed = {name: 401 if COOKIELESS in name else 403 for name in answers}
    assert {name: status for name, status in answers.items() if status != allowed[name]} == {}
    assert rows(app) == before


@pytest.mark.row("13")
def test_a_signed_in_reader_needs_the_forms_token_even_from_this_site(app, sign_in, make):
    client = sign_in(make.account()).client

    statuses = {
        client.open(path, method=method, base_url=SITE, headers={"Origin": SITE}).status_code
        for method, path in unsafe_routes(app)
        if not path.startswith(COOKIELESS)
    }

    assert statuses == {403}
