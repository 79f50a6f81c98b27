"""`flask check`: silent while all is well, and a line for each thing that is not."""

import pytest
import sqlalchemy as sa

from discuss import create_app
from discuss.base.db import is_sqlite
from discuss.check.commands import check, invariants_that_fail
from discuss.check.invariants import INVARIANTS
from discuss.comments.models import Comment, SealedWords, Submission
from discuss.letters.models import Letter
from tests import plumbing


@pytest.fixture
def run(app):
    """Run `flask check`."""
    return lambda: app.test_cli_runner().invoke(check)


@pytest.fixture
def letter(make):
    return make.letter()


@pytest.fixture
def lived_in(make, letter):
    return make.lived_in(letter)


@pytest.fixture
def unguarded(session):
    """Let a test write what the database itself would refuse."""
    if is_sqlite():
        session.commit()  # neither can be switched inside a transaction
        session.execute(sa.text("PRAGMA foreign_keys = OFF"))
        session.execute(sa.text("PRAGMA ignore_check_constraints = ON"))
    else:
        session.execute(sa.text("SET LOCAL session_replication_role = replica"))
        for name in ("parent_is_older", "only_the_letter_has_no_parent", "changed_since_posted"):
            session.execute(sa.text(f"ALTER TABLE comments DROP CONSTRAINT comments_{name}"))


def test_all_is_well_with_a_thread_in_which_everything_has_happened(run, lived_in):
    done = run()

    assert done.exit_code == 0, done.output
    assert done.stdout.endswith("All is well.\n")
    assert done.stdout.count("Holds: ") == len(INVARIANTS)
    assert "Site: http://127.0.0.1:8000" in done.stdout


def comment_set(index, **values):
    """Break a comment of the lived-in thread."""
    return lambda letter, rows: (
        sa.update(Comment)
        .where(Comment.letter_id == letter.id, Comment.number == rows[index].number)
        .values(values)
    )


def letter_set(**values):
    """Break the letter."""
    return lambda letter, rows: sa.update(Letter).where(Letter.id == letter.id).values(values)


BREAKS = [
    ("comment_count is", letter_set(comment_count=99)),
    ("reply_count is", comment_set(0, reply_count=7)),
    ("gone_count is", comment_set(0, gone_count=1)),
    ("score is", comment_set(0, score=5)),
    ("score is", comment_set(0, base_score=5)),
    ("no number is beyond", letter_set(clock=1)),
    ("no change is before", comment_set(0, changed=999)),
    ("no change is before", comment_set(0, changed=0)),
    ("every parent is older", comment_set(0, parent=999)),
    ("every parent is older", comment_set(0, parent=None)),
    ("every parent is a row", comment_set(4, parent=1)),
    ("removed and deleted comments hold no words", comment_set(2, source="Nasty.")),
    ("removed and deleted comments hold no words", comment_set(3, html="<p>Regretted.</p>")),
    ("removed and deleted comments hold no words", comment_set(3, quote="Words.")),
    (
        "sealed words are of comments that nobody can read",
        lambda letter, rows: sa.insert(SealedWords).values(
            letter_id=letter.id, number=rows[0].number, source="x", html="x", why="removed"
        ),
    ),
    (
        "held comments are not in the thread",
        lambda letter, rows: sa.insert(Comment.metadata.tables["held_comments"]).values(
            letter_id=letter.id,
            parent=0,
            account_id=rows[0].account_id,
            posted_at=rows[0].posted_at,
            source="x",
            html="x",
            reason="x",
        ),
    ),
    (
        "every submission leads to what it made",
        lambda letter, rows: sa.update(Submission).values(number=999, held_id=None),
    ),
    (
        "every letter has its row 0",
        lambda letter, rows: sa.delete(Comment).where(Comment.number == 0),
    ),
]


@pytest.mark.parametrize(("says", "broken"), BREAKS)
def test_what_is_broken_is_said(letter, lived_in, unguarded, session, says, broken):
    session.execute(broken(letter, lived_in).execution_options(synchronize_session=False))

    failures = invariants_that_fail()

    assert any(failure.startswith(says) for failure in failures), failures


def test_every_invariant_has_been_seen_broken():
    said = [says for says, _ in BREAKS]
    assert [name for name, _ in INVARIANTS if not name.startswith(tuple(said))] == []


def test_the_command_fails_with_a_line_for_each_failure(run, letter, lived_in, session):
    letter.comment_count = 99
    session.commit()

    done = run()

    (failed,) = [line for line in done.stdout.splitlines() if line.startswith("FAILED")]
    assert failed == (
        "FAILED: comment_count is how many comments readers can see: not so in 1 rows."
    )
    assert (done.exit_code, done.stderr) == (1, "Error: 1 of the checks failed.\n")


def test_a_missing_migration_is_said_and_the_data_not_asked(run, session):
    session.execute(sa.text("UPDATE alembic_version SET version_num = '0001'"))
    session.commit()

    done = run()

    assert done.exit_code == 1
    assert "FAILED: The database is not at the newest migration" in done.stdout
    assert "Holds" not in done.stdout


def test_a_data_dir_that_is_not_there_is_said(run, database, tmp_path):
    moved = tmp_path / "moved"
    database.data_dir.rename(moved)

    done = run()

    moved.rename(database.data_dir)
    assert done.exit_code == 1


def test_the_callback_address_of_each_provider_is_told(settings):
    app = create_app(settings(google_client_id="x", facebook_client_id="y"))

    with app.app_context():
        done = app.test_cli_runner().invoke(check)
    plumbing.databases.dispose(app)

    assert "Google: http://127.0.0.1:8000/signin/google/callback" in done.stdout
    assert "Facebook: http://127.0.0.1:8000/signin/facebook/callback" in done.stdout
    assert "twitter" not in done.stdout


def test_a_site_without_providers_says_so(run):
    assert "Callback: none, for no provider is configured." in run().stdout
