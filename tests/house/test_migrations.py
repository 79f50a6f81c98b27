"""The schema's history: from empty_database, over data, by two at once, and killed half-way."""

import fcntl
import os
import re
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata

from discuss import create_app
from discuss.base import migrations, schema
from discuss.base.db import Base, db, session
from discuss.base.pagecache import stamp_of, tick
from discuss.transfer import tables
from tests.plumbing.databases import Database, dispose, new_postgresql, settings_for
from tests.plumbing.services import REPO_ROOT

RUN = """
import sys
from discuss import create_app
from discuss.base import migrations
app = create_app()
app.config["ALEMBIC"]["script_location"] = sys.argv[1]
with app.app_context():
    migrations.upgrade()
"""

STEP = '''"""{what}"""

import os
import sqlalchemy as sa
from alembic import op

revision = "{number}"
down_revision = {before!r}


def upgrade():
    {what}
'''

MAKE_PARENTS = """
    op.create_table("parents", sa.Column("id", sa.Integer, primary_key=True))
    op.create_table(
        "children",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("parent", sa.Integer, sa.ForeignKey("parents.id", ondelete="CASCADE")),
    )
    op.execute("INSERT INTO parents (id) VALUES (1)")
    op.execute("INSERT INTO children (id, parent) VALUES (1, 1)")
"""
DIE_HALF_WAY = """
    op.create_table("half", sa.Column("id", sa.Integer, primary_key=True))
    op.execute("DELETE FROM children")
    os.kill(os.getpid(), 9)
"""
CHANGE_PARENTS = """
    with op.batch_alter_table("parents", recreate="auto") as parents:
        parents.add_column(sa.Column("name", sa.String(20), nullable=False, server_default="x"))
        parents.create_check_constraint("named", "name <> ''")
"""
ORPHAN_A_CHILD = """
    op.execute("DELETE FROM parents")
"""


@contextmanager
def application(database, history=None):
    app = create_app(settings_for(database))
    if history:
        app.config["ALEMBIC"]["script_location"] = str(history)
    with app.app_context():
        yield app
    dispose(app)


@pytest.fixture
def history(tmp_path):
    """Write a history of one's own: `history(MAKE_PARENTS, DIE_HALF_WAY)`."""

    def write(*steps):
        folder = tmp_path / "history"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for number, what in enumerate(steps, start=1):
            before = f"{number - 1:04}" if number > 1 else None
            text = STEP.format(number=f"{number:04}", before=before, what=what.strip())
            (folder / f"{number:04}_step.py").write_text(text)
        return folder

    return write


def run(database, history):
    """Migrate in a process of its own, which may be killed."""
    settings = {
        "DISCUSS_DATABASE_URL": database.url,
        "DISCUSS_DATA_DIR": str(database.data_dir),
        "DISCUSS_DEMO": "off",
    }
    return subprocess.Popen(
        [sys.executable, "-c", RUN, str(history)],
        env=os.environ | settings,
        cwd=REPO_ROOT,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_the_newest_schema_is_what_the_models_say(empty_database):
    with application(empty_database):
        migrations.upgrade()

        differences = compare_metadata(migrations.alembic.migration_context, Base.metadata)

        assert (differences, schema.is_at_newest()) == ([], True)


def test_the_newest_migration_is_the_one_that_alembic_says(empty_database):
    with application(empty_database):
        head = migrations.alembic.script_directory.get_current_head()

        assert (schema.newest(), schema.is_at_newest()) == (head, False)


def test_a_second_upgrade_does_nothing(empty_database):
    with application(empty_database):
        applied = migrations.upgrade()

        assert (len(applied) > 0, migrations.upgrade()) == (True, [])


def test_what_migrated_can_write_at_once(empty_database):
    with application(empty_database):
        migrations.upgrade()
        tick("letters")
        session.commit()

        assert stamp_of("letters").text == "1"


def test_revisions_are_one_line_in_the_order_of_their_files():
    files = sorted((REPO_ROOT / "migrations").glob("[0-9]*.py"))
    numbers = [file.name[:4] for file in files]
    befores = [re.search(r"^down_revision = (.*)$", file.read_text(), re.M)[1] for file in files]

    assert numbers == [f"{number:04}" for number in range(1, len(files) + 1)]
    assert befores == ["None", *(f'"{number}"' for number in numbers[:-1])]


@pytest.mark.row("F22")
def test_each_migration_keeps_the_rows_that_it_finds(empty_database):
    kept = {}
    for _ in (REPO_ROOT / "migrations").glob("[0-9]*.py"):
        with application(empty_database):  # each step is another release
            migrations.alembic.upgrade(+1)
            now = fill(db.engine)

        assert {name: now[name] for name in kept} == kept
        kept = now

    assert len(kept) > 10


def fill(engine):
    """Put a row into every table that has none; return how many rows each table has."""
    schema = sa.MetaData()
    schema.reflect(engine, resolve_fks=True)
    checks = sa.inspect(engine)
    with engine.begin() as connection:
        for table in schema.sorted_tables:
            count = connection.scalar(sa.select(sa.func.count()).select_from(table))
            if not count and table.name != "alembic_version":
                rules = [str(c["sqltext"]) for c in checks.get_check_constraints(table.name)]
                connection.execute(table.insert().values(row(table, rules, connection)))
        return {
            table.name: connection.scalar(sa.select(sa.func.count()).select_from(table))
            for table in schema.sorted_tables
        }


def row(table, rules, connection):
    """Return a row that keeps the table's rules: what may be empty is, what points, points."""
    values = {}
    for column in table.columns:
        outward = (key for key in column.foreign_keys if key.column.table is not table)
        if (points_to := next(outward, None)) is not None:
            values[column.name] = connection.scalar(sa.select(points_to.column).limit(1))
        elif not column.nullable and column.server_default is None:
            values[column.name] = value(column, rules)
    return values


def value(column, rules):
    """Return something that fits: the first of those that a rule allows, where one lists them."""
    for rule in rules:
        # SQLite says `x IN ('a', 'b')`, PostgreSQL `x = ANY (ARRAY['a'::text, 'b'::text])`.
        listed = re.search(rf"\b{column.name}\b.*?\b(?:IN|ANY)\b.*?(-?\d+|'\w+')", rule, re.S)
        if listed:
            first = listed[1].strip("'")
            return int(first) if isinstance(column.type, sa.Integer) else first
    kinds = {
        sa.Boolean: False,
        sa.Integer: 0,  # also the number of the comment that is the letter itself
        sa.Float: 0.0,
        sa.DateTime: datetime(2026, 1, 1, tzinfo=UTC),
        sa.Date: datetime(2026, 1, 1, tzinfo=UTC).date(),
        sa.JSON: [],
        sa.LargeBinary: b"x",
    }
    return next((made for kind, made in kinds.items() if isinstance(column.type, kind)), "x")


def test_a_table_that_is_made_anew_gives_no_id_twice(empty_database):
    held = Base.metadata.tables["held_comments"]
    with application(empty_database):
        migrations.alembic.upgrade("0007")
        with db.engine.begin() as connection:
            tables.give_no_id_twice(connection, held, 41)

        migrations.upgrade()

        with db.engine.connect() as connection:
            assert tables.last_id(connection, held) == 41


@pytest.mark.row("F22")
def test_a_migration_that_is_killed_leaves_nothing_of_itself(empty_database, history):
    killed = run(empty_database, history(MAKE_PARENTS, DIE_HALF_WAY))
    killed.communicate(timeout=300)
    engine = sa.create_engine(empty_database.url, poolclass=sa.NullPool)

    tables = set(sa.inspect(engine).get_table_names())
    with engine.connect() as connection:
        revision = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
        children = connection.scalar(sa.text("SELECT count(*) FROM children"))
    again = run(empty_database, history(MAKE_PARENTS, CHANGE_PARENTS))
    again.communicate(timeout=300)

    assert killed.returncode == -signal.SIGKILL
    assert tables == {"alembic_version", "parents", "children"}
    assert (revision, children, again.returncode) == ("0001", 1, 0)


def test_a_table_that_is_made_anew_takes_no_row_along_that_points_to_it(empty_database, history):
    with application(empty_database, history(MAKE_PARENTS, CHANGE_PARENTS)):
        migrations.upgrade()

        assert session.scalar(sa.text("SELECT count(*) FROM children")) == 1


@pytest.mark.row("F22")
def test_a_migration_that_orphans_a_row_is_undone(sqlite_folder, history):
    with application(sqlite_folder, history(MAKE_PARENTS)):
        migrations.upgrade()
    with application(sqlite_folder, history(MAKE_PARENTS, ORPHAN_A_CHILD)):
        with pytest.raises(
            sa.exc.DatabaseError, match="a row of children points to none in parents"
        ):
            migrations.upgrade()

        assert session.scalar(sa.text("SELECT count(*) FROM parents")) == 1


@pytest.fixture
def sqlite_folder(data_dir):
    return Database(f"sqlite:///{data_dir / 'discuss.db'}", data_dir)


@pytest.mark.row("F22")
def test_sqlite_is_copied_before_it_is_changed(sqlite_folder, history):
    with application(sqlite_folder, history(MAKE_PARENTS)):
        migrations.upgrade()
    copies_of_nothing = list(sqlite_folder.data_dir.glob("*before*"))
    with application(sqlite_folder, history(MAKE_PARENTS, CHANGE_PARENTS)):
        migrations.upgrade()
        migrations.upgrade()

    copies = list(sqlite_folder.data_dir.glob("*before*"))
    copy = sqlite_folder.data_dir / "discuss-before-upgrade-from-0001.db"
    columns = sa.inspect(sa.create_engine(f"sqlite:///{copy}")).get_columns("parents")
    assert (copies_of_nothing, copies) == ([], [copy])
    assert [column["name"] for column in columns] == ["id"]


def test_two_that_start_at_once_migrate_once(empty_database):
    both = [run(empty_database, REPO_ROOT / "migrations") for _ in range(2)]

    said = [process.communicate(timeout=300)[1] for process in both]

    assert [process.returncode for process in both] == [0, 0], said


def test_nobody_else_migrates_sqlite_meanwhile(sqlite_folder):
    with application(sqlite_folder):
        folder = os.open(sqlite_folder.data_dir, os.O_RDONLY)
        with migrations._alone(db.engine), pytest.raises(BlockingIOError):
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.close(folder)


def test_a_migration_may_take_longer_than_a_readers_statement(postgresql_server, data_dir, history):
    database = Database(new_postgresql(postgresql_server), data_dir)
    ask = "op.execute(\"CREATE TABLE said AS SELECT current_setting('statement_timeout') AS it\")"
    with application(database, history(ask)):
        migrations.upgrade()

        assert session.scalar(sa.text("SELECT it FROM said")) == "0"
        assert session.scalar(sa.text("SELECT current_setting('statement_timeout')")) != "0"


def test_the_files_of_migrations_are_only_migrations():
    names = {path.name for path in (REPO_ROOT / "migrations").iterdir()} - {"__pycache__"}

    assert [
        name for name in names if not re.fullmatch(r"\d{4}_\w+\.py|script\.py\.mako", name)
    ] == []
