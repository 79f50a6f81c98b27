"""Every request has an id, is counted, and can be written down."""

import json
import re

import pytest

from discuss import create_app
from discuss.base import metrics

SITE = "http://127.0.0.1:8000"
OURS = re.compile(r"[0-9a-f]{16}")


@pytest.fixture
def client(settings):
    """A client of an application with settings of its own: `client(log="json")`."""
    return lambda **given: create_app(settings(**given)).test_client()


def id_of(client, given=None):
    headers = {"X-Request-ID": given} if given is not None else {}
    return client.get("/robots.txt", base_url=SITE, headers=headers).headers["X-Request-ID"]


def test_every_answer_carries_an_id_of_its_own(client):
    client = client()

    ids = {id_of(client) for _ in range(5)}

    assert len(ids) == 5
    assert all(OURS.fullmatch(one) for one in ids)


def test_a_trusted_proxys_id_is_kept(client):
    given = "7f0c2f2e-8a0e-4f0e-9d65-6f5d6f1b7a11"

    assert id_of(client(trusted_proxies=1), given) == given
    assert OURS.fullmatch(id_of(client(), given))


@pytest.mark.parametrize(
    "given", ["", "short", "a" * 129, "with blanks in it", "ünïcödé-id", "a;b=c;d"]
)
def test_an_id_that_is_none_is_replaced(client, given):
    assert OURS.fullmatch(id_of(client(trusted_proxies=1), given))


def test_requests_are_counted_by_what_answered(client):
    client = client()
    table = metrics.of(client.application)
    requests, durations = table.families["discuss_requests_total"], table.histograms[0]

    for path in ("/healthz", "/healthz", "/robots.txt", "/nowhere"):
        client.get(path, base_url=SITE)

    counts = {values: table.total(cell) for values, cell in requests.cells()}
    assert {values: count for values, count in counts.items() if count} == {
        ("pages.health", "200"): 2,
        ("pages.robots", "200"): 1,
        ("none", "404"): 1,
    }
    first = durations.first["pages.health"]
    assert sum(table.total(first + index) for index in range(metrics.SUM)) == 2
    assert table.total(first + metrics.SUM) > 0


@pytest.mark.row("15")
def test_the_access_log_says_nothing_of_who_or_what_was_asked(client, capsys):
    client = client(access_log=True, log="json")

    for path in ("/letters/a-letter?q=words", "/signin/link/one-time-secret", "/nowhere/at-all"):
        client.get(path, base_url=SITE, headers={"Cookie": "discuss=biscuit"})

    lines = capsys.readouterr().err.splitlines()
    events = [json.loads(line) for line in lines]
    assert [(event["route"], event["status"]) for event in events] == [
        ("/letters/<slug>", 404),
        ("/signin/link/<name>", 410),
        (None, 404),
    ]
    assert all(len(event["request_id"]) == 16 for event in events)
    for secret in ("a-letter", "words", "one-time", "at-all", "biscuit", "127.0.0.1"):
        assert secret not in "".join(lines)


def test_there_is_no_access_log_unless_it_is_asked_for(client, capsys):
    client(log="json").get("/robots.txt", base_url=SITE)

    assert capsys.readouterr().err == ""
