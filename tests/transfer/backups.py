"""What the tests of backups and restores share: two sites, and what a database holds."""

import contextlib
import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask

from discuss import create_app
from discuss.base.db import Base, db
from tests.plumbing.databases import SECRET, Database, dispose, settings_for
from tests.plumbing.services import REPO_ROOT


def everything(engine: sa.Engine) -> dict[str, list[Any]]:
    """Return every row of every table."""
    with engine.connect() as connection:
        return {
            table.name: connection.execute(sa.select(table).order_by(*table.primary_key)).all()
            for table in Base.metadata.sorted_tables
        }


def held_by(app: Flask) -> dict[str, list[Any]]:
    """Return every row of the application's database."""
    with app.app_context():
        return everything(db.engine)


def without_clocks(rows: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """Leave out what a restore raises."""
    return {name: rows[name] for name in rows if name != "clocks"}


def command(database: Database, *words: object, **options: Any) -> subprocess.Popen[str]:
    """Start a `flask` command in a process of its own."""
    here = {
        "DISCUSS_DATABASE_URL": database.url,
        "DISCUSS_DATA_DIR": str(database.data_dir),
        "DISCUSS_SECRET_KEY": SECRET,
        "DISCUSS_DEMO": "off",
    }
    piped = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "wsgi", *map(str, words)],
        cwd=REPO_ROOT,
        env=os.environ | here,
        text=True,
        **{**piped, **options},
    )


def done(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    """Wait for a command; return its code and what it printed."""
    said, complained = process.communicate(timeout=300)
    return process.returncode, said, complained


def watched(database: Database, *words: object) -> tuple[int, str]:
    """Run a command before somebody's eyes; return its code and what its stderr showed."""
    eyes, screen = pty.openpty()
    with command(database, *words, stderr=screen) as process:
        os.close(screen)
        shown = b""
        with contextlib.suppress(OSError):  # Linux's word for the end of a terminal
            while seen := os.read(eyes, 4096):
                shown += seen
        process.communicate(timeout=300)
    os.close(eyes)
    return process.returncode, shown.decode()


class Elsewhere:
    """Another site: `elsewhere.run("restore", file)`, `elsewhere.rows()`."""

    def __init__(self, url: str, data_dir: Path) -> None:
        data_dir.mkdir()
        self.database = Database(url, data_dir)
        self.app = create_app(settings_for(self.database))
        self.run("db", "upgrade")

    def run(self, *words: object) -> Any:
        """Run a `flask` command there."""
        with self.app.app_context():  # else it would be that of the test's own site
            return self.app.test_cli_runner().invoke(args=[str(word) for word in words])

    def rows(self) -> dict[str, list[Any]]:
        """Return all that it holds."""
        return held_by(self.app)

    def close(self) -> None:
        """Let go of its database."""
        dispose(self.app)
