"""`flask comments …`."""

import json

import click
import sqlalchemy as sa
from flask import Flask

from discuss.base.cli import Commands, progress
from discuss.base.db import session
from discuss.comments import rerendering
from discuss.comments.models import Comment, State
from discuss.letters import queries as letters
from discuss.letters.models import Letter

group = Commands("comments", help="Look at comments, and render them anew.")


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
        wanted = wanted.where(Comment.letter_id == letter_at(slug).id)
    for source in session.scalars(wanted):
        click.echo(json.dumps(source))


@group.command()
@click.option("--letter", "slug", metavar="SLUG", help="Only those of the letter at this address.")
def render(slug: str | None) -> None:
    """Render the kept HTML of all comments anew, after the rules have changed.

    Held comments and sealed words too. People may go on meanwhile, and what they change wins. Cut
    off, it goes on when it is run again.

    Example: flask --app wsgi comments render
    """
    everywhere = session.scalars(sa.select(Letter).order_by(Letter.id))
    wanted = [letter_at(slug)] if slug is not None else list(everywhere)
    counts = {letter.id: rerendering.count(letter) for letter in wanted}
    seen = changed = 0
    with progress("Rendering", sum(counts.values())) as watch:

        def look(more: int) -> None:
            nonlocal seen
            seen += more
            watch(seen)

        for letter in wanted:
            changed += rerendering.render_again(letter, look)
    click.echo(f"{changed:,} of {seen:,} have other HTML now.")


def letter_at(slug: str) -> Letter:
    """Return the letter at an address.

    :raises ClickException: there is none.
    """
    if (letter := letters.by_slug(slug)) is None:
        raise click.ClickException(f"There is no letter {slug!r}; see `letters list`.")
    return letter
