"""What the service says of itself: one line for each event, and nothing personal."""

import json
import logging
import re

import pytest
import sqlalchemy as sa

from discuss import create_app
from discuss.base import jobs, logs
from discuss.base.db import session

SITE = "http://127.0.0.1:8000"


@pytest.fixture
def said(capsys):
    """The events that were written, as a program reads them."""
    return lambda: [json.loads(line) for line in capsys.readouterr().err.splitlines()]


@pytest.fixture
def log(settings):
    logs.init_app(settings(log="json"))
    return logging.getLogger("discuss.test")


@jobs.task
def break_in_the_background():
    raise RuntimeError("torn")


def test_an_event_is_one_line_that_says_when_what_and_where(log, said):
    log.info("the %s moved", "house")

    (event,) = said()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", event.pop("time"))
    assert event.pop("pid") > 1
    assert event == {"level": "info", "logger": "discuss.test", "message": "the house moved"}


def test_an_event_tells_what_it_is_about(log, said):
    with logs.about(request_id="abc"):
        log.info("within", extra=logs.facts(status=200))
    log.info("after")

    within, after = said()
    assert (within["request_id"], within["status"]) == ("abc", 200)
    assert "request_id" not in after


def test_no_word_from_outside_makes_a_line_of_its_own(log, said, settings, capsys):
    forged = 'x\r\n{"level": "critical"}\x1b[2J'
    log.warning("odd: %s", forged)
    assert [event["message"] for event in said()] == [f"odd: {forged}"]

    logs.init_app(settings(log="text"))
    log.warning("odd: %s", forged)

    assert capsys.readouterr().err.endswith(r' odd: x\x0d\x0a{"level": "critical"}\x1b[2J' + "\n")


def test_where_no_terminal_is_events_are_json(settings, said):
    logs.init_app(settings())

    logging.getLogger("discuss").info("here")

    assert [event["message"] for event in said()] == ["here"]


def test_libraries_are_heard_only_when_they_warn(log, said):
    logging.getLogger("some.library").info("I breathe")
    logging.getLogger("some.library").warning("I choke")

    assert [event["message"] for event in said()] == ["I choke"]


def test_what_breaks_is_written_once_under_the_reference_that_the_reader_saw(settings, said):
    app = create_app(settings(log="json"))
    app.add_url_rule("/breaks/<what>", "breaks", lambda what: 1 / 0)

    answer = app.test_client().get("/breaks/secret?token=secret", base_url=SITE)

    (event,) = said()
    assert (answer.status_code, event["reference"] in answer.text) == (500, True)
    assert event["request_id"] == answer.headers["X-Request-ID"]
    assert event["traceback"].endswith("ZeroDivisionError: division by zero")
    assert "secret" not in json.dumps(event)


def test_a_job_that_fails_says_which_it_is(settings, said):
    app = create_app(settings(log="json"))
    with app.app_context():
        jobs.enqueue(break_in_the_background)
        session.commit()
        jobs.run_due(app)

    (event,) = [event for event in said() if "break_in_the_background" in event["message"]]
    assert (event["level"], len(event["job"])) == ("warning", 32)
    assert event["traceback"].endswith("RuntimeError: torn")


@pytest.mark.row("15")
def test_words_given_to_the_database_stay_out_of_the_log(settings, said):
    app = create_app(settings(log="json"))
    words = "what somebody wrote"

    def breaks():
        session.execute(sa.text("INSERT INTO clocks VALUES (:words, NULL)"), {"words": words})

    app.add_url_rule("/breaks", "breaks", breaks)
    app.test_client().get("/breaks", base_url=SITE)

    (event,) = said()
    assert "IntegrityError" in event["traceback"]
    assert words not in event["traceback"]
