"""Long commands show how far they are to a person who watches, and nothing to a program."""

import pytest

from tests.transfer.backups import command, done, watched


@pytest.fixture
def words(request, run, make, jsonl, line, backup):
    """A command that takes long where there is much, by its name."""
    letter = make.letter()
    file = jsonl(*(line(n) for n in range(20)))
    archive = backup.with_name("site.archive")
    run("transfer", "export", archive)
    run("backup", backup)
    return {
        "import": ("transfer", "import", "jsonl", file, "--letter", letter.slug),
        "archive": ("transfer", "import", "archive", archive),
        "render": ("comments", "render"),
        "export": ("transfer", "export", archive),
        "backup": ("backup", backup),
        "restore": ("restore", backup, "--yes"),
    }[request.param]


@pytest.mark.parametrize(
    ("words", "labels"),
    [
        ("import", ["Importing"]),
        ("archive", ["Checking", "Importing"]),
        ("render", ["Rendering"]),
        ("export", ["Writing", "Checking"]),
        ("backup", ["Writing", "Checking"]),
        ("restore", ["Checking", "Restoring"]),
    ],
    indirect=["words"],
)
def test_a_bar_shows_on_a_terminal(words, database, labels):
    code, shown = watched(database, *words)

    assert code == 0, shown
    for label in labels:
        assert f"{label}  [####################################]  100%" in shown


@pytest.mark.parametrize(
    "words", ["import", "archive", "render", "export", "backup", "restore"], indirect=True
)
def test_a_program_is_shown_nothing(words, database):
    code, _said, complained = done(command(database, *words))

    assert (code, complained) == (0, "")
