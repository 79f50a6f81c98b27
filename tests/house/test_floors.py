"""The house's floors: a package imports only from those below it, and nothing hides the rest."""

import ast
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

from tests.plumbing.services import REPO_ROOT

CODE = sorted((REPO_ROOT / "discuss").rglob("*.py"))


def test_packages_import_only_from_floors_below(monkeypatch, capsys):
    monkeypatch.chdir(REPO_ROOT)

    code = lint_imports(config_filename="pyproject.toml", no_cache=True, no_logo=True)

    assert code == 0, capsys.readouterr().out


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(REPO_ROOT)))
def test_no_import_hides_in_a_function(path):
    assert hidden_imports(path) == []


def hidden_imports(path: Path) -> list[int]:
    """Return the lines of imports inside functions; only a thing on the wrong floor needs one."""
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    imports = (ast.Import, ast.ImportFrom)
    return [
        line.lineno
        for function in ast.walk(ast.parse(path.read_text()))
        if isinstance(function, functions)
        for line in ast.walk(function)
        if isinstance(line, imports)
    ]
