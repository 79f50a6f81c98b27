"""Commands that cannot do what they are asked say so in one line."""

import click
import pytest
import sqlalchemy as sa

from discuss.base.cli import Commands
from discuss.base.db import session as db_session
from discuss.base.errors import Invalid, NotFound

group = Commands("try")


@group.command()
def refused():
    """Be refused."""
    raise Invalid("Not like this.")


@group.command()
def refused_by_default():
    """Be refused without words of its own."""
    raise NotFound


@group.command()
def no_table():
    """Ask for what the database doesn't have."""
    db_session.execute(sa.text("SELECT * FROM no_such_table"))


@group.command()
@click.argument("number", type=int)
def fine(number):
    """Do it."""
    click.echo(f"{number} done")


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("refused", "Error: Not like this."),
        ("refused-by-default", "Error: The address may be mistyped"),
        ("no-table", "Error: The database says: "),
    ],
)
def test_a_failure_is_one_line(app, command, said):
    done = app.test_cli_runner().invoke(group, [command])

    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith(said)
    assert done.stderr.count("\n") == 1


def test_what_works_is_left_alone(app):
    done = app.test_cli_runner().invoke(group, ["fine", "7"])

    assert (done.exit_code, done.stdout, done.stderr) == (0, "7 done\n", "")


def test_after_a_failure_the_session_can_be_used(app, session):
    app.test_cli_runner().invoke(group, ["no-table"])

    assert session.scalar(sa.text("SELECT 1")) == 1
