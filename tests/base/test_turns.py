"""Writers of SQLite take turns, and every way to end a transaction passes the turn on."""

import os
import sqlite3
import threading

import pytest
import sqlalchemy as sa

from discuss.base import pagecache, turns
from discuss.base.db import db, is_sqlite
from discuss.base.pagecache.stamps import Clock


@pytest.fixture(autouse=True)
def _on_sqlite(app):
    with app.app_context():
        if not is_sqlite():
            pytest.skip("PostgreSQL queues writers by itself")


@pytest.mark.row("F7")
@pytest.mark.parametrize("end", ["commit", "rollback", "close", "invalidate"])
def test_a_writer_waits_until_the_one_before_it_has_ended(app, end):
    wrote, may_end = threading.Event(), threading.Event()

    def write_first():
        with app.app_context():
            pagecache.tick("first")
            wrote.set()
            may_end.wait(60)
            getattr(db.session, end)()

    def write_second():
        with app.app_context():
            pagecache.tick("second")
            ended_before.append(may_end.is_set())
            db.session.commit()

    ended_before: list[bool] = []
    threads = [threading.Thread(target=run) for run in (write_first, write_second)]
    threads[0].start()
    wrote.wait(60)
    threads[1].start()
    may_end.set()
    for thread in threads:
        thread.join(60)

    assert ended_before == [True]
    with app.app_context():
        assert ticked("second") == 1
        assert ticked("first") == (1 if end == "commit" else 0)


@pytest.mark.row("F7")
def test_a_writer_in_another_process_is_waited_for(app):
    with app.app_context():
        path = db.engine.url.database

    stranger = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    stranger.execute("BEGIN IMMEDIATE")
    ends = threading.Timer(0.05, stranger.execute, ["COMMIT"])
    ends.start()

    with app.app_context():
        pagecache.tick("after the stranger")
        db.session.commit()

        assert ticked("after the stranger") == 1
    ends.join()
    stranger.close()


@pytest.mark.row("F7")
def test_a_process_of_the_service_hears_at_once_that_another_one_has_written(app, monkeypatch):
    monkeypatch.setattr(turns, "LOOK_AGAIN", 60)  # it would fail, and not look again in between
    found_taken = threading.Event()
    looks = turns.InTurn._finds_it_taken

    def look(connection):
        taken = looks(connection)
        if taken:
            found_taken.set()
        return taken

    monkeypatch.setattr(turns.InTurn, "_finds_it_taken", look)
    with app.app_context():
        path = db.engine.url.database
        db.engine.dispose()

    def write():
        with app.app_context():
            pagecache.tick("after the other process")
            db.session.commit()

    to_child, from_child = os.pipe(), os.pipe()
    if (child := os.fork()) == 0:
        other = sqlite3.connect(path, factory=turns.InTurn)
        other.begin_in_turn()
        os.write(from_child[1], b"begun")
        os.read(to_child[0], 8)
        other.commit()
        os._exit(0)
    os.read(from_child[0], 8)
    writer = threading.Thread(target=write)
    writer.start()
    assert found_taken.wait(60)
    os.write(to_child[1], b"end it")
    writer.join(30)  # half of what it would wait unheard

    assert not writer.is_alive()
    assert os.waitpid(child, 0)[1] == 0
    with app.app_context():
        assert ticked("after the other process") == 1


def ticked(name: str) -> int:
    return db.session.scalar(sa.select(Clock.value).where(Clock.name == name)) or 0
