"""How `flask` commands fail: with one clear line and 1, never with a traceback."""

import functools
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

import click
from flask.cli import AppGroup
from sqlalchemy.exc import DBAPIError

from discuss.base.db import session
from discuss.base.errors import Refusal

Given = ParamSpec("Given")
Result = TypeVar("Result")


class Commands(AppGroup):
    """A group of commands, each run in the application's context."""

    def command(  # type: ignore[override]  # as AppGroup's, which click's overloads don't fit
        self, *args: Any, **options: Any
    ) -> Callable[[Callable[..., Any]], click.Command]:
        """Add a command, with click's own parameters."""
        decorate = super().command(*args, **options)
        return lambda function: decorate(fails_clearly(function))


def fails_clearly(function: Callable[Given, Result]) -> Callable[Given, Result]:
    """Make a command say a refusal, or what is wrong with the database, in one line."""

    @functools.wraps(function)
    def run(*args: Given.args, **options: Given.kwargs) -> Result:
        try:
            return function(*args, **options)
        except Refusal as refusal:
            session.rollback()
            raise click.ClickException(refusal.message) from None
        except DBAPIError as error:
            session.rollback()
            said = str(error.orig).strip().splitlines()[0]
            raise click.ClickException(
                f"The database says: {said}. Is it there, and is `db upgrade` done?"
            ) from None

    return run
