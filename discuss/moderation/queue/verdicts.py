"""Who was faster: what has become of an item that a moderator still sees in the queue."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy

from discuss.accounts.models import Account
from discuss.base.db import session
from discuss.comments.models import HeldComment
from discuss.moderation import queries, scope
from discuss.moderation.models import Act, Decision, Report
from discuss.moderation.queue.items import Name
from discuss.moderation.wording import isolated

_DONE: dict[Act, LazyString] = {
    Act.APPROVED: lazy("%(name)s has approved this already."),
    Act.DISMISSED: lazy("%(name)s has approved this already."),
    Act.REFUSED: lazy("%(name)s has removed this already."),
    Act.REMOVED: lazy("%(name)s has removed this already."),
    Act.RESTORED: lazy("%(name)s has restored this already."),
    Act.HELD: lazy("%(name)s has put this back into the queue."),
    Act.REOPENED: lazy("%(name)s has opened the reports on this again."),
}
_DONE_YOURSELF: dict[Act, LazyString] = {
    Act.APPROVED: lazy("You have approved this already."),
    Act.DISMISSED: lazy("You have approved this already."),
    Act.REFUSED: lazy("You have removed this already."),
    Act.REMOVED: lazy("You have removed this already."),
    Act.RESTORED: lazy("You have restored this already."),
    Act.HELD: lazy("You have put this back into the queue."),
    Act.REOPENED: lazy("You have opened the reports on this again."),
}


def verdict(name: Name, viewer: Account) -> str:
    """Return what became of an item, in a sentence.

    :param name: of an item that cannot be decided any more.
    :param viewer: who reads it.
    """
    return verdicts([name], viewer)[name]


def verdicts(names: Iterable[Name], viewer: Account) -> dict[Name, str]:
    """Return what became of items, in a sentence each."""
    names = list(names)
    last = _last(names, viewer)
    return {name: _sentence(name, last.get(name), viewer) for name in names}


def decided(names: Iterable[Name], viewer: Account) -> dict[Name, str]:
    """Return what became of those items that wait for a moderator no more."""
    gone = set(names) - _waiting(names)
    return verdicts(gone, viewer) if gone else {}


def _sentence(name: Name, last: Any, viewer: Account) -> str:
    if last is not None and last.act in _DONE:
        who = isolated(last.name or _("A moderator"))
        is_own = last.actor_id == viewer.id
        return str(_DONE_YOURSELF[last.act]) if is_own else str(_DONE[last.act]) % {"name": who}
    if name.held_id:
        return _("This waits no more: its author has taken it back.")
    return _("Nothing waits to be decided about this any more.")


def _last(names: list[Name], viewer: Account) -> dict[Name, Any]:
    """Return the last word on each item, where there is one that the viewer may know of."""
    columns = (Decision.held_id, Decision.letter_id, Decision.number, Decision.act)
    wanted = (
        sa.select(*columns, Decision.actor_id, Account.name)
        .join(Account, Account.id == Decision.actor_id)
        .where(scope.within(viewer, Decision.letter_id))
        .order_by(Decision.id)
    )
    found: dict[Name, Any] = {}
    if held := [name.held_id for name in names if name.held_id]:
        for row in session.execute(wanted.where(Decision.held_id.in_(held))):
            found[Name(held_id=row.held_id)] = row
    if keys := [name.key for name in names if not name.held_id]:
        for row in session.execute(wanted.where(queries.at(Decision, keys))):
            found[Name(letter_id=row.letter_id, number=row.number)] = row
    return found


def _waiting(names: Iterable[Name]) -> set[Name]:
    held = [name.held_id for name in names if name.held_id]
    keys = [name.key for name in names if not name.held_id]
    found: set[Name] = set()
    if held:
        ids = session.scalars(queries.waiting(HeldComment.id).where(HeldComment.id.in_(held)))
        found |= {Name(held_id=held_id) for held_id in ids}
    if keys:
        rows = session.execute(
            queries.open_reports(Report.letter_id, Report.number).where(queries.at(Report, keys))
        )
        found |= {Name(letter_id=row.letter_id, number=row.number) for row in rows}
    return found
