"""`flask accounts …`: who is here, one-time links and tokens; moderation adds `grant`."""

import click
from flask import Flask

from discuss.accounts import actions, links, oauth, queries
from discuss.accounts.models import Account
from discuss.base.cli import Commands
from discuss.base.db import session

LINE = "{:<8}  {:<24}  {:<13}  {:<24}  {}"
GONE = "[deleted]"


group = Commands("accounts", help="Look after accounts.")


def init_app(app: Flask) -> None:
    """Register the commands."""
    app.cli.add_command(group)


@group.command("list")
def list_() -> None:
    """Print every account, a line each; the first column is what other commands call ACCOUNT.

    Example: flask --app wsgi accounts list
    """
    found = queries.accounts()
    click.echo(LINE.format("ACCOUNT", "NAME", "ROLE", "PROVIDERS", "SINCE"))
    for account in found:
        providers = {oauth.name_of(identity.provider) for identity in account.identities}
        named = ", ".join(sorted(providers)) or "-"
        since = f"{account.created_at:%Y-%m-%d}"
        click.echo(LINE.format(account.id, account.name or GONE, account.role, named, since))


@group.command()
@click.argument("account")
def link(account: str) -> None:
    """Print a link that signs ACCOUNT in, once, within an hour.

    Example: flask --app wsgi accounts link 12
    """
    made = links.make(the_account(account))
    session.commit()
    click.echo(made)


@group.command()
@click.argument("account")
def token(account: str) -> None:
    """Print a new API token that speaks for ACCOUNT; it is shown this once.

    Example: flask --app wsgi accounts token 12
    """
    made = actions.make_token(the_account(account))
    session.commit()
    click.echo(made)


def the_account(word: str) -> Account:
    """Return the one account that an operator means.

    :param word: its id, or its whole name when nobody else has it.
    :raises click.ClickException: there is none, or there are several.
    """
    found = queries.accounts_called(word)
    if not found:
        raise click.ClickException(f"There is no account {word!r}; see `accounts list`.")
    if len(found) > 1:
        ids = ", ".join(str(account.id) for account in found)
        raise click.ClickException(f"Several accounts are called {word!r}: {ids}. Use the id.")
    return found[0]
