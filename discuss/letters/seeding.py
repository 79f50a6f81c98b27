"""The two letters that a new site begins with, read from files like any other."""

import tomllib
from pathlib import Path

import sqlalchemy as sa

from discuss.base.db import session
from discuss.letters import actions
from discuss.letters.models import Letter
from discuss.letters.parsing import ParsedLetter, apply_facts, parse

FIRST = Path(__file__).parent / "first"


def seed_first_letters() -> int:
    """Publish the first letters when the site has none, not even a draft; flush, don't commit.

    :returns: how many were published.
    """
    if session.scalar(sa.select(Letter.id).limit(1)) is not None:
        return 0
    letters = first_letters()
    for letter in letters:
        actions.add(letter, publish=True)
    return len(letters)


def first_letters() -> list[ParsedLetter]:
    """Return the letters in `first/`: each a text, with what is known of it in the .toml beside."""
    found = []
    for path in sorted(FIRST.glob("*.txt")):
        facts = tomllib.loads(path.with_suffix(".toml").read_text(encoding="utf-8"))
        found.append(apply_facts(parse(path.read_bytes(), path.name), facts))
    return found
