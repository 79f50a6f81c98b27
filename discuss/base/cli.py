"""How `flask` commands fail, with one clear line and 1, and how long ones show their progress."""

import functools
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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


@contextmanager
def progress(label: str, length: int) -> Iterator[Callable[[int], None]]:
    """Paint how far long work has come, when a person watches; nothing otherwise.

    :param label: what is being done, in a word or two.
    :param length: where it ends.
    :returns: what is told how far it is, from 0 to that length.
    """
    watched = sys.stderr.isatty()
    with click.progressbar(length=length, label=label, file=sys.stderr, hidden=not watched) as bar:
        yield lambda reached: bar.update(reached - bar.pos)
