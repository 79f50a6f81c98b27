"""Setting what the assistant may do, and undoing that; each change is a line of the log."""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy.dialects import postgresql, sqlite

from discuss.accounts.models import Account
from discuss.base import jobs
from discuss.base.db import is_sqlite, session
from discuss.base.errors import Forbidden
from discuss.moderation import changes
from discuss.moderation.assistant.jobs import learn
from discuss.moderation.assistant.models import (
    THE_ONE,
    USUAL_THRESHOLD,
    Assistant,
)
from discuss.moderation.changes import Setting
from discuss.moderation.decisions import record
from discuss.moderation.models import Act, Decision

ABOUT = "assistant"  # in the log
OFF: Setting = {"is_on": False, "may_hold": False, "threshold": USUAL_THRESHOLD}


def change(
    administrator: Account, setting: Setting, *, undoes: Decision | None = None
) -> Decision | None:
    """Say what the assistant may do.

    :param setting: `is_on`, `may_hold` and `threshold`.
    :returns: the decision; nothing where it is so already.
    :raises Forbidden: the account is no administrator.
    """
    if not administrator.is_administrator:
        raise Forbidden
    taken = _taken()
    before = {name: getattr(taken, name) for name in OFF}
    if before == setting:
        return None
    for name, value in setting.items():
        setattr(taken, name, value)
    session.flush()
    if setting["is_on"] and not before["is_on"]:
        jobs.enqueue(learn)
    decision = record(
        administrator,
        Act.ASSISTANT_SET,
        ABOUT,
        (_state(before), _state(setting)),
        undoes=undoes,
        note=summary(setting),
    )
    changes.note(decision, before, setting)
    return decision


def undo(administrator: Account, decision: Decision) -> Decision | None:
    """Let the assistant do what it might before a decision.

    :raises Forbidden: the account is no administrator.
    """
    return change(administrator, changes.of(decision).before, undoes=decision)


def summary(setting: Setting) -> str:
    """Return what the assistant may do, for the log."""
    if not setting["is_on"]:
        return _("Off")
    if not setting["may_hold"]:
        return _("On; it only notes what it thinks")
    return _("On; it holds from %(n)s %% on", n=setting["threshold"])


def _state(setting: Setting) -> str:
    if not setting["is_on"]:
        return "off"
    return f"holds from {setting['threshold']}" if setting["may_hold"] else "notes"


def _taken() -> Any:
    """Return the row, ours until the end of the transaction."""
    insert = sqlite.insert if is_sqlite() else postgresql.insert
    first: Any = insert(Assistant).values(id=THE_ONE, **OFF)
    statement = first.on_conflict_do_update(index_elements=["id"], set_={"id": THE_ONE})
    return session.scalars(
        statement.returning(Assistant), execution_options={"populate_existing": True}
    ).one()
