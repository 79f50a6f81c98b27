"""Read replicas: they render public pages as far as they have come, and are never needed."""

import os
import signal

import psycopg
import pytest
import sqlalchemy as sa

from discuss.base import config, replicas
from discuss.base import replica as one_replica
from discuss.base.db import session
from discuss.base.pagecache import stamp_of
from tests.plumbing.clusters import catch_up, plain
from tests.plumbing.databases import settings_for
from tests.plumbing.services import free_port

PRIMARY = "postgresql+psycopg://postgres@127.0.0.1:1/one"
A_DAY = 24 * 3600.0


@pytest.fixture
def settings(postgresql_database, replica, monkeypatch):
    """Settings with a replica in use, which is never left alone for longer than a moment."""
    monkeypatch.setattr(one_replica, "AWAY", 0.0)
    monkeypatch.setattr(one_replica, "BEHIND", 0.0)
    nobody = f"postgresql+psycopg://postgres@127.0.0.1:{free_port()}/nobody"
    urls = f"{nobody} {replica.url_of(postgresql_database.url)}"
    return lambda **given: settings_for(postgresql_database, replica_urls=urls, **given)


@pytest.fixture
def letter(make, replica, postgresql_cluster):
    """A letter with a comment, both of which have reached the replica."""
    letter = make.letter()
    make.comment(letter, source="Said at first.")
    catch_up(replica, postgresql_cluster)
    return letter


@pytest.fixture
def asked():
    """The ports of the servers that were asked for a whole letter."""
    ports = []

    def note(connection, _cursor, statement, *_rest):
        if "FROM paragraphs" in statement:
            ports.append(connection.engine.url.port)

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    yield ports
    sa.event.remove(sa.Engine, "before_cursor_execute", note)


@pytest.fixture
def page(reader, letter, asked):
    """Open the letter's page as somebody without a session: its words, and who was asked."""

    def open_it():
        asked.clear()
        answer = reader.get(f"/letters/{letter.slug}")
        assert answer.status_code == 200
        return answer.text, list(asked)

    return open_it


def test_a_replica_renders_what_it_has_reached_and_the_next_one_serves_where_one_is_away(
    page, replica
):
    words, asked = page()

    assert "Said at first." in words
    assert asked == [replica.port]


def test_a_replica_that_lags_renders_nothing_until_it_is_there(
    page, make, letter, replica, postgresql_cluster
):
    replica.ask("SELECT pg_wal_replay_pause()")
    make.comment(letter, source="Said just now.")
    words, asked = page()
    make.comment(letter, source="Said at last.")
    replica.ask("SELECT pg_wal_replay_resume()")
    catch_up(replica, postgresql_cluster)

    words_later, asked_later = page()

    assert ("Said just now." in words, asked) == (True, [postgresql_cluster.port])
    assert ("Said at last." in words_later, asked_later) == (True, [replica.port])


def test_no_page_of_comments_is_older_than_its_clock(reader, make, letter, replica):
    replica.ask("SELECT pg_wal_replay_pause()")
    make.comment(letter, source="Said meanwhile.")

    pages = {
        path: reader.get(path).text
        for path in (
            "/comments.atom",
            f"/letters/{letter.slug}/feed.atom",
            f"/letters/{letter.slug}/newer",
            f"/api/v1/letters/{letter.slug}/comments",
        )
    }

    news = ("Said meanwhile.", f'"newest": [{letter.clock}')
    assert [path for path, words in pages.items() if not any(new in words for new in news)] == []


def test_no_list_of_letters_is_older_than_its_clock(reader, make, letter, replica):
    replica.ask("SELECT pg_wal_replay_pause()")
    make.letter(headline="Written meanwhile")

    pages = [reader.get(path).text for path in ("/", "/feed.atom")]

    assert ["Written meanwhile" in words for words in pages] == [True, True]


def test_the_check_and_the_page_see_one_moment(app, make, letter, replica, postgresql_cluster):
    def letters():
        return session.scalars(sa.text("SELECT count(*) FROM letters")).one()

    def render():
        before = letters()
        with psycopg.connect(plain(app.extensions["settings"].database_url)) as primary:
            primary.execute("DELETE FROM paragraphs")
            primary.execute("DELETE FROM letter_tags")
            primary.execute("DELETE FROM comments")
            primary.execute("DELETE FROM letters")
        catch_up(replica, postgresql_cluster)
        return f"{before} {letters()}"

    before, after = replicas.rendered(render, stamp_of("letters")).split()

    assert before == after


def test_a_replica_that_is_killed_costs_no_reader_anything_and_is_found_again(
    page, make, letter, replica, postgresql_cluster
):
    page()
    replica.stop("immediate")
    make.comment(letter, source="Said without it.")
    words, asked = page()
    replica.start()
    make.comment(letter, source="Said with it.")
    catch_up(replica, postgresql_cluster)

    words_later, asked_later = page()

    assert ("Said without it." in words, asked) == (True, [postgresql_cluster.port])
    assert ("Said with it." in words_later, asked_later) == (True, [replica.port])


def test_a_replica_that_hangs_is_given_up(page, make, letter, replica, postgresql_cluster):
    page()
    backends = replica.ask(
        "SELECT array_agg(pid) FROM pg_stat_activity"
        " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
    )
    make.comment(letter, source="Said to a wall.")
    catch_up(replica, postgresql_cluster)
    for pid in backends:
        os.kill(pid, signal.SIGSTOP)

    try:
        words, asked = page()
    finally:
        for pid in backends:
            os.kill(pid, signal.SIGCONT)

    assert ("Said to a wall." in words, asked) == (True, [postgresql_cluster.port])


def test_a_promoted_replica_is_asked_for_nothing_though_its_clocks_may_be_ahead(
    app, page, make, letter, replica, postgresql_cluster
):
    page()
    replica.ask("SELECT pg_promote()")
    there = plain(replica.url_of(app.extensions["settings"].database_url))
    with psycopg.connect(there) as connection:
        connection.execute("UPDATE letters SET clock = clock + 1000")
    make.comment(letter, source="Said to the right one.")

    words, asked = page()

    assert ("Said to the right one." in words, asked) == (True, [postgresql_cluster.port])


def test_a_replica_that_did_not_answer_is_left_alone_for_a_while(
    page, make, letter, replica, postgresql_cluster, monkeypatch
):
    page()
    monkeypatch.setattr(one_replica, "AWAY", A_DAY)
    replica.stop("immediate")
    make.comment(letter)
    page()
    replica.start()
    make.comment(letter)
    catch_up(replica, postgresql_cluster)

    _words, asked = page()

    assert asked == [postgresql_cluster.port]


def test_a_page_for_one_person_comes_from_the_primary(
    sign_in, make, letter, asked, replica, postgresql_cluster
):
    person = sign_in(make.account())
    catch_up(replica, postgresql_cluster)

    person.get(f"/letters/{letter.slug}")

    assert asked == [postgresql_cluster.port]


def test_nothing_is_written_through_a_replica(app, letter):
    def tick():
        session.execute(sa.text("UPDATE letters SET clock = clock + 1"))

    before = letter.clock
    stamp = stamp_of("site")
    pages = [one.page(tick, stamp) for one in app.extensions["replicas"].in_turn()]

    session.refresh(letter)
    assert (pages, letter.clock) == ([None, None], before)


@pytest.mark.parametrize(
    ("database", "urls"),
    [(None, PRIMARY), ("sqlite:////tmp/discuss.db", PRIMARY), (PRIMARY, "sqlite:///one.db")],
)
def test_replicas_are_refused_where_there_can_be_none(database, urls):
    with pytest.raises(config.BadSetting, match="DISCUSS_REPLICA_URLS"):
        config.load(_env_file=None, database_url=database, replica_urls=urls)
