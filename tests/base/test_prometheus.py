"""`/metrics`: whom it answers, and what it says."""

import pytest
import sqlalchemy as sa
from prometheus_client.parser import text_string_to_metric_families

from discuss import create_app
from discuss.base import jobs, metrics
from tests.plumbing.services import free_port

SITE = "http://127.0.0.1:8000"
TOKEN = "a token for the tests"


@pytest.fixture
def ask(settings):
    """Ask for the figures: `ask(peer="192.0.2.1", headers={…}, metrics_token=…)`."""

    def get(peer="127.0.0.1", headers=(), site=SITE, **given):
        client = create_app(settings(**given)).test_client()
        return client.get(
            "/metrics", base_url=site, headers=headers, environ_base={"REMOTE_ADDR": peer}
        )

    return get


@pytest.fixture
def figures(reader):
    """The figures of the test's application."""
    return lambda: read(reader.get("/metrics"))


def read(answer):
    """Return the figures by name and labels."""
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


@jobs.task
def pass_by():
    pass


@jobs.task
def stumble():
    raise RuntimeError


@pytest.mark.parametrize("peer", ["127.0.0.1", "127.8.9.10", "::1"])
def test_this_machine_may_read_them(ask, peer):
    answer = ask(peer)

    assert (answer.status_code, answer.mimetype) == (200, "text/plain")
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("peer", ["192.0.2.1", "10.0.0.1", "::2"])
def test_others_find_nothing_there(ask, peer):
    answer = ask(peer)

    assert (answer.status_code, "There is no page at this address" in answer.text) == (404, True)


@pytest.mark.parametrize(
    "said",
    [
        {"X-Forwarded-For": "192.0.2.1"},
        {"X-Forwarded-For": "127.0.0.1"},
        {"Forwarded": "for=192.0.2.1"},
        {"X-Real-IP": "192.0.2.1"},
        {"Via": "1.1 proxy"},
    ],
)
@pytest.mark.parametrize("proxies", [0, 1])
def test_what_comes_through_a_proxy_on_this_machine_is_not_from_here(ask, said, proxies):
    assert ask(headers=said, trusted_proxies=proxies).status_code == 404


@pytest.mark.row("33")
def test_a_forwarded_address_makes_nobody_local(ask):
    said = {"X-Forwarded-For": "127.0.0.1", "X-Forwarded-Host": "127.0.0.1:8000"}

    assert ask("192.0.2.1", said, trusted_proxies=1).status_code == 404


def test_a_page_elsewhere_cannot_read_them_through_a_browser_here(ask):
    assert ask(site="http://rebound.example:8000").status_code == 404


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (f"Bearer {TOKEN}", 200),
        ("Bearer another", 404),
        ("Bearer ", 404),
        ("Bearer tökén", 404),
        (TOKEN + "x", 404),
        ("", 404),
    ],
)
def test_the_token_lets_a_program_elsewhere_read_them(ask, said, status):
    headers = {"Authorization": said, "X-Forwarded-For": "192.0.2.1"}

    assert ask("192.0.2.7", headers, metrics_token=TOKEN).status_code == status


def test_no_token_fits_where_none_was_set(ask):
    assert ask("192.0.2.7", {"Authorization": "Bearer "}).status_code == 404


def test_jobs_are_told_by_what_becomes_of_them(app, session, figures):
    jobs.enqueue(pass_by)
    jobs.enqueue(stumble)
    session.commit()
    waiting = figures()["discuss_jobs_waiting",]

    jobs.run_due(app)

    said = figures()
    assert said["discuss_jobs_waiting",] < waiting
    assert said["discuss_jobs_run_total", "failed"] == 1
    assert said["discuss_jobs_run_total", "done"] >= 1
    assert said["discuss_jobs_run_total", "given_up"] == 0


def test_comments_are_counted_once_they_are_public(make, sign_in, figures):
    letter, author = make.letter(), make.account()
    before = figures()["discuss_comments_posted_total",]

    sign_in(author).comment(letter, "In time.")
    sign_in(author).comment(letter, "To nobody.", parent=99)

    assert figures()["discuss_comments_posted_total",] - before == 1


def test_a_database_that_is_away_is_a_figure_and_no_error(ask):
    nowhere = f"postgresql+psycopg://somebody@127.0.0.1:{free_port()}/discuss"

    said = read(ask(database_url=nowhere))

    assert said["discuss_database_up",] == 0
    assert ("discuss_jobs_waiting",) not in said


def test_connections_in_use_are_counted_until_they_come_back(app, session, figures):
    session.execute(sa.text("SELECT 1"))
    held = figures()["discuss_database_connections_in_use",]

    session.commit()

    assert (held, figures()["discuss_database_connections_in_use",]) == (1, 0)


def test_every_process_tells_what_it_takes(figures):
    said = figures()

    assert said["discuss_memory_bytes", metrics.ALONE] > 10_000_000
    assert said["discuss_cpu_seconds_total", metrics.ALONE] > 0
    assert said["discuss_data_dir_free_bytes",] > 0
