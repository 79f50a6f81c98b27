"""Clean databases at the newest migration: SQLite from a copied file, PostgreSQL emptied."""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from flask import Flask
from psycopg import sql

from discuss import create_app
from discuss.base import migrations
from discuss.base.config import Settings
from tests.plumbing.clusters import plain

KIND = os.environ.get("DISCUSS_TEST_DATABASE", "sqlite")
SECRET = "for tests only, and as long as a real one is"

_numbers = count(1)

OURS = """
    relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'alembic_version'
"""
# TRUNCATE gives each of 44 tables and all their indexes new files: 60 ms, where this takes two.
EMPTY = f"""
DO $$
DECLARE
    name regclass;
BEGIN
    SET LOCAL session_replication_role = replica;  -- else a row waits for those that point to it
    FOR name IN SELECT oid FROM pg_class WHERE {OURS} LOOP
        EXECUTE format('LOCK TABLE %s', name);  -- what was just ended may still be writing
        IF pg_relation_size(name) > 0 THEN
            EXECUTE format('DELETE FROM %s', name);
        END IF;
    END LOOP;
END $$
"""  # noqa: S608
# What is longer than a page would be filled anew in any order, and be read past in vain.
GROWN = f"SELECT oid::regclass::text FROM pg_class WHERE {OURS} AND pg_relation_size(oid) > 8192"  # noqa: S608


@dataclass(frozen=True)
class Database:
    """A clean database at the newest migration, and a data dir beside it."""

    url: str
    data_dir: Path


def settings_for(database: Database, **given: Any) -> Settings:
    """Return settings that read nothing from the machine.

    :param database: what the application is to run on.
    :param given: settings that differ from the tests' own.
    """
    own: dict[str, Any] = {
        "data_dir": database.data_dir,
        "database_url": database.url,
        "demo": False,
        "secret_key": SECRET,
        "site_url": "http://127.0.0.1:8000",
    }
    return Settings(_env_file=None, **{**own, **given})


def migrate(database: Database) -> None:
    """Bring a database to the newest migration."""
    app = create_app(settings_for(database))
    with app.app_context():
        migrations.upgrade()
    dispose(app)


def dispose(app: Flask) -> None:
    """Close every connection that an application holds to its database and its replicas."""
    app.extensions["replicas"].close()
    with app.app_context():
        for engine in app.extensions["sqlalchemy"].engines.values():
            engine.dispose()


@pytest.fixture
def database(request: pytest.FixtureRequest) -> Database:
    """A clean database of the kind that this run is about, and a data dir of its own."""
    found: Database = request.getfixturevalue(f"{KIND}_database")
    return found


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database(request: pytest.FixtureRequest, data_dir: Path) -> Database:
    """A database without a single table, of both kinds whatever kind this run is about."""
    if request.param == "sqlite":
        return Database(f"sqlite:///{data_dir / 'discuss.db'}", data_dir)
    return Database(new_postgresql(request.getfixturevalue("postgresql_server")), data_dir)


@pytest.fixture
def settings(database: Database) -> Callable[..., Settings]:
    """Make settings for an application on the test's own database: `settings(guests="confirm")`."""
    return lambda **given: settings_for(database, **given)


@pytest.fixture
def sqlite_database(_sqlite_template: Path, data_dir: Path) -> Database:
    """A clean SQLite database whatever kind this run is about."""
    shutil.copy(_sqlite_template, data_dir / "discuss.db")
    return Database(f"sqlite:///{data_dir / 'discuss.db'}", data_dir)


@pytest.fixture
def postgresql_database(postgresql_url: str, _revision: str, data_dir: Path) -> Database:
    """A clean PostgreSQL database whatever kind this run is about."""
    _empty(postgresql_url, _revision)
    return Database(postgresql_url, data_dir)


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """An empty data dir."""
    folder = tmp_path / "instance"
    folder.mkdir()
    return folder


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("template")
    template = folder / "discuss.db"
    migrate(Database(f"sqlite:///{template}", folder))
    return template


@pytest.fixture(scope="session")
def _revision(postgresql_url: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    migrate(Database(postgresql_url, tmp_path_factory.mktemp("migrating")))
    with psycopg.connect(plain(postgresql_url)) as connection:
        (revision,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return str(revision)


def _empty(url: str, revision: str) -> None:
    with psycopg.connect(plain(url), autocommit=True) as connection:
        # What an earlier test left open would hold its locks for ever.
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        connection.execute(EMPTY)
        if grown := [name for (name,) in connection.execute(GROWN)]:
            connection.execute(sql.SQL("VACUUM {}").format(sql.SQL(", ".join(grown))))
        connection.execute("SELECT setval(seqrelid, seqstart, false) FROM pg_sequence")
        connection.execute("DELETE FROM alembic_version")  # a test may have changed it
        connection.execute("INSERT INTO alembic_version VALUES (%s)", [revision])


@pytest.fixture(scope="session")
def postgresql_url(postgresql_server: str) -> str:
    """The database that `postgresql_database` cleans; use that one."""
    return new_postgresql(postgresql_server)


def new_postgresql(server: str) -> str:
    """Create an empty database without a table, and return its address.

    :param server: the `postgresql_server`.
    """
    name = f"discuss_{next(_numbers)}"
    with psycopg.connect(plain(server), autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return sa.make_url(server).set(database=name).render_as_string(hide_password=False)
