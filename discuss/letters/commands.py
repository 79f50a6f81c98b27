"""`flask letters …`."""

from pathlib import Path

import click
import sqlalchemy as sa
from flask import Flask

from discuss.base import rendering
from discuss.base.cli import Commands
from discuss.base.config import settings
from discuss.base.db import session
from discuss.letters import actions
from discuss.letters.models import Letter
from discuss.letters.parsing import MAX_MAIL_BYTES, NotALetter, ParsedLetter, apply_facts, parse

SHOWN = 200  # characters of what was set aside; the letter's own page for editors has all of it
LINE = "{:<40}  {:<9}  {:>8}  {}"

group = Commands("letters", help="Add and list letters.")


def init_app(app: Flask) -> None:
    """Register the commands."""
    app.cli.add_command(group)


@group.command()
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--slug", help="Its address: small letters a to z, digits and hyphens.")
@click.option("--title", help="Its headline, where the file has none or another is wanted.")
@click.option("--publish", is_flag=True, help="Put it online at once; else it is a draft.")
def add(path: Path, slug: str | None, title: str | None, publish: bool) -> None:
    """Add a letter from plain text, Markdown with front matter, or an e-mail (.eml).

    Its words are kept as they are. What is not the letter is set aside and listed.

    Example: flask --app wsgi letters add letter.txt --title "To all members" --publish
    """
    facts = {"slug": slug, "headline": title}
    given = {name: value for name, value in facts.items() if value is not None}
    try:
        parsed = apply_facts(parse(beginning_of(path), path.name), given)
        letter = actions.add(parsed, publish=publish)
        session.commit()
    except NotALetter as refusal:
        raise click.ClickException(f"{path}: {refusal.message}") from None
    how = "Published" if publish else "Added as a draft"
    click.echo(f"{how}: {settings().site_url}/letters/{letter.slug}")
    tell_set_aside(parsed)


@group.command("list")
def list_() -> None:
    """Print every letter, a line each; the first column is what other commands call SLUG.

    Example: flask --app wsgi letters list
    """
    click.echo(LINE.format("SLUG", "STATE", "COMMENTS", "HEADLINE"))
    wanted = sa.select(Letter).order_by(Letter.id).execution_options(yield_per=100)
    for letter in session.scalars(wanted):
        told = (letter.slug, letter.state.value, letter.comment_count, letter.headline)
        click.echo(LINE.format(*told))


def beginning_of(path: Path) -> bytes:
    """Return a file, or of one that is too large enough to see that it is.

    :raises ClickException: it cannot be read.
    """
    try:
        with path.open("rb") as file:
            return file.read(MAX_MAIL_BYTES + 1)
    except OSError as error:
        raise click.ClickException(f"{path} cannot be read: {error.strerror}.") from None


def tell_set_aside(parsed: ParsedLetter) -> None:
    """Print what of the file is not the letter, a line each, and why."""
    for left in parsed.set_aside:
        words = rendering.plain_excerpt(left.text, SHOWN)
        click.echo(f"Set aside, {left.reason}: {words}")
