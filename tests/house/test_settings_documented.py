"""docs/settings.md names every setting with its default and meaning, as discuss.base.config does.

`python -m tests.house.test_settings_documented` writes the table anew.
"""

import re
from pathlib import Path
from typing import get_args

from discuss.base.config import Settings
from tests.plumbing.services import REPO_ROOT

DOCUMENT = REPO_ROOT / "docs" / "settings.md"
EXAMPLES = {"DISCUSS_X", "DISCUSS_X_FILE"}  # names in explanations
BEGIN, END = "<!-- made from discuss/base/config.py -->", "<!-- end -->"


def table() -> str:
    """Return the settings as a Markdown table, in the order in which they are declared."""
    rows = [
        f"| `DISCUSS_{name.upper()}` | {_default(field.default)} | {field.description} |"
        for name, field in Settings.model_fields.items()
    ]
    return "\n".join(("| setting | default | meaning |", "|---|---|---|", *rows))


def _default(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "`on`" if value else "`off`"
    return f"`{value}`"


def document(path: Path = DOCUMENT) -> tuple[str, str, str]:
    """Return the document's words before the table, the table, and the words after it."""
    before, rest = path.read_text().split(BEGIN)
    found, after = rest.split(END)
    return before, found.strip(), after


def test_the_document_says_what_the_code_says():
    assert document()[1] == table(), "run: python -m tests.house.test_settings_documented"


def test_every_setting_says_what_it_means():
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_every_choice_of_a_setting_is_explained():
    unexplained = [
        f"{name}: {choice}"
        for name, field in Settings.model_fields.items()
        for choice in get_args(field.annotation)
        if isinstance(choice, str) and choice != field.default
        if f"`{choice}`" not in (field.description or "")
    ]

    assert unexplained == []


def test_the_code_reads_no_setting_that_is_not_declared():
    declared = {f"DISCUSS_{name.upper()}" for name in Settings.model_fields}
    named = {
        name
        for path in (REPO_ROOT / "discuss").rglob("*.py")
        for name in re.findall(r"DISCUSS_[A-Z_]+[A-Z]", path.read_text())
    }

    assert {name for name in named if name.removesuffix("_FILE") not in declared} <= EXAMPLES


if __name__ == "__main__":
    before, _, after = document()
    DOCUMENT.write_text(f"{before}{BEGIN}\n\n{table()}\n\n{END}{after}")
