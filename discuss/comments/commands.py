"""`flask comments …`."""

import json

import click
import sqlalchemy as sa
from flask import Flask

from discuss.base.cli import Commands
from discuss.base.db import session
from discuss.comments.models import Comment, State
from discuss.letters import queries as letters

group = Commands("comments", help="Look at comments.")


def init_app(app: Flask) -> None:
    """Register the commands."""
    app.cli.add_command(group)


@group.command()
@click.option("--letter", "slug", help="Only those of the letter at this address.")
def texts(slug: str | None) -> None:
    """Print the source of every public comment, one JSON string a line.

    Example: flask --app wsgi comments texts --letter mcdonnell-to-momentum-2016-05
    """
    wanted = (
        sa.select(Comment.source)
        .where(Comment.number > 0, Comment.state == State.VISIBLE)
        .order_by(Comment.letter_id, Comment.number)
        .execution_options(yield_per=1000)
    )
    if slug is not None:
        if (letter := letters.by_slug(slug)) is None:
            raise click.ClickException(f"There is no letter {slug!r}; see `letters list`.")
        wanted = wanted.where(Comment.letter_id == letter.id)
    for source in session.scalars(wanted):
        click.echo(json.dumps(source))
