"""An export, and its way in: without loss into an empty site, without doubles into any."""

import gzip
import json

import pytest
import sqlalchemy as sa

from discuss.accounts.models import Role
from discuss.base.db import db
from discuss.comments.models import Comment, Reason, State
from discuss.letters.models import Letter, Policy
from discuss.moderation import actions as moderation
from discuss.moderation import reports
from discuss.moderation.redress import appeals, notices
from discuss.transfer import archive
from discuss.transfer.archive import Head
from discuss.transfer.merging import PORTABLE
from tests.make import Maker
from tests.plumbing.databases import KIND
from tests.transfer.backups import held_by

OTHER = "sqlite" if KIND == "postgresql" else "postgresql"


@pytest.fixture
def file(tmp_path):
    return tmp_path / "site.archive"


@pytest.fixture
def site(make, run, file):
    """A site in which everything has happened, exported: its letter."""
    letter = make.letter(slug="much-said", tags=("Peace",))
    make.lived_in(letter)
    exported = run("transfer", "export", file)
    assert exported.exit_code == 0, exported.output
    return letter


def portable(rows):
    """Return what an archive carries of a database's rows; ids that mean nothing left out."""
    return {name: [r[1:] if name == "identities" else r for r in rows[name]] for name in PORTABLE}


@pytest.mark.parametrize(
    "kind", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]
)
def test_everything_comes_into_an_empty_site_as_it_was(app, site, file, elsewhere, kind):
    new = elsewhere(kind)

    done = new.run("transfer", "import", "archive", file)

    assert done.exit_code == 0, done.output
    assert portable(new.rows()) == portable(held_by(app))
    assert new.run("check").exit_code == 0


def test_a_second_time_adds_nothing(app, run, site, file, elsewhere):
    new = elsewhere()
    new.run("transfer", "import", "archive", file)
    before = portable(new.rows())

    again = new.run("transfer", "import", "archive", file)
    at_home = run("transfer", "import", "archive", file)

    assert (again.exit_code, at_home.exit_code) == (0, 0), again.output
    assert portable(new.rows()) == before
    assert "0 letters, 0 accounts, 0 comments imported; 8 comments were there already" in (
        again.stdout
    )
    assert at_home.stdout == again.stdout


def test_where_ids_are_taken_everything_finds_new_ones(app, site, file, elsewhere):
    new = elsewhere()
    with new.app.app_context():
        others = Maker()
        for _ in range(500):  # names that nobody at home has
            next(others.numbers)
        others.lived_in(others.letter(slug="theirs"))

    done = new.run("transfer", "import", "archive", file)

    assert done.exit_code == 0, done.output
    assert new.run("check").exit_code == 0
    assert told(new.app, "much-said") == told(app, "much-said")
    assert len(new.rows()["decisions"]) == 2 * len(held_by(app)["decisions"])
    with new.app.app_context():
        moved = db.session.scalar(sa.select(Letter.id).filter_by(slug="much-said"))
        abouts = [row.about for row in new.rows()["decisions"] if row.letter_id == moved]
        assert {about.split("/")[0] for about in abouts} == {f"comment {moved}"}
        assert others.comment().number  # the next ids are free too


def told(app, slug):
    """Return a thread in words: numbers, authors' names, votes."""
    with app.app_context():
        rows = db.session.execute(
            sa.text(
                "SELECT c.number, c.parent, c.changed, a.name, c.posted_at, c.edited_at, c.state,"
                " c.source, c.html, c.score, c.reply_count, c.gone_count, s.source,"
                " (SELECT count(*) FROM votes v JOIN accounts b ON b.id = v.account_id"
                "  WHERE v.letter_id = c.letter_id AND v.number = c.number)"
                " FROM comments c JOIN letters l ON l.id = c.letter_id"
                " LEFT JOIN accounts a ON a.id = c.account_id LEFT JOIN sealed_words s"
                " ON s.letter_id = c.letter_id AND s.number = c.number"
                " WHERE l.slug = :slug ORDER BY c.number"
            ),
            {"slug": slug},
        ).all()
        db.session.rollback()
        return rows


def test_what_was_asked_and_answered_comes_along_and_the_record_goes_on(
    app, make, run, file, elsewhere
):
    letter, moderator, author = make.letter(slug="much-said"), make.moderator(), make.account()
    bad, kept = make.comment(letter, author=author), make.comment(letter)
    reports.report(letter, make.account(), kept.number, Reason.SPAM)
    reports.dismiss(letter, moderator, kept.number)
    removal = moderation.remove(letter, moderator, bad.number, Reason.ATTACK)
    asked = appeals.appeal(author, removal, "I quoted.")
    appeals.reject(asked.id, make.moderator(), "No.")
    with app.test_request_context():
        said = notices.Notification(letter, kept.number, "It is a crime.", "Kim", "kim@example.org")
        notices.notify(said, None, "127.0.0.1")
    db.session.commit()
    run("transfer", "export", file)
    empty, other = elsewhere(), elsewhere()
    with other.app.app_context():
        there = Maker()
        for _ in range(500):
            next(there.numbers)
        there.lived_in(there.letter(slug="theirs"))

    for new in (empty, other):
        done = new.run("transfer", "import", "archive", file)
        assert done.exit_code == 0, done.output
        assert new.run("check").exit_code == 0
        rows = new.rows()
        (appeal,), (notice,) = rows["appeals"], rows["notices"]
        acts = {row.id: (row.act, row.line) for row in rows["decisions"]}
        assert acts[appeal.decision_id][0] == "removed"
        assert acts[appeal.answer_id][0] == "appeal_rejected"
        assert sorted(line for _act, line in acts.values()) == list(range(1, len(acts) + 1))
        assert notice.explanation == "It is a crime."
    assert portable(empty.rows()) == portable(held_by(app))


def test_a_person_who_is_here_is_the_same_person(app, make, site, file, elsewhere):
    new = elsewhere()
    with new.app.app_context():
        author = Maker().account("Another name here")
        identity = author.identities[0]
        at_home = next(row for row in held_by(app)["identities"] if row.label != "")
        identity.subject, identity.issuer = at_home.subject, at_home.issuer
        db.session.commit()

    new.run("transfer", "import", "archive", file)

    rows = new.rows()
    assert len(rows["accounts"]) == len(held_by(app)["accounts"])
    assert rows["accounts"][0].name == "Another name here"
    assert rows["accounts"][0].role is Role.ACCOUNT


def test_a_letter_that_is_here_without_a_thread_gets_its_thread(app, site, file, elsewhere):
    new = elsewhere()
    with new.app.app_context():
        Maker().letter(slug="first-of-all")
        Maker().letter(slug="much-said", headline="As it was seeded")

    done = new.run("transfer", "import", "archive", file)

    assert done.exit_code == 0, done.output
    assert told(new.app, "much-said") == told(app, "much-said")
    assert "As it was seeded" not in [row.headline for row in new.rows()["letters"]]
    assert new.run("check").exit_code == 0


def test_what_came_later_joins_a_thread_that_is_here(app, run, make, site, file, elsewhere):
    new = elsewhere()
    new.run("transfer", "import", "archive", file)
    site = db.session.get(Letter, site.id)
    site.policy = Policy.AFTER
    first = sa.select(Comment).filter_by(letter_id=site.id, parent=0, state=State.VISIBLE)
    later = make.comment(site, db.session.scalars(first).first(), source="Later.")
    run("transfer", "export", file)

    done = new.run("transfer", "import", "archive", file)

    assert "1 comments imported; 8 comments were there already, 0 skipped" in done.stdout
    assert told(new.app, "much-said")[-1].number == later.number
    assert new.run("check").exit_code == 0


def test_a_number_that_stands_for_something_else_is_said(app, run, make, site, file, elsewhere):
    new = elsewhere()
    with new.app.app_context():
        there = Maker()
        for _ in range(500):
            next(there.numbers)
        letter = there.letter(slug="much-said")
        for _ in range(30):
            there.comment(letter)
    before = told(new.app, "much-said")

    done = new.run("transfer", "import", "archive", file)

    assert done.exit_code == 0, done.output
    assert "Skipped comment 2 of much-said: its number stands for something else here." in (
        done.stdout
    )
    assert told(new.app, "much-said") == before
    assert new.run("check").exit_code == 0


def test_a_dry_run_says_the_same_and_does_nothing(site, file, elsewhere):
    new = elsewhere()
    before = new.rows()

    said = new.run("transfer", "import", "archive", file, "--dry-run")

    assert new.rows() == before
    done = new.run("transfer", "import", "archive", file)
    assert said.stdout == done.stdout.replace(" imported", " would be imported")


def test_what_lets_people_in_is_not_in_it(run, make, sign_in, file):
    sign_in(make.account())

    run("transfer", "export", file)

    words = gzip.decompress(file.read_bytes()).decode()
    kept = {json.loads(line)["table"] for line in words.splitlines() if line.startswith('{"table')}
    assert kept == set(PORTABLE)
    assert not kept & {"signins", "signin_links", "api_tokens", "drafts", "submissions"}


@pytest.mark.row("1")
def test_html_that_passed_through_other_hands_is_made_harmless(app, site, file, elsewhere):

    with file.open("rb") as old, (forged := file.with_name("forged")).open("wb") as to:
        reader = archive.Reader(old)
        sections = (
            archive.Section(
                one.table,
                one.columns,
                (
                    [
                        "<p onclick=x>Hi<script>x</script></p>"
                        if name == "html" and value
                        else value
                        for name, value in zip(one.columns, row, strict=True)
                    ]
                    for row in one.rows
                ),
                one.last_id,
            )
            for one in reader.sections(lambda _: None)
        )
        archive.write(to, Head("archive", reader.head.schema, ""), sections, lambda _: None)
    new = elsewhere()

    new.run("transfer", "import", "archive", forged)

    html = {row.html for row in new.rows()["comments"] if row.state is State.VISIBLE and row.number}
    assert html == {"<p>Hi</p>"}


def test_a_backup_is_no_archive(run, site, backup):
    run("backup", backup)

    done = run("transfer", "import", "archive", backup)

    assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert "of the kind backup, not archive" in done.stderr


def test_a_damaged_archive_changes_nothing(app, run, site, file):
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])
    before = held_by(app)

    done = run("transfer", "import", "archive", file)

    assert (done.exit_code, done.stderr.count("\n")) == (1, 1)
    assert held_by(app) == before
