"""`flask check`."""

import os
import re
from typing import Any

import click
import sqlalchemy as sa
from flask import Flask
from flask.cli import with_appcontext

from discuss.accounts import oauth
from discuss.base import schema
from discuss.base.cli import fails_clearly
from discuss.base.config import settings
from discuss.base.db import db, is_sqlite, session
from discuss.check.invariants import INVARIANTS
from discuss.moderation import chain
from discuss.moderation.chain import Head


def init_app(app: Flask) -> None:
    """Register the command."""
    app.cli.add_command(check)


class Noted(click.ParamType[Head]):
    """A line of the public record as somebody wrote it down."""

    name = "LINE:HASH"

    def convert(self, value: Any, param: Any, ctx: Any) -> Head:
        """Return the line, or refuse what is none."""
        if isinstance(value, Head):
            return value
        if (found := re.fullmatch(r"([1-9]\d{0,8}):([0-9a-f]{12,64})", value)) is None:
            self.fail("write it as on the page of the record, for example 12:0a1b2c3d4e5f")
        return Head(int(found[1]), found[2])


@click.command()
@click.option("--head", "heads", type=Noted(), multiple=True, help="A line that must be as noted.")
@with_appcontext
@fails_clearly
def check(heads: tuple[Head, ...]) -> None:
    """Say whether all is well: settings, schema, data, public record, sign-in addresses.

    Exits with 1 and a line for each thing that is not.

    Example: flask --app wsgi check
    """
    failures = settings_that_fail()
    failures += schema_that_fails() or [*invariants_that_fail(), *record_that_fails(heads)]
    tell_callbacks()
    for failure in failures:
        click.echo(f"FAILED: {failure}")
    if failures:
        raise click.ClickException(f"{len(failures)} of the checks failed.")
    click.echo("All is well.")


def settings_that_fail() -> list[str]:
    """Print what the site runs on; return what of it cannot be."""
    here = settings()
    click.echo(f"Site: {here.site_url} ({here.site_name})")
    click.echo(f"Database: {db.engine.url.render_as_string(hide_password=True)}")
    click.echo(f"Data dir: {here.data_dir.resolve()}")
    if not os.access(here.data_dir, os.W_OK | os.X_OK):
        return [f"DISCUSS_DATA_DIR is {str(here.data_dir)!r}; nothing can be written there."]
    return []


def schema_that_fails() -> list[str]:
    """Return a line where the database lacks a migration."""
    if schema.is_at_newest():
        return []
    return ["The database is not at the newest migration; run `flask --app wsgi db upgrade`."]


def invariants_that_fail() -> list[str]:
    """Print what must hold of the data; return what does not, with how many rows break it."""
    take_time()
    failures = []
    for says, broken in INVARIANTS:
        if count := session.scalar(broken()):
            failures.append(f"{says}: not so in {count:,} rows.")
        else:
            click.echo(f"Holds: {says}")
    session.rollback()
    return failures


def record_that_fails(heads: tuple[Head, ...] = ()) -> list[str]:
    """Print how far the public record of decisions goes; return the first line that does not fit.

    :param heads: lines that somebody noted earlier.
    """
    take_time()
    wrong = chain.misfit(heads)
    last = chain.head()
    session.rollback()
    if wrong is not None:
        return [f"The public record: {wrong}"]
    click.echo(f"Record: every line fits, up to {last.line}:{last.hash}")
    return []


def take_time() -> None:
    """Let this transaction's statements read every row; a reader's statement has seconds."""
    if not is_sqlite():
        session.execute(sa.text("SET LOCAL statement_timeout = 0"))


def tell_callbacks() -> None:
    """Print the address that each provider must be told to come back to."""
    demo = " (a stand-in on this machine)" if settings().demo else ""
    for key, service in oauth.services().items():
        address = f"{settings().site_url}/signin/{key}/callback"
        click.echo(f"Callback: {service.provider.name}{demo}: {address}")
    if not oauth.services():
        click.echo("Callback: none, for no provider is configured.")
