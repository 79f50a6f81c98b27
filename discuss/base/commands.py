"""What every group of commands shares: one clear line when the database does not answer."""

from typing import Any

import click
from flask.cli import AppGroup
from sqlalchemy.exc import DBAPIError


class Group(AppGroup):
    """Commands that say in one line that the database is missing or not migrated."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command.

        :raises click.ClickException: the database refused a statement.
        """
        try:
            return super().invoke(ctx)
        except DBAPIError as error:
            raise click.ClickException(
                "The database does not answer, or it waits for `flask --app wsgi db upgrade` "
                f"({type(error.orig).__name__})."
            ) from error
