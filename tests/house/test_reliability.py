"""docs/security/reliability.md names the tests that hold each row, as their marks say.

`python -m tests.house.test_reliability` writes its last column anew. The marks are read from the
files, so that this costs no second run of pytest.
"""

import ast
import re
from collections import defaultdict

from tests.plumbing.services import REPO_ROOT

DOCUMENT = REPO_ROOT / "docs" / "security" / "reliability.md"
ROWS = [*map(str, range(1, 39)), *(f"F{number}" for number in range(1, 27))]
LINE = re.compile(r"^\| (F?\d+) \| (.+) \| (yes|) ?\| (.*?) ?\|$", re.M)
NONE = "no test yet"


def holders() -> dict[str, list[str]]:
    """Return the tests of each row, by file and name, in the order of their files."""
    found = defaultdict(list)
    for path in sorted((REPO_ROOT / "tests").rglob("test_*.py")):
        for function in ast.walk(ast.parse(path.read_text())):
            if isinstance(function, ast.FunctionDef):
                for row in rows_of(function):
                    found[row].append(f"{path.relative_to(REPO_ROOT / 'tests')}::{function.name}")
    return found


def rows_of(function: ast.FunctionDef) -> list[str]:
    """Return the rows that a test's decorator names."""
    return [
        ast.literal_eval(row)
        for mark in function.decorator_list
        if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.row"
        for row in mark.args
    ]


def cell(row: str, held_by: dict[str, list[str]]) -> str:
    """Return what the document says about who holds a row."""
    return "<br>".join(f"`{name}`" for name in held_by.get(row, [])) or NONE


def written() -> str:
    """Return the document with its last column made anew."""
    held_by = holders()

    def line(found: re.Match[str]) -> str:
        row, what, moderation, _old = found.groups()
        return f"| {row} | {what} | {moderation} | {cell(row, held_by)} |"

    return LINE.sub(line, DOCUMENT.read_text())


def test_the_document_names_the_tests_that_hold_each_row():
    assert DOCUMENT.read_text() == written(), "run: python -m tests.house.test_reliability"


def test_every_row_is_in_the_document_and_every_mark_names_one():
    assert [found[1] for found in LINE.finditer(DOCUMENT.read_text())] == ROWS
    assert set(holders()) <= set(ROWS)


def test_every_row_that_touches_moderation_is_held():
    touching = {found[1] for found in LINE.finditer(DOCUMENT.read_text()) if found[3]}

    assert len(touching) > 20
    assert touching - set(holders()) == set()


if __name__ == "__main__":
    DOCUMENT.write_text(written())
