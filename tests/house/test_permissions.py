"""Every route for everybody: docs/permissions.md is walked cell by cell, on real data.

A route without a row fails here, and so does a row without a route.
"""

import pytest

from discuss.base.security import SAFE_METHODS
from discuss.base.sessions import COOKIELESS
from tests.house.permissions import COLUMNS, table, with_ways


@pytest.fixture
def settings(settings):
    return with_ways(settings)


@pytest.mark.row("23")
def test_every_route_has_a_row_and_every_row_a_route(app):
    routes = {
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }

    assert set(table()) == routes


@pytest.mark.row("23")
@pytest.mark.parametrize(("method", "rule"), table())
def test_each_person_gets_what_the_table_says(cell, method, rule):
    told = dict(zip(COLUMNS, table()[method, rule], strict=True))

    found = {who: str(cell(method, rule, who)) for who in COLUMNS}

    assert found == told


@pytest.mark.row("13", "23")
@pytest.mark.parametrize(
    ("method", "rule"), [place for place in table() if place[0] not in SAFE_METHODS]
)
def test_without_the_token_nobody_gets_anything(app, cell, method, rule):
    signed = {
        one.rule
        for one in app.url_map.iter_rules()
        if one.endpoint in app.extensions["signed_by_sender"]
    }
    refused = 401 if rule.startswith(COOKIELESS) else 400 if rule in signed else 403

    found = {who: cell(method, rule, who, token=False) for who in COLUMNS}

    assert found == dict.fromkeys(COLUMNS, refused)
