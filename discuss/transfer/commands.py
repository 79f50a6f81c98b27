"""`flask transfer …`."""

from pathlib import Path

import click
from flask import Flask

from discuss.base import schema
from discuss.base.cli import Commands, progress
from discuss.letters import queries as letters
from discuss.letters.models import Letter
from discuss.transfer import files
from discuss.transfer.backup import write
from discuss.transfer.importing import Import
from discuss.transfer.items import Skipped
from discuss.transfer.merging import merge, portable
from discuss.transfer.opening import verify
from discuss.transfer.readers import jsonl

group = Commands("transfer", help="Bring comments in from elsewhere, and everything out.")
import_group = Commands("import", help="Import comments from a file.")
group.add_command(import_group)


def init_app(app: Flask) -> None:
    """Register the commands."""
    app.cli.add_command(group)


@import_group.command("jsonl")
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--letter", "slug", metavar="SLUG", help="The letter whose thread they join.")
@click.option("--dry-run", "is_dry", is_flag=True, help="Say what would be done, and do nothing.")
def import_jsonl(path: Path, slug: str | None, is_dry: bool) -> None:
    r"""Import comments from JSON Lines, one object a line.

    Each is {"id", "parent_id" (or null), "author" (or null), "created", "text" (Markdown),
    "score" (optional)}, parents before their replies; "created" is ISO 8601 or seconds since 1970.
    Whatever is skipped is listed with its line and why. Importing twice adds nothing, and an
    import that was cut off goes on where it was.

    Example: flask --app wsgi transfer import jsonl comments.jsonl \
    --letter mcdonnell-to-momentum-2016-05
    """
    work = Import(letter_at(slug), format="jsonl", is_dry=is_dry)
    with files.reading(path) as file, progress("Importing", path.stat().st_size) as watch:
        for skipped in work.run(jsonl.read(file)):
            watch(file.tell())
            tell(skipped)
    sum_up(work)


@import_group.command("archive")
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--dry-run", "is_dry", is_flag=True, help="Say what would be done, and do nothing.")
def import_archive(path: Path, is_dry: bool) -> None:
    """Import everything that `transfer export` wrote: letters, people, threads, decisions.

    All or nothing. Into an empty site everything comes as it was. What a site has already stays
    as it is: letters are known by their address, people by their identities, comments by their
    number, so importing twice adds nothing. People who are new here keep their roles.

    Example: flask --app wsgi transfer import archive site.archive
    """
    schema.refuse_unless_newest()
    verify(path, "archive")
    work = merge(path, is_dry=is_dry)
    for left in work.left:
        click.echo(f"Skipped comment {left.number} of {left.slug}: {left.why}.")
    done = "would be imported" if is_dry else "imported"
    added = work.added
    click.echo(
        f"{added['letters']:,} letters, {added['accounts']:,} accounts, "
        f"{added['comments']:,} comments {done}; {work.known:,} comments were there already, "
        f"{len(work.left):,} skipped."
    )


@group.command("export")
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
def export(path: Path) -> None:
    """Write everything that people made into one file, while the site runs.

    Letters, accounts with identities and roles, comments with earlier, held and removed words,
    votes, reports, decisions, bans; no sign-ins and tokens. Each line is JSON, packed with gzip.
    It has what nobody else may read, so only its owner can open it.

    Example: flask --app wsgi transfer export site.archive
    """
    rows = write(path, "archive", portable())
    click.echo(f"{path}: {rows:,} rows, {path.stat().st_size:,} bytes.")


def letter_at(slug: str | None) -> Letter:
    """Return the letter that the comments are to join.

    :raises ClickException: none was named, or there is none.
    """
    if slug is None:
        raise click.ClickException("Name the letter with --letter SLUG; `letters list` has them.")
    if (letter := letters.by_slug(slug)) is None:
        raise click.ClickException(f"There is no letter {slug!r}; see `letters list`.")
    return letter


def tell(skipped: list[Skipped]) -> None:
    """Print what was left out of a batch, a line each."""
    for thing in skipped:
        name = f" (id {thing.id!r})" if thing.id is not None else ""
        click.echo(f"Skipped line {thing.line}{name}: {thing.why}.")


def sum_up(work: Import) -> None:
    """Print what came of an import.

    :raises ClickException: nothing did, and something should have.
    """
    if work.skipped and not work.added and not work.known:
        raise click.ClickException(f"Nothing was imported; all of {work.skipped:,} were skipped.")
    done = "would be imported" if work.is_dry else "imported"
    click.echo(
        f"{work.added:,} {done} into {work.letter.slug}, {work.known:,} were there already, "
        f"{work.skipped:,} skipped."
    )
