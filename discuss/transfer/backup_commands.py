"""`flask backup` and `flask restore`."""

import sys
from pathlib import Path

import click
import sqlalchemy as sa
from flask import Flask
from flask.cli import with_appcontext

from discuss.base import schema
from discuss.base.cli import fails_clearly
from discuss.base.db import session
from discuss.comments.models import Comment, HeldComment
from discuss.letters.models import Letter
from discuss.transfer.backup import back_up
from discuss.transfer.opening import verify
from discuss.transfer.restore import replace


def init_app(app: Flask) -> None:
    """Register the commands."""
    app.cli.add_command(backup_command)
    app.cli.add_command(restore_command)


@click.command("backup")
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
@with_appcontext
@fails_clearly
def backup_command(path: Path) -> None:
    """Write the whole database as it is now into one file, while the site runs.

    FILE appears when it is whole and was read again, and replaces an older backup of that name.
    It holds what nobody else may read: e-mail addresses, held and removed comments. The key that
    signs cookies (secret.key in the data dir) is not in it; keep that elsewhere.

    Example: flask --app wsgi backup /var/backups/discuss.backup
    """
    rows = back_up(path)
    click.echo(f"{path}: {rows:,} rows, {path.stat().st_size:,} bytes.")


@click.command("restore")
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--yes", "is_sure", is_flag=True, help="Ask nothing.")
@with_appcontext
@fails_clearly
def restore_command(path: Path, is_sure: bool) -> None:
    """Put a backup in place of everything in the database, while the site runs or not.

    All or nothing: a file that is damaged, foreign or of a newer release is refused, and an end
    half-way leaves what was there. The backup may come from SQLite or PostgreSQL, and from an
    older release. Readers go on meanwhile; whoever writes waits or has to send again.

    Example: flask --app wsgi restore /var/backups/discuss.backup
    """
    schema.refuse_unless_newest()
    head = verify(path, "backup")
    if not is_sure:
        ask(head.made_at)
    rows = replace(path)
    click.echo(f"{rows:,} rows restored, as of {head.made_at}.")


def ask(made_at: str) -> None:
    """Ask whether what the site holds may go; not where it holds nothing.

    :raises ClickException: nobody is there to be asked.
    :raises Abort: the answer is no.
    """
    letters, comments, held = (
        session.scalar(sa.select(sa.func.count()).select_from(table).where(condition)) or 0
        for table, condition in (
            (Letter, sa.true()),
            (Comment, Comment.number > 0),
            (HeldComment, sa.true()),
        )
    )
    session.rollback()
    if not letters + comments + held:
        return
    holds = f"This site holds {letters:,} letters and {comments + held:,} comments"
    if not sys.stdin.isatty():
        raise click.ClickException(f"{holds}; say --yes if the backup is to replace them.")
    click.confirm(f"{holds}. Replace all by the backup of {made_at}?", abort=True, err=True)
