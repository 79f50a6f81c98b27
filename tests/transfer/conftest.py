"""What the tests of imports share: a letter to import into, files, the command itself."""

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.api.program import Program
from tests.plumbing.databases import KIND, new_postgresql
from tests.transfer.backups import Elsewhere


@pytest.fixture
def letter(make):
    return make.letter(slug="imported")


@pytest.fixture
def anybody(app):
    """A program without a token."""
    return Program.of(app)


@pytest.fixture
def jsonl(tmp_path: Path) -> Callable[..., Path]:
    """Write a file: each argument is an object, or the bytes of a whole line."""

    def written(*lines: Any) -> Path:
        path = tmp_path / "comments.jsonl"
        with path.open("wb") as file:
            for line in lines:
                file.write(line if isinstance(line, bytes) else json.dumps(line).encode())
                file.write(b"\n")
        return path

    return written


@pytest.fixture
def run(app) -> Callable[..., Any]:
    """Run a `flask` command: `run("transfer", "import", …)`."""
    return lambda *words: app.test_cli_runner().invoke(args=[str(word) for word in words])


@pytest.fixture
def import_jsonl(run, letter) -> Callable[..., Any]:
    """Import a file into the letter."""
    return lambda path, *options: run(
        "transfer", "import", "jsonl", path, "--letter", letter.slug, *options
    )


@pytest.fixture
def line() -> Callable[..., dict[str, Any]]:
    """Make a line that can be imported: `line("a", parent_id=None)`."""

    def made(name: Any, **members: Any) -> dict[str, Any]:
        return {
            "id": name,
            "parent_id": None,
            "author": "Robin",
            "created": 1_600_000_000,
            "text": f"Comment {name}.",
        } | members

    return made


@pytest.fixture
def texts(run) -> Callable[[Any], Iterable[str]]:
    """Return the sources of a letter's public comments, as `comments texts` prints them."""
    return lambda letter: [
        json.loads(printed)
        for printed in run("comments", "texts", "--letter", letter.slug).stdout.splitlines()
    ]


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    """Where a backup is to lie."""
    return tmp_path / "site.backup"


@pytest.fixture
def elsewhere(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[..., Elsewhere]]:
    """Open another site, on an empty database of the kind that is asked for."""
    opened = []

    def site(kind: str = KIND) -> Elsewhere:
        data_dir = tmp_path / f"elsewhere-{len(opened)}"
        if kind == "sqlite":
            url = f"sqlite:///{data_dir / 'discuss.db'}"
        else:
            url = new_postgresql(request.getfixturevalue("postgresql_server"))
        opened.append(Elsewhere(url, data_dir))
        return opened[-1]

    yield site
    for one in opened:
        one.close()
