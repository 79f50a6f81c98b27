"""Writing the house rules anew, all of them at once, and undoing that."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_babel import ngettext

from discuss.accounts.models import Account
from discuss.base import pagecache, rendering
from discuss.base.db import session
from discuss.base.errors import Conflict, Forbidden
from discuss.comments.models import Reason
from discuss.moderation import changes
from discuss.moderation.changes import Setting
from discuss.moderation.decisions import latest, record
from discuss.moderation.errors import Superseded
from discuss.moderation.houserules.models import HouseRule
from discuss.moderation.models import LONGEST_NOTE, Act, Decision

ABOUT = "house rules"  # in the log


@dataclass(frozen=True)
class Draft:
    """A rule as it was typed."""

    title: str
    source: str
    reasons: tuple[Reason, ...] = ()


def write(publisher: Account, drafts: list[Draft], seen: int) -> Decision | None:
    """Let these be the house rules, in this order; every page that shows them is stale.

    :param publisher: who writes them.
    :param drafts: all of them.
    :param seen: the last decision about them that the form was made of, see `last_decision`.
    :returns: the decision; nothing where they say so already.
    :raises Forbidden: the account is no publisher.
    :raises Conflict: somebody wrote them meanwhile.
    """
    told = [_told(draft.title, draft.source, draft.reasons) for draft in drafts]
    return _written(publisher, {"rules": told}, seen=seen)


def undo(publisher: Account, decision: Decision) -> Decision | None:
    """Let the house rules say what they said before a decision.

    :raises Forbidden: the account is no publisher.
    :raises Superseded: they were written anew since.
    """
    last = latest(ABOUT)
    if last is None or last.id != decision.id:
        raise Superseded
    return _written(publisher, changes.of(decision).before, undoes=decision)


def last_decision() -> int:
    """Return the last decision about the house rules; 0 where there was none."""
    last = latest(ABOUT)
    return last.id if last else 0


def refuse_unless_publisher(account: Account) -> None:
    """Refuse anybody but publishers.

    :raises Forbidden: the account is none.
    """
    if not account.is_publisher:
        raise Forbidden


def _written(
    publisher: Account,
    after: Setting,
    *,
    seen: int | None = None,
    undoes: Decision | None = None,
) -> Decision | None:
    refuse_unless_publisher(publisher)
    pagecache.tick("site")  # its row is ours: two who write at once come one after the other
    if seen is not None and seen != last_decision():
        raise Conflict
    rows = session.scalars(sa.select(HouseRule).order_by(HouseRule.number)).all()
    told = [_told(row.title, row.source, map(Reason, row.reasons)) for row in rows]
    before = {"rules": told} if rows else {}
    if before == after:
        return None
    session.execute(sa.delete(HouseRule))
    for number, rule in enumerate(after.get("rules", ()), start=1):
        session.add(
            HouseRule(number=number, html=str(rendering.comment_html(rule["source"])), **rule)
        )
    session.flush()
    decision = record(
        publisher,
        Act.HOUSE_RULES_SET,
        ABOUT,
        (_state(before), _state(after)),
        undoes=undoes,
        note=_summary(after)[:LONGEST_NOTE],
    )
    changes.note(decision, before, after)
    return decision


def _told(title: str, source: str, reasons: Any) -> Setting:
    return {"title": title, "source": source, "reasons": [reason.value for reason in reasons]}


def _state(setting: Setting) -> str:
    return f"{len(setting['rules'])} rules" if setting else "as they came"


def _summary(setting: Setting) -> str:
    rules = setting.get("rules", [])
    titles = "; ".join(rule["title"] for rule in rules)
    count = ngettext("%(num)d rule", "%(num)d rules", len(rules))
    return f"{count}: {titles}" if rules else ""
