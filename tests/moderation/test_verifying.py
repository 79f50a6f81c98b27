"""docs/moderation.md gives a program by which anybody can verify the record: it is run as it is."""

import subprocess
import sys

import pytest

from discuss.comments.models import Reason
from discuss.moderation import actions, chain
from discuss.moderation.models import Decision
from discuss.moderation.publicrecord import lines as publicrecord
from tests.plumbing.services import REPO_ROOT

SITE = "https://letters.example.org"


@pytest.fixture
def verify(live_server):
    """Run the program of the document against the site."""
    words = (REPO_ROOT / "docs" / "moderation.md").read_text()
    block = words.split("With Python and nothing else:\n\n")[1].split("\n\nIt prints")[0]
    program = "\n".join(line.removeprefix("    ") for line in block.splitlines())
    program = program.replace(SITE, live_server.url)

    def run():
        return subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False
        )

    return run


def test_the_documents_program_verifies_the_record_and_finds_a_tampered_row(
    verify, letter, moderator, make, session, monkeypatch
):
    monkeypatch.setattr(publicrecord, "LINES_OF_FILE", 2)
    for _ in range(5):
        actions.remove(letter, moderator, make.comment(letter).number, Reason.SPAM)
    session.commit()

    done = verify()
    assert done.stdout.strip() == f"5:{chain.head().hash}", done.stderr

    session.execute(Decision.__table__.update().where(Decision.line == 4).values(reason="attack"))
    actions.lock(letter, moderator)
    session.commit()
    assert "line 4 does not fit" in verify().stderr
