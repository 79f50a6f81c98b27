"""`comments render`: what is kept has the HTML of today's rules, whoever writes meanwhile."""

import os
import signal
import subprocess
import sys
from datetime import timedelta

import pytest
import sqlalchemy as sa

from discuss.base import clock
from discuss.comments import actions, rerendering, voting
from discuss.comments.models import Comment, HeldComment, SealedWords, State
from discuss.letters.models import Letter, Policy
from tests.plumbing.databases import SECRET
from tests.plumbing.services import REPO_ROOT, wait_until

OLD = "<p>As an older release had it.</p>"
MANY = 3_000


@pytest.fixture
def letter(make):
    letter = make.letter(slug="old")
    make.lived_in(letter)
    return letter


@pytest.fixture
def outdated(letter, session):
    """Give all that is kept the HTML of an older release."""
    for kind in (Comment, HeldComment, SealedWords):
        session.execute(sa.update(kind).where(kind.source != "").values(html=OLD))
    session.commit()


@pytest.fixture
def run(app):
    """Run `flask comments render`."""
    return lambda *words: app.test_cli_runner().invoke(args=["comments", "render", *words])


def kept(session, letter):
    """Return the HTML of a letter's texts, by table."""
    session.rollback()
    return {
        kind: set(session.scalars(sa.select(kind.html).filter_by(letter_id=letter.id)))
        for kind in (Comment, HeldComment, SealedWords)
    }


def test_the_posted_the_held_and_the_sealed_are_rendered_anew(run, session, letter, outdated):
    done = run()

    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout == "9 of 9 have other HTML now.\n"
    assert kept(session, letter) == {
        Comment: {"", "<p>Edited.</p>", "<p>A remark.</p>", "<p>With a key.</p>"},
        HeldComment: {"<p>Buy something.</p>"},
        SealedWords: {"<p>Nasty.</p>", "<p>Regretted.</p>", "<p>A remark.</p>"},
    }


def test_a_second_time_changes_nothing_and_no_page(run, session, letter, outdated):
    run()
    before = session.scalar(sa.select(Letter.due).filter_by(id=letter.id))
    session.execute(sa.update(Letter).values(due=None))
    session.commit()

    again = run()

    assert (before is not None, again.stdout) == (True, "0 of 9 have other HTML now.\n")
    assert session.scalar(sa.select(Letter.due).filter_by(id=letter.id)) is None


def test_pages_show_it_after_the_window(run, session, letter, outdated, reader, monkeypatch):
    before = reader.get("/letters/old").headers["ETag"]
    run()
    later = clock.now() + voting.SHOW_AFTER + timedelta(seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)

    page = reader.get("/letters/old")

    assert page.headers["ETag"] != before
    assert ("Edited." in page.text, "older release" in page.text) == (True, False)


def test_only_the_letter_that_is_named(run, session, make, letter, outdated):
    done = run("--letter", "bystander")

    assert done.stdout == "2 of 2 have other HTML now.\n"
    assert kept(session, letter)[HeldComment] == {OLD}


def test_a_letter_that_is_not_there_is_one_clear_line(run):
    done = run("--letter", "nowhere")

    assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (1, "", 1)


def test_an_edit_meanwhile_wins(session, make, letter, outdated):
    letter.policy = Policy.AFTER
    author = make.account()
    comment = make.comment(letter, author=author, source="First words.")
    removed = make.comment(letter, author=author, source="Regretted as well.")
    session.execute(sa.update(Comment).where(Comment.source != "").values(html=OLD))
    session.commit()
    rows = rerendering.some(letter, Comment, Comment.number, 0)
    texts = rerendering.with_other_html(rows)
    actions.edit(letter, author, comment.number, "Second words.", None)
    actions.delete(letter, author, removed.number)
    session.commit()

    count = rerendering.write(letter, Comment, Comment.number, texts)
    session.commit()

    session.expire_all()
    gone = session.get(Comment, (letter.id, removed.number))
    assert count == len(texts) - 2
    assert session.get(Comment, (letter.id, comment.number)).html == "<p>Second words.</p>"
    assert (gone.state, gone.html) == (State.DELETED, "")


def test_cut_off_it_goes_on_when_it_is_run_again(run, session, make, database):
    letter = make.letter()
    rows = [
        {"letter_id": letter.id, "number": n, "parent": 0, "changed": n, "source": f"Said {n}."}
        for n in range(2, MANY + 2)
    ]
    session.execute(sa.insert(Comment), [row | {"html": OLD} for row in rows])
    session.commit()

    def old():
        session.rollback()
        return session.scalar(sa.select(sa.func.count()).select_from(Comment).filter_by(html=OLD))

    here = {
        "DISCUSS_DATABASE_URL": database.url,
        "DISCUSS_DATA_DIR": str(database.data_dir),
        "DISCUSS_SECRET_KEY": SECRET,
    }
    with subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "wsgi", "comments", "render"],
        cwd=REPO_ROOT,
        env=os.environ | here,
        stdout=subprocess.DEVNULL,
    ) as rendering:
        wait_until(lambda: old() < MANY, "the first step")
        rendering.send_signal(signal.SIGKILL)
    cut_off = old()
    due = session.scalar(sa.select(Letter.due).filter_by(id=letter.id))
    done = run()

    assert 0 < cut_off < MANY
    assert due is not None, "what is done will be shown, whether it goes on or not"
    assert (done.exit_code, old()) == (0, 0)
