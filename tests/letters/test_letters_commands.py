"""`flask letters`: adding letters from files, listing them, and the two that a site begins with."""

import tracemalloc

import pytest
import sqlalchemy as sa

from discuss import create_app
from discuss.base.db import db
from discuss.letters import seeding
from discuss.letters.models import Letter, State
from tests import plumbing
from tests.make import Maker

LETTER = """\
To all members

On behalf of everybody, I thank you for your work.

There is more to do.

Yours,
A. N. Author
"""


@pytest.fixture
def run(app):
    """Run a `flask` command: `run("letters", "list")`."""
    return lambda *words: app.test_cli_runner().invoke(args=[str(word) for word in words])


@pytest.fixture
def file(tmp_path):
    """Write a file and return its path: `file("letter.txt", "…")`."""

    def written(name, content):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return written


@pytest.fixture
def letter_at(session):
    def found(slug):
        session.expire_all()
        return session.scalar(sa.select(Letter).where(Letter.slug == slug))

    return found


def test_a_letter_from_a_text_is_a_draft_until_it_is_published(run, file, letter_at):
    path = file("letter.txt", LETTER)

    done = run("letters", "add", path, "--slug", "thanks", "--title", "Thank you")

    letter = letter_at("thanks")
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("Added as a draft: http://127.0.0.1:8000/letters/thanks\n")
    assert (letter.headline, letter.state, letter.published_at) == ("Thank you", State.DRAFT, None)


def test_a_published_letter_is_read_at_once(run, file, reader):
    path = file("letter.txt", LETTER)

    done = run("letters", "add", path, "--slug", "thanks", "--title", "Thank you", "--publish")

    assert done.stdout.startswith("Published: http://127.0.0.1:8000/letters/thanks\n")
    page = reader.get("/letters/thanks")
    assert (page.status_code, "There is more to do." in page.text) == (200, True)


def test_markdown_with_front_matter_names_itself(run, file, letter_at):
    text = "---\ntitle: To the members\nslug: members\ntags: [Labour, Hope]\n---\n\n" + LETTER

    run("letters", "add", file("letter.md", text))

    letter = letter_at("members")
    assert (letter.headline, [tag.label for tag in letter.tags]) == (
        "To the members",
        ["Labour", "Hope"],
    )


def test_an_e_mail_becomes_a_letter(run, file, letter_at):
    mail = (
        "From: A. N. Author <author@example.org>\nTo: Members <members@example.org>\n"
        "Subject: To all members\nDate: Fri, 3 Apr 2020 15:00:00 +0100\n"
        "Content-Type: text/plain; charset=utf-8\n\n" + LETTER
    )

    done = run("letters", "add", file("mail.eml", mail), "--slug", "mail")

    letter = letter_at("mail")
    assert (letter.headline, letter.sent_on.isoformat()) == ("To all members", "2020-04-03")
    assert "author@example.org" in done.stdout, "what is set aside is listed"
    assert "Set aside, An e-mail address, never published: author@example.org" in done.stdout


def test_leftovers_of_an_old_page_are_listed_with_why_and_not_published(run, file, letter_at):
    text = LETTER + "\n\nLeave a Reply\n\nFill in your details below or click an icon to log in:\n"

    done = run("letters", "add", file("letter.txt", text), "--slug", "old", "--title", "Old")

    assert "Set aside, The reply form of the old page: Leave a Reply Fill in" in done.stdout
    assert all("Reply" not in part.text for part in letter_at("old").paragraphs)


@pytest.mark.parametrize(
    ("name", "content", "options", "said"),
    [
        ("letter.txt", b"", (), "letter.txt: "),
        ("letter.txt", b"\xff\xfe\x00\xd8\x00\xd8", (), "letter.txt: "),
        ("letter.txt", LETTER, ("--slug", "Not A Slug"), "“slug” may have small letters"),
        ("letter.txt", LETTER, ("--title", "x" * 201), "“headline” must be one line"),
        ("letter.txt", LETTER, ("--slug", "bystander", "--title", "T"), "at /letters/bystander"),
        ("letter.md", "+++\nbroken\n+++\n" + LETTER, (), "front matter"),
    ],
)
def test_what_is_no_letter_is_refused_in_one_line(run, file, session, name, content, options, said):
    before = session.scalars(sa.select(Letter.id)).all()

    done = run("letters", "add", file(name, content), *options)

    assert done.exit_code == 1
    assert done.stderr.startswith("Error: ")
    assert (said in done.stderr, done.stderr.count("\n"), done.stdout) == (True, 1, "")
    assert session.scalars(sa.select(Letter.id)).all() == before


@pytest.mark.parametrize("name", ["huge.txt", "huge.eml", "huge.md"])
def test_fifty_megabytes_are_refused_without_being_read_whole(run, tmp_path, name):
    path = tmp_path / name
    with path.open("wb") as file:
        file.write(b"From: a@example.org\nSubject: Much\n\n")
        file.truncate(50_000_000)
    tracemalloc.start()

    done = run("letters", "add", path)

    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (done.exit_code, done.stderr.count("\n")) == (1, 1)
    assert most < 30_000_000


@pytest.mark.parametrize("path", ["/nowhere/letter.txt", "/"])
def test_a_file_that_cannot_be_read_is_named(run, path):
    done = run("letters", "add", path)

    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith(f"Error: {path} cannot be read: ")


def test_the_list_has_every_letter_with_its_state_and_size(make, run):
    letter = make.letter(headline="A headline")
    make.comment(letter)
    make.letter(slug="unfinished", publish=False)

    lines = run("letters", "list").stdout.splitlines()

    assert lines[0].split() == ["SLUG", "STATE", "COMMENTS", "HEADLINE"]
    told = {line.split()[0]: line.split(maxsplit=3)[1:] for line in lines[1:]}
    assert told[letter.slug] == ["published", "1", "A headline"]
    assert told["unfinished"][:2] == ["draft", "0"]


@pytest.mark.parametrize("command", ["add", "list"])
def test_help_has_an_example(run, command):
    assert (
        f"Example: flask --app wsgi letters {command}" in run("letters", command, "--help").stdout
    )


@pytest.fixture
def empty_site(settings):
    """An application on a database that nobody has put anything into."""
    app = create_app(settings())
    with app.app_context():
        yield app
    plumbing.databases.dispose(app)


def test_an_empty_site_begins_with_its_two_letters_and_only_once(empty_site):
    counts = [seeding.seed_first_letters(), seeding.seed_first_letters()]
    db.session.commit()

    listed = empty_site.test_cli_runner().invoke(args=["letters", "list"]).stdout
    page = empty_site.test_client().get(
        "/letters/mcdonnell-to-momentum-2016-05", base_url="http://127.0.0.1:8000"
    )
    assert counts == [2, 0]
    assert listed.count("published") == 2
    assert "There has never been a better time to get involved in politics" in listed
    assert (page.status_code, "In solidarity," in page.text) == (200, True)
    assert "Leave a Reply" not in page.text


def test_a_site_with_a_letter_of_its_own_is_left_alone(empty_site):
    Maker().letter(publish=False)

    assert seeding.seed_first_letters() == 0
