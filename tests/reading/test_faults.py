"""What a reader and a writer see while the database does not answer (reliability F4, F7)."""

import contextlib
import re

import pytest
import sqlalchemy as sa

from discuss.base.db import session as db_session


@contextlib.contextmanager
def unplugged():
    """Make every statement fail as it does when the server is gone."""

    def refuse(*_anything):
        raise sa.exc.OperationalError("", {}, ConnectionError("gone"))

    engine = db_session.get_bind()
    sa.event.listen(engine, "before_cursor_execute", refuse)
    try:
        yield
    finally:
        sa.event.remove(engine, "before_cursor_execute", refuse)


@pytest.fixture
def letter(make):
    return make.letter()


@pytest.mark.row("F4")
def test_a_reader_is_told_to_come_back_and_finds_the_page_when_it_does(reader, letter):
    with unplugged():
        answer = reader.get(f"/letters/{letter.slug}")

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert not any(word in answer.text for word in ("sqlalchemy", "SELECT", "Traceback"))
    assert reader.get(f"/letters/{letter.slug}").status_code == 200


@pytest.mark.row("F4", "F7")
def test_words_sent_meanwhile_come_back_in_their_form(make, sign_in, letter):
    page = sign_in(make.account())
    token = page.token()

    with unplugged():
        answer = page.comment(letter, "Not lost.", csrf_token=token)

    assert (answer.status_code, "Not lost.</textarea>" in answer.text) == (503, True)
    assert page.comment(letter, "Not lost.").status_code == 303


@pytest.mark.row("F4", "F7")
def test_a_stranger_s_words_come_back_too(reader, letter):
    with unplugged():
        answer = reader.comment(letter, "Not lost.")

    assert (answer.status_code, "Not lost.</textarea>" in answer.text) == (503, True)


@pytest.mark.row("F4")
def test_a_commit_that_fails_is_not_acknowledged(make, sign_in, letter, session):
    page = sign_in(make.account())
    token = page.token()

    def refuse(connection):
        connection.connection.rollback()  # as a database does that cannot commit
        raise sa.exc.OperationalError("", {}, OSError("disk full"))

    engine = db_session.get_bind()
    sa.event.listen(engine, "commit", refuse)
    try:
        answer = page.comment(letter, "On a full disk.", csrf_token=token)
    finally:
        sa.event.remove(engine, "commit", refuse)

    session.expire_all()
    session.refresh(letter)
    assert (answer.status_code, letter.comment_count) == (503, 0)
    assert "On a full disk.</textarea>" in answer.text


@pytest.mark.row("F4")
def test_the_health_page_says_so(reader):
    with unplugged():
        answer = reader.get("/healthz")

    assert answer.status_code == 503


@pytest.mark.row("F4")
def test_a_page_that_breaks_names_the_reference_that_the_log_has(reader, letter, session, caplog):
    letter.introduction = 5  # which is no list
    session.commit()

    answer = reader.get(f"/letters/{letter.slug}")

    reference = re.search("<code>([0-9a-f]{8})</code>", answer.text)[1]
    assert (answer.status_code, answer.mimetype) == (500, "text/html")
    assert {"reference": reference} in [getattr(record, "facts", {}) for record in caplog.records]
    assert "Traceback" not in answer.text
