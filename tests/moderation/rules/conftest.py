"""Rules to switch on."""

import pytest

from discuss.base import pagecache
from discuss.moderation.rules import book
from discuss.moderation.rules.models import Rule


@pytest.fixture
def rule(session):
    """Switch a rule on: `rule(Kind.LINKS, 2)`."""

    def made(kind, number=None, words="", **columns):
        found = Rule(kind=kind, number=number, words=words, **columns)
        session.add(found)
        pagecache.tick(book.CLOCK)
        session.commit()
        return found

    return made
