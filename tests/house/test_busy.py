"""Another program writes to the database for long: what was typed comes back in its form."""

import contextlib

import flask
import pytest
import sqlalchemy as sa

from discuss.base.db import session
from tests.house.permissions import with_ways

SAID = "Not lost, whatever happens."
TYPED = {
    "/letters/<slug>/comments/<int:number>/removal": "note",
    "/letters/<slug>/comments/<int:number>/redaction": "body",
    "/letters/<slug>/comments/<int:number>/report": "note",
    "/moderation/held/<int:held_id>/refusal": "note",
    "/moderation/accounts/<int:account_id>/ban": "note",
    "/moderation/accounts/<int:account_id>/warning": "note",
    "/moderation/accounts/<int:account_id>/sweep": "note",
    "/moderation/rules": "words",
    "/moderation/rules/<int:rule_id>": "trusted_after",
    "/moderation/house-rules": "title-1",
    "/notice": "explanation",
    "/moderation/appeals/<int:appeal_id>/answer": "note",
    "/moderation/notices/<int:notice_id>/answer": "note",
}
"""By form, the field that somebody types into."""


@pytest.fixture
def settings(settings):
    return with_ways(settings)


@contextlib.contextmanager
def busy():
    """Let requests read, and refuse what they write, as SQLite does after its wait."""

    def refuse(_connection, _cursor, statement, *_rest):
        if flask.has_request_context() and statement.startswith(("INSERT", "UPDATE", "DELETE")):
            raise sa.exc.OperationalError("", {}, OSError("database is locked"))

    engine = session.get_bind()
    sa.event.listen(engine, "before_cursor_execute", refuse)
    try:
        yield
    finally:
        sa.event.remove(engine, "before_cursor_execute", refuse)


@pytest.mark.row("F7")
def test_what_a_moderator_typed_comes_back_while_nothing_can_be_written(ask):
    found = {}

    for rule, field in TYPED.items():
        said = "17" if field == "trusted_after" else SAID
        sent = {field: said} | ({"kind": "words"} if field == "words" else {})
        with busy():
            refused = ask("POST", rule, sent)
        taken = ask("POST", rule, sent)
        found[rule] = (refused.status_code, said in refused.text, taken.status_code)

    assert found == dict.fromkeys(TYPED, (503, True, 303))
