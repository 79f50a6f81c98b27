"""The house's floors: a package imports only from those below it, and nothing hides the rest."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.plumbing.services import REPO_ROOT

CODE = sorted((REPO_ROOT / "discuss").rglob("*.py"))


LINT = """import sys; from importlinter.cli import lint_imports
sys.exit(lint_imports(config_filename="pyproject.toml", no_cache=True, no_logo=True))"""


def test_packages_import_only_from_floors_below():
    # In a process of its own: it switches off the loggers that others' tests listen to.
    done = subprocess.run(
        [sys.executable, "-c", LINT], cwd=REPO_ROOT, capture_output=True, text=True
    )

    assert done.returncode == 0, done.stdout


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


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(REPO_ROOT)))
def test_what_is_loaded_later_is_of_the_same_package(path):
    package = ".".join(path.relative_to(REPO_ROOT).parts[:2])
    if package in {"discuss.__init__.py", "discuss.serve"}:  # above all floors
        return

    assert [name for name in loaded_later(path) if not name.startswith(f"{package}.")] == []


def loaded_later(path: Path) -> list[str]:
    """Return the modules that a file loads when they are needed."""
    return [
        call.args[0].value
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "later.load"
    ]
