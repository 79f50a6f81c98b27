"""A backup: the whole of one moment in one private file, or no file."""

import contextlib
import gzip
import json
import stat
import threading

import pytest
import requests
import sqlalchemy as sa

from discuss.base.db import db
from discuss.comments.models import Comment
from tests.api.program import token_of
from tests.plumbing.browser import served
from tests.plumbing.services import wait_until
from tests.transfer.backups import command, done, held_by, without_clocks

WRITERS = 3
MOST_POSTS = 2_000  # of one writer; it is told to stop long before


@contextlib.contextmanager
def people_posting(site, letter, tokens):
    """Let people post for as long as the block lasts; gives the numbers that were acknowledged."""
    acknowledged, enough = [], threading.Event()

    def post(token):
        with requests.Session() as program:
            program.headers["Authorization"] = f"Bearer {token}"
            for n in range(MOST_POSTS):
                if enough.is_set():
                    return
                url = f"{site.url}/api/v1/letters/{letter.slug}/comments"
                answer = program.post(url, json={"body": f"Remark {n}."}, timeout=60)
                assert answer.status_code == 201, answer.text
                acknowledged.append(answer.json()["number"])

    writers = [threading.Thread(target=post, args=(token,)) for token in tokens]
    for writer in writers:
        writer.start()
    try:
        yield acknowledged
    finally:
        enough.set()
        for writer in writers:
            writer.join()


@pytest.mark.row("F23")
def test_the_drill(app, make, database, backup, elsewhere):
    letter = make.letter()
    tokens = [token_of(make.account()) for _ in range(WRITERS)]
    with served(database, pace=False) as site, people_posting(site, letter, tokens) as numbers:
        wait_until(lambda: len(numbers) > 2 * WRITERS, "the first posts")
        before = list(numbers)
        code, _said, complained = done(command(database, "backup", backup))
        during = list(numbers)
    new = elsewhere()

    restored = new.run("restore", backup)

    with new.app.app_context():
        found = set(db.session.scalars(sa.select(Comment.number).filter_by(letter_id=letter.id)))
    assert (code, complained, restored.exit_code) == (0, "", 0)
    assert set(before) <= found, "what was acknowledged before it began is there"
    assert len(during) > len(before), "people posted meanwhile"
    missing = {number for number in numbers if number < max(found)} - found
    assert not missing, "all of it is of one moment"
    assert new.run("check").exit_code == 0


@pytest.mark.row("F23")
def test_everything_comes_back_in_an_empty_site(run, app, make, backup, elsewhere):
    make.lived_in(make.letter())
    new = elsewhere()

    made, restored = run("backup", backup), new.run("restore", backup)

    assert (made.exit_code, restored.exit_code) == (0, 0), (made.output, restored.output)
    assert without_clocks(new.rows()) == without_clocks(held_by(app))
    assert new.run("check").exit_code == 0


@pytest.mark.postgresql
@pytest.mark.parametrize(("first", "second"), [("sqlite", "postgresql"), ("postgresql", "sqlite")])
def test_a_site_moves_from_one_database_to_the_other_and_back(
    run, app, make, backup, tmp_path, elsewhere, first, second
):
    make.lived_in(make.letter())
    run("backup", backup)
    there, back = elsewhere(first), elsewhere(second)

    there.run("restore", backup)
    there.run("backup", again := tmp_path / "again.backup")
    moved = back.run("restore", again)

    assert moved.exit_code == 0, moved.output
    assert without_clocks(back.rows()) == without_clocks(held_by(app))


def test_only_its_owner_may_read_it(run, make, backup):
    run("backup", backup)

    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert [path.name for path in backup.parent.glob("*backup*")] == [backup.name]


def test_nothing_in_it_signs_a_cookie_or_opens_an_account(run, app, make, backup):
    token = token_of(make.account())

    run("backup", backup)

    words = gzip.decompress(backup.read_bytes()).decode()
    assert "api_tokens" in words
    assert token not in words
    assert app.config["SECRET_KEY"] not in words


def test_it_tells_what_it_is_in_its_first_line(run, backup):
    run("backup", backup)

    head = json.loads(gzip.decompress(backup.read_bytes()).splitlines()[0])
    assert (head["discuss"], head["format"]) == ("backup", 1)


def test_a_second_one_takes_the_place_of_the_first(run, make, backup):
    run("backup", backup)
    first = backup.read_bytes()
    make.comment()

    again = run("backup", backup)

    assert (again.exit_code, backup.read_bytes() != first) == (0, True)


def test_what_a_killed_one_left_is_no_hindrance(run, backup):
    backup.with_name(f"{backup.name}.part").write_bytes(b"half")

    done = run("backup", backup)

    assert (done.exit_code, run("restore", backup, "--yes").exit_code) == (0, 0)


def test_it_never_writes_over_something_else(run, database, backup):
    backup.write_text("My diary.")

    done = run("backup", backup)

    assert (done.exit_code, done.stderr.count("\n")) == (1, 1)
    assert backup.read_text() == "My diary."


@pytest.mark.parametrize("name", ["no/such/folder/site.backup", "."])
def test_a_place_where_nothing_can_be_written_is_one_clear_line(run, tmp_path, name):
    done = run("backup", tmp_path / name)

    assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert "cannot be written" in done.stderr


def test_a_database_that_lacks_a_migration_is_not_backed_up(run, session, backup):
    session.execute(sa.text("UPDATE alembic_version SET version_num = '0001'"))
    session.commit()

    done = run("backup", backup)

    assert (done.exit_code, backup.exists()) == (1, False)
    assert "db upgrade" in done.stderr
