"""What a program is told when the fault is ours."""

import re

import pytest

PROBLEM = "application/problem+json"


@pytest.mark.row("34")
def test_what_breaks_is_a_problem_with_the_reference_that_the_log_has(
    anybody, letter, session, caplog
):
    letter.introduction = 5  # which is no list
    session.commit()

    answer = anybody.get(f"/letters/{letter.slug}")

    assert (answer.status_code, answer.mimetype) == (500, PROBLEM)
    assert (answer.json["type"], answer.json["status"]) == ("about:blank", 500)
    assert re.fullmatch("[0-9a-f]{8}", answer.json["reference"])
    assert {"reference": answer.json["reference"]} in [
        getattr(record, "facts", {}) for record in caplog.records
    ]
    assert not any(word in answer.text for word in ("Traceback", "pydantic", "introduction"))


@pytest.mark.row("34")
def test_what_breaks_before_a_call_is_chosen_is_a_problem_too(app, anybody, caplog):
    @app.before_request
    def break_down():
        raise ArithmeticError

    answer = anybody.get("/api/v2/nothing")

    assert (answer.status_code, answer.mimetype) == (500, PROBLEM)
    assert {"reference": answer.json["reference"]} in [
        getattr(record, "facts", {}) for record in caplog.records
    ]
