"""Pace limits that Redis counts, and each worker for itself where there is none."""

import signal
from datetime import UTC, datetime

import pytest
import time_machine

from discuss import create_app
from discuss.accounts import views
from discuss.api import tokens
from discuss.base import ratelimit, shared_counts
from discuss.base.errors import TooFast
from discuss.base.ratelimit import HOUR, MINUTE, Counts, Pace
from tests.api.program import Program
from tests.plumbing.databases import dispose
from tests.plumbing.services import free_port, running_redis

TEN_PAST = datetime(2025, 11, 22, 12, 10, 20, tzinfo=UTC)
TWICE = Pace("tries", {MINUTE: 2, HOUR: 3})
SITE = "http://127.0.0.1:8000"


@pytest.fixture(params=["no Redis", "Redis"])
def redis_or_none(request):
    return request.getfixturevalue("redis_url") if request.param == "Redis" else None


@pytest.fixture
def node(settings):
    """Start one of the site's processes: `node(redis_url=…)`."""
    apps = []

    def start(**given):
        apps.append(create_app(settings(**given)))
        return apps[-1]

    yield start
    for app in apps:
        dispose(app)


def outcomes(app, count, whose="192.0.2.7"):
    """Try so many times; each is let through, or says how many seconds to wait."""
    found = []
    with app.app_context():
        for _ in range(count):
            try:
                ratelimit.refuse_if_too_fast(TWICE, whose)
            except TooFast as refusal:
                found.append(refusal.retry_after)
            else:
                found.append("let through")
    return found


def test_more_than_the_limit_is_refused_until_the_minute_is_over(node, redis_or_none):
    app = node(redis_url=redis_or_none)

    with time_machine.travel(TEN_PAST, tick=False) as clock:
        first = outcomes(app, 3)
        clock.shift(40)
        second = outcomes(app, 1)
        clock.shift(60)
        third = outcomes(app, 1)
        clock.shift(48 * 60)
        fourth = outcomes(app, 1)

    assert first == ["let through", "let through", 40]
    assert second == [49 * 60]  # the refused one counts as well, so this is the hour's fourth
    assert (third, fourth) == ([48 * 60], ["let through"])


def test_each_has_limits_of_their_own(node, redis_or_none):
    app = node(redis_url=redis_or_none)
    outcomes(app, 3, "192.0.2.7")

    assert outcomes(app, 1, "192.0.2.8") == ["let through"]


def test_two_nodes_count_together_through_redis(node, redis_url):
    one, other = node(redis_url=redis_url), node(redis_url=redis_url)

    with time_machine.travel(TEN_PAST, tick=False):
        found = outcomes(one, 1) + outcomes(other, 1) + outcomes(one, 1)

    assert found == ["let through", "let through", 40]


@pytest.mark.row("F8")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP])
def test_without_its_redis_a_worker_counts_for_itself(node, tmp_path, monkeypatch, number):
    monkeypatch.setattr(shared_counts, "PATIENCE", 1.0)  # a busy machine's Redis is not away yet
    port = free_port()
    with running_redis(port, tmp_path) as redis, time_machine.travel(TEN_PAST, tick=False):
        app = node(redis_url=f"redis://127.0.0.1:{port}/0")
        before = outcomes(app, 2)
        redis.send_signal(number)

        after = outcomes(app, 3)
        redis.send_signal(signal.SIGCONT)

    assert before == ["let through", "let through"]
    assert after == ["let through", "let through", 40]


@pytest.mark.row("F8")
def test_a_redis_that_hangs_is_asked_once_and_then_left_alone(node, tmp_path, caplog):
    port = free_port()
    with running_redis(port, tmp_path) as redis:
        app = node(redis_url=f"redis://127.0.0.1:{port}/0")
        redis.send_signal(signal.SIGSTOP)

        outcomes(app, 20)
        redis.send_signal(signal.SIGCONT)

    assert caplog.text.count("without Redis") == 1


def test_nothing_is_counted_with_the_pace_switched_off(node, redis_or_none):
    app = node(redis_url=redis_or_none, pace=False)

    assert outcomes(app, 4) == ["let through"] * 4


def test_a_flood_from_many_addresses_fills_no_memory(monkeypatch):
    monkeypatch.setattr(ratelimit, "MOST_COUNTS", 3)
    counts = Counts()

    found = [counts.add_one(name) for name in "abcdab"]

    assert found == [1, 1, 1, 1, 1, 1]  # each was forgotten before it came again


@pytest.mark.row("33")
def test_sign_ins_of_one_network_are_limited_and_the_words_come_back(
    node, make, monkeypatch, redis_or_none
):
    monkeypatch.setattr(views, "SIGN_INS", Pace("sign-ins", {MINUTE: 1}))
    app = node(redis_url=redis_or_none, google_client_id="one", google_client_secret="two")
    form = {"letter": make.letter().slug, "body": "What I was about to say."}

    with time_machine.travel(TEN_PAST, tick=False):
        answers = [
            app.test_client().post(
                "/signin/google",
                base_url=SITE,
                data=form,
                headers={"Origin": SITE},
                environ_base={"REMOTE_ADDR": address},
            )
            for address in ("2001:db8::1", "2001:db8::2", "2001:db8:0:1::1")
        ]

    refused = answers[1]
    assert [answer.status_code == 429 for answer in answers] == [False, True, False]
    assert refused.headers["Retry-After"] == "40"
    assert "What I was about to say." in refused.text
    assert "Try again in 40 seconds" in refused.text


@pytest.mark.row("33")
def test_a_forged_forwarded_address_opens_no_new_account_of_tries(node, monkeypatch):
    monkeypatch.setattr(views, "SIGN_INS", Pace("sign-ins", {MINUTE: 1}))
    app = node(google_client_id="one", google_client_secret="two", trusted_proxies=1)

    with time_machine.travel(TEN_PAST, tick=False):
        codes = [
            app.test_client()
            .post(
                "/signin/google",
                base_url=SITE,
                headers={"Origin": SITE, "X-Forwarded-For": f"198.51.100.{n}, 192.0.2.7"},
            )
            .status_code
            for n in range(2)
        ]

    assert codes[1] == 429


@pytest.mark.row("33")
def test_changes_through_the_api_are_limited_by_account_whatever_the_token(app, make, monkeypatch):
    monkeypatch.setattr(tokens, "CHANGES", Pace("changes", {MINUTE: 1}))
    one, other = make.account(), make.account()
    path = f"/api/v1/letters/{make.letter().slug}/comments/999"

    with time_machine.travel(TEN_PAST, tick=False):
        answers = [Program.of(app, who).call("DELETE", path) for who in (one, one, other)]

    assert [answer.status_code for answer in answers] == [404, 429, 404]
    assert answers[1].headers["Retry-After"] == "40"
    assert answers[1].mimetype == "application/problem+json"


@pytest.mark.row("33")
@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        (None, "unknown"),
        ("rubbish", "unknown"),
    ],
)
def test_an_address_counts_for_its_network(address, network):
    assert ratelimit.network_of(address) == network
