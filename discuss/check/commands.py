"""`flask check`."""

import os

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


def init_app(app: Flask) -> None:
    """Register the command."""
    app.cli.add_command(check)


@click.command()
@with_appcontext
@fails_clearly
def check() -> None:
    """Say whether all is well: settings, schema, data, sign-in addresses.

    Exits with 1 and a line for each thing that is not.

    Example: flask --app wsgi check
    """
    failures = [*settings_that_fail(), *(schema_that_fails() or invariants_that_fail())]
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
    if not is_sqlite():  # a reader's statement has seconds; these read every row
        session.execute(sa.text("SET LOCAL statement_timeout = 0"))
    failures = []
    for says, broken in INVARIANTS:
        if count := session.scalar(broken()):
            failures.append(f"{says}: not so in {count:,} rows.")
        else:
            click.echo(f"Holds: {says}")
    session.rollback()
    return failures


def tell_callbacks() -> None:
    """Print the address that each provider must be told to come back to."""
    demo = " (a stand-in on this machine)" if settings().demo else ""
    for key, service in oauth.services().items():
        address = f"{settings().site_url}/signin/{key}/callback"
        click.echo(f"Callback: {service.provider.name}{demo}: {address}")
    if not oauth.services():
        click.echo("Callback: none, for no provider is configured.")
