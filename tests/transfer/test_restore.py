"""A restore: the backup's state or the one before, and nothing comes to mean something else."""

import contextlib
import gzip
import os
import pty
import signal
import sqlite3
from datetime import UTC, datetime

import psycopg
import pytest
import requests
import sqlalchemy as sa

from discuss.accounts.models import ApiToken, SignIn
from discuss.base import schema
from discuss.base.db import Base, db
from discuss.comments.models import Comment
from discuss.transfer import actions, archive, tables
from discuss.transfer.actions import Arrival
from discuss.transfer.archive import Head, Reader
from tests.api.program import token_of
from tests.plumbing.browser import served
from tests.plumbing.services import wait_until
from tests.transfer.backups import command, done, held_by, without_clocks

MANY = 6_000  # comments; writing them takes longer than to see that it has begun

LATER = {
    "mutes",
    "moderator_feeds",
    "used_links",
    "assistants",
    "assistant_knowledge",
    "assistant_words",
    "assistant_opinions",
}  # tables that came after schema 0018


@pytest.fixture
def refused(run, app):
    """Restore what cannot be: `refused(file)` returns what was said, and knows nothing changed."""

    def restored(path):
        before = held_by(app)
        done = run("restore", path, "--yes")
        assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (1, "", 1), done.output
        assert held_by(app) == before
        return done.stderr

    return restored


def test_a_running_site_shows_the_restored_state_on_the_next_page(app, make, database, backup):
    letter = make.letter()
    make.comment(letter, source="From before.")
    with served(database) as site:
        page = f"{site.url}/letters/{letter.slug}"
        done(command(database, "backup", backup))
        make.comment(letter, source="From afterwards.")
        tag = requests.get(page, timeout=60).headers["ETag"]

        restored = done(command(database, "restore", backup, "--yes"))
        answer = requests.get(page, headers={"If-None-Match": tag}, timeout=60)

        assert restored[0] == 0, restored
        assert answer.status_code == 200
        assert "From before." in answer.text
        assert "From afterwards." not in answer.text


def test_no_page_of_the_time_between_is_ever_taken_for_a_later_one(run, app, make, reader, backup):
    letter = make.letter()
    run("backup", backup)
    tags, numbers = set(), set()
    for _ in range(3):
        numbers.add(make.comment(letter).number)
        tags.add(reader.get(f"/letters/{letter.slug}").headers["ETag"])

    run("restore", backup, "--yes")

    db.session.expire_all()
    for _ in range(4):
        comment = make.comment(letter)
        page = reader.get(f"/letters/{letter.slug}")
        assert comment.number not in numbers, "a number means one comment for ever"
        assert page.headers["ETag"] not in tags


def test_an_id_is_somebodys_for_ever(run, app, make, backup):
    run("backup", backup)
    gone = make.account()

    run("restore", backup, "--yes")

    db.session.expunge_all()
    assert make.account().id > gone.id


def test_an_id_that_was_given_and_is_gone_is_not_given_elsewhere(run, make, backup, elsewhere):
    held = make.held()
    held_id, letter = held.id, make.letter()
    db.session.delete(held)
    db.session.commit()
    run("backup", backup)
    new = elsewhere()

    new.run("restore", backup)

    with new.app.app_context():
        assert make.held(letter).id > held_id


def test_who_was_signed_in_at_both_times_still_is(run, make, sign_in, backup):
    account = make.account("Robin")
    browser = sign_in(account)
    run("backup", backup)

    run("restore", backup, "--yes")

    assert "Robin" in browser.get("/account").text


def test_what_was_ended_since_the_backup_stays_ended(run, app, session, make, sign_in, backup):
    account = make.account()
    browser, token = sign_in(account), token_of(account)
    run("backup", backup)
    session.execute(sa.delete(SignIn))
    session.execute(sa.delete(ApiToken))
    session.commit()

    run("restore", backup, "--yes")

    rows = held_by(app)
    assert (rows["signins"], rows["api_tokens"]) == ([], []), token
    assert "Log out" not in browser.get("/").text


def test_who_signed_in_since_the_backup_is_signed_out(run, make, sign_in, backup):
    run("backup", backup)
    browser = sign_in(make.account("Robin"))

    run("restore", backup, "--yes")

    assert browser.get("/").status_code == 200
    assert "Robin" not in browser.get("/").text


def test_on_a_new_machine_everybody_is_still_signed_in(run, app, make, sign_in, backup, elsewhere):
    account = make.account()
    sign_in(account)
    token_of(account)
    run("backup", backup)
    new = elsewhere()

    new.run("restore", backup)

    assert len(new.rows()["signins"]) == len(new.rows()["api_tokens"]) == 1


@pytest.fixture
def whole(run, make, backup):
    """A backup that could be restored, as bytes."""
    make.lived_in(make.letter())
    run("backup", backup)
    make.comment()
    return backup.read_bytes()


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9, 0.999])
def test_what_was_cut_off_is_refused(refused, backup, whole, kept):
    backup.write_bytes(whole[: int(len(whole) * kept)])

    assert "is damaged or was cut off" in refused(backup)


@pytest.mark.parametrize("kept", [0, 1, 8, 12])
def test_what_was_cut_off_in_its_head_is_refused(refused, backup, whole, kept):
    backup.write_bytes(whole[:kept])

    assert "is no archive of Discuss" in refused(backup)


@pytest.mark.parametrize("place", [0.01, 0.2, 0.4, 0.6, 0.8, 0.99])
def test_a_single_flipped_bit_is_refused(refused, backup, whole, place):
    flipped = bytearray(whole)
    flipped[int(len(whole) * place)] ^= 1
    backup.write_bytes(flipped)

    assert "nothing was changed" in refused(backup)


def test_a_row_that_was_changed_by_hand_is_refused(refused, backup, whole):
    words = gzip.decompress(whole).replace(b"Edited.", b"Forged.")
    backup.write_bytes(gzip.compress(words))

    assert "is damaged" in refused(backup)


def test_something_behind_the_end_is_refused(refused, backup, whole):
    backup.write_bytes(whole + gzip.compress(b"[1]\n"))

    assert "is damaged" in refused(backup)


@pytest.mark.parametrize(
    "other",
    [
        b"Dear diary,\n",
        b"\0" * 100,
        gzip.compress(b"Dear diary,\n", mtime=0),
        gzip.compress(b"{}\n", mtime=0),
    ],
)
def test_what_is_no_backup_is_refused(refused, backup, other):
    backup.write_bytes(other)

    assert "is no archive of Discuss" in refused(backup)


def test_a_file_that_is_not_there_is_one_clear_line(refused, tmp_path):
    assert "cannot be read: No such file or directory" in refused(tmp_path / "nowhere")


def written(path, head, sections):
    with path.open("wb") as file:
        archive.write(file, head, sections, lambda _: None)


@pytest.mark.parametrize(("schema", "form"), [("9999", 1), ("0001", 2)])
def test_a_backup_of_a_newer_release_is_refused(refused, backup, schema, form):
    written(backup, Head("backup", schema, "2030-01-01", form), [])

    assert "newer release" in refused(backup)


def test_an_archive_is_no_backup(refused, backup):
    written(backup, Head("archive", "0001", "2026-01-01"), [])

    assert "of the kind archive, not backup" in refused(backup)


def test_a_backup_of_an_older_release_is_migrated(run, app, make, backup, elsewhere):
    make.lived_in(make.letter())
    run("backup", backup)
    with backup.open("rb") as file, (old := backup.with_name("old")).open("wb") as to:
        earlier = (s for s in Reader(file).sections(lambda _: None) if s.table not in LATER)
        archive.write(to, Head("backup", "0018", "2026-01-01"), earlier, lambda _: None)
    new = elsewhere()

    restored = new.run("restore", old)

    assert restored.exit_code == 0, restored.output
    assert without_clocks(new.rows()) == without_clocks(held_by(app)) | {name: [] for name in LATER}


def test_it_asks_before_it_replaces_anything(run, make, database, backup, refused):
    run("backup", backup)
    make.comment()

    asked = run("restore", backup)

    assert (asked.exit_code, asked.stderr.count("\n")) == (1, 1)
    assert "comments; say --yes" in asked.stderr


@pytest.mark.parametrize(("answer", "code"), [("y\n", 0), ("n\n", 1)])
def test_a_person_is_asked(app, run, make, database, backup, answer, code):
    run("backup", backup)
    make.comment(source="Later.")
    ours, theirs = pty.openpty()

    with command(database, "restore", backup, stdin=theirs) as restoring:
        os.write(ours, answer.encode())
        ended, _said, asked = done(restoring)

    os.close(ours), os.close(theirs)
    assert "Replace all by the backup" in asked
    assert ended == code
    has_gone = not any(row.source == "Later." for row in held_by(app)["comments"])
    assert has_gone == (code == 0)


def fill(letter):
    """Give a letter so many comments that restoring them takes a while."""
    at = datetime(2026, 1, 1, tzinfo=UTC)
    arrivals = [Arrival(f"x:{n}", 0, "Robin", at, "Word. " * 60, "", 0) for n in range(MANY)]
    actions.join(letter, arrivals)
    db.session.commit()


def others_are_shut_out(database):
    """Whether somebody has taken what a restore takes before it changes anything."""
    if database.url.startswith("sqlite"):
        file = database.url.removeprefix("sqlite:///")
        with contextlib.closing(sqlite3.connect(file, timeout=0)) as connection:
            try:
                connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                return True
        return False
    with psycopg.connect(database.url.replace("+psycopg", "")) as connection:
        locks = connection.execute(
            "SELECT count(*) FROM pg_locks WHERE mode = 'ExclusiveLock' AND granted"
            " AND relation = 'comments'::regclass"
        )
        return locks.fetchone()[0] > 0


@pytest.mark.row("F23")
def test_a_kill_half_way_leaves_what_was_there(run, app, make, database, backup, session):
    letter = make.letter()
    fill(letter)
    run("backup", backup)
    session.execute(sa.update(Comment).where(Comment.number > 0).values(source="Now."))
    session.commit()
    before = held_by(app)
    session.rollback()

    with command(database, "restore", backup, "--yes") as restoring:
        wait_until(lambda: others_are_shut_out(database), "the restore")
        restoring.send_signal(signal.SIGKILL)
        ended, said, _complained = done(restoring)

    wait_until(lambda: not others_are_shut_out(database), "the end of its transaction")
    assert (ended, said) == (-signal.SIGKILL, "")
    assert held_by(app) == before
    assert run("check").exit_code == 0
    assert make.comment().number


def test_a_backup_whose_rows_the_database_refuses_leaves_what_was_there(refused, app, backup):
    letterless = [table for table in Base.metadata.sorted_tables if table.name != "letters"]
    with db.engine.connect() as connection:
        sections = tables.sections(connection, letterless)
        written(backup, Head("backup", schema.newest(), "2026-01-01"), sections)

    assert "The database says: " in refused(backup)
