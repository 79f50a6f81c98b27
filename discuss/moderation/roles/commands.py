"""`flask accounts grant`: it stands here, for every change of a role is a line of the log."""

import click

from discuss.accounts.commands import group, the_account
from discuss.accounts.models import Role
from discuss.base.db import session
from discuss.letters import queries as letters
from discuss.letters.models import Letter
from discuss.moderation.roles import actions as roles


@group.command()
@click.argument("account")
@click.argument("role")
@click.option("--letter", "slugs", multiple=True, help="Moderate under this letter alone.")
def grant(account: str, role: str, slugs: tuple[str, ...]) -> None:
    """Let ACCOUNT do what a moderator, publisher or administrator may; `account` takes it back.

    Example: flask --app wsgi accounts grant 12 moderator --letter to-everybody
    """
    if role not in set(Role):
        known = ", ".join(sorted(set(Role)))
        raise click.ClickException(f"There is no role {role!r}; the roles are {known}.")
    if slugs and role != Role.MODERATOR:
        raise click.ClickException("--letter goes with the role moderator alone.")
    found = the_account(account)
    under = [the_letter(slug) for slug in slugs]
    roles.grant(found, Role(role), under)
    session.commit()
    where = f", under {', '.join(letter.slug for letter in under)} alone" if under else ""
    click.echo(f"{found.name} ({found.id}) is now: {role}{where}")


def the_letter(slug: str) -> Letter:
    """Return the letter at an address.

    :raises click.ClickException: there is none.
    """
    if (found := letters.by_slug(slug)) is None:
        raise click.ClickException(f"There is no letter {slug!r}; see `letters list`.")
    return found
