"""What the tests of imports share: a letter to import into, files, the command itself."""

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from tests.api.program import Program


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
