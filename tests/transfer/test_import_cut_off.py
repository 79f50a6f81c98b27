"""F21 of the faults: an import that is killed and run again ends as one that was not."""

import os
import random
import signal
import subprocess
import sys

import pytest
import sqlalchemy as sa

from discuss.comments.models import Comment
from tests.plumbing.databases import SECRET
from tests.plumbing.services import REPO_ROOT, wait_until

KILLS = 10
LINES = 8_000


@pytest.mark.long
@pytest.mark.row("F21")
def test_an_import_killed_ten_times_and_run_again_is_the_same_as_one_run(
    make, letter, database, jsonl, line, session, run, import_jsonl
):
    moments = random.Random(21)  # noqa: S311 - which moments is no secret
    lines = [line(n, parent_id=n - 1 - n % 5 if n % 4 and n > 5 else None) for n in range(LINES)]
    path = jsonl(*lines)
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "transfer", "import", "jsonl"]
    here = {
        "DISCUSS_DATABASE_URL": database.url,
        "DISCUSS_DATA_DIR": str(database.data_dir),
        "DISCUSS_SECRET_KEY": SECRET,
    }

    def size():
        session.rollback()  # a reader's transaction would go on seeing the past
        return session.scalar(
            sa.select(sa.func.count()).select_from(Comment).filter_by(letter_id=letter.id)
        )

    for _ in range(KILLS):
        enough = min(size() + moments.randint(1, LINES // KILLS), LINES)
        with subprocess.Popen(
            [*command, str(path), "--letter", letter.slug],
            cwd=REPO_ROOT,
            env={**os.environ, **here},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as importing:
            wait_until(lambda now=enough: size() >= now, f"{enough} comments", 120)
            importing.send_signal(signal.SIGKILL)
    cut_off = size()
    last = import_jsonl(path)

    whole = make.letter()
    run("transfer", "import", "jsonl", path, "--letter", whole.slug)
    assert last.exit_code == 0, last.output
    assert cut_off < LINES, "it was killed before its end"
    assert state_of(session, letter) == state_of(session, whole)


def state_of(session, letter):
    """Return all that an import makes, as the database has it."""
    session.expire_all()
    comments = session.execute(
        sa.select(
            Comment.number,
            Comment.parent,
            Comment.changed,
            Comment.reply_count,
            Comment.gone_count,
            Comment.score,
            Comment.author_name,
            Comment.source_id,
            Comment.posted_at,
            Comment.source,
            Comment.html,
        )
        .where(Comment.letter_id == letter.id, Comment.number > 0)
        .order_by(Comment.number)
    ).all()
    roots = session.get_one(Comment, (letter.id, 0)).reply_count
    return letter.clock, letter.comment_count, roots, comments
