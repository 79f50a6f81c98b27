"""`flask accounts …`."""

from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa

from discuss import create_app
from discuss.accounts import queries
from discuss.accounts.models import Account, Role
from tests.plumbing.databases import dispose


@pytest.fixture
def run(app):
    """Run a command: `run("list")`."""
    return lambda *words: app.test_cli_runner().invoke(args=["accounts", *words])


def test_every_account_is_listed_with_the_id_that_other_commands_take(make, run):
    ada = make.account("Ada Lovelace")

    printed = run("list")

    line = next(line for line in printed.output.splitlines() if "Ada Lovelace" in line)
    assert line.split()[0] == str(ada.id)
    assert line.split()[-3:] == ["account", "Google", f"{ada.created_at:%Y-%m-%d}"]
    assert printed.output.splitlines()[0].split()[0] == "ACCOUNT"


@pytest.mark.parametrize("role", ["moderator", "publisher", "administrator", "account"])
def test_a_role_is_granted_by_id_and_acts_at_once(make, run, sign_in, session, role):
    ada = make.account("Ada")
    page = sign_in(ada)

    done = run("grant", str(ada.id), role)

    assert (done.exit_code, done.output) == (0, f"Ada ({ada.id}) is now: {role}\n")
    session.expire_all()
    assert session.get(Account, ada.id).role == Role(role)
    shown = "Moderation" in page.get("/account").text
    assert shown == (role in {"moderator", "administrator"})


def test_a_name_will_do_when_nobody_else_has_it(make, run, session):
    make.account("Ada Lovelace")

    assert run("grant", "Ada Lovelace", "moderator").exit_code == 0
    wanted = sa.select(Account.role).where(Account.name == "Ada Lovelace")
    assert session.scalar(wanted.execution_options(populate_existing=True)) == Role.MODERATOR


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("grant", "nobody", "moderator"), "There is no account 'nobody'"),
        (("grant", "999999999999999999999", "moderator"), "There is no account"),
        (("grant", "0", "moderator"), "There is no account '0'"),
        (("grant", "Twin", "moderator"), "Several accounts are called 'Twin'"),
        (("grant", "Ada", "king"), "There is no role 'king'"),
        (("link", "nobody"), "There is no account 'nobody'"),
        (("token", "nobody"), "There is no account 'nobody'"),
    ],
)
def test_what_cannot_be_done_is_one_clear_line(make, run, words, says):
    make.account("Ada")
    make.account("Twin")
    make.account("Twin")

    done = run(*words)

    assert (done.exit_code, done.output.startswith(f"Error: {says}")) == (1, True)
    assert done.output.count("\n") == 1


def test_a_link_is_printed_alone_and_signs_in(make, run, browser):
    ada = make.account("Ada")

    printed = run("link", str(ada.id)).output

    assert printed.count("\n") == 1
    reader = browser()
    reader.post(urlsplit(printed.strip()).path)
    assert reader.name == "Ada"


def test_a_token_is_printed_alone_and_speaks_for_its_account(make, run):
    ada = make.account("Ada")

    printed = run("token", str(ada.id)).output

    assert printed.count("\n") == 1
    assert queries.account_of_token(printed.strip()).id == ada.id
    assert queries.account_of_token("x" * 22) is None


@pytest.mark.parametrize("command", ["list", "grant", "link", "token"])
def test_every_command_explains_itself_with_an_example(run, command):
    shown = run(command, "--help").output

    assert f"Example: flask --app wsgi accounts {command}" in shown


def test_a_database_that_was_never_migrated_is_one_clear_line(settings, tmp_path):
    app = create_app(settings(database_url=f"sqlite:///{tmp_path / 'empty.db'}"))

    done = app.test_cli_runner().invoke(args=["accounts", "list"])

    dispose(app)
    assert (done.exit_code, done.output.count("\n")) == (1, 1)
    assert "`db upgrade`" in done.output
