"""The words for reasons and acts, the same in menus, on tombstones, in notices and in the log."""

from typing import Any

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy

from discuss.base import dates
from discuss.comments.models import Reason
from discuss.moderation.models import Act, Decision

NAMES: dict[Reason, LazyString] = {
    Reason.ATTACK: lazy("Personal attack"),
    Reason.OFF_SUBJECT: lazy("Off the subject"),
    Reason.PRIVATE: lazy("Private information"),
    Reason.ILLEGAL: lazy("Illegal or threatening"),
    Reason.SPAM: lazy("Spam"),
    Reason.OTHER: lazy("Other"),
}
IN_SENTENCES: dict[Reason, LazyString] = {
    Reason.ATTACK: lazy("personal attack"),
    Reason.OFF_SUBJECT: lazy("off the subject"),
    Reason.PRIVATE: lazy("private information"),
    Reason.ILLEGAL: lazy("illegal or threatening"),
    Reason.SPAM: lazy("spam"),
    Reason.OTHER: lazy("other"),
}
AS_REPORTED: dict[Reason, LazyString] = {
    Reason.ATTACK: lazy("A personal attack"),
    Reason.OFF_SUBJECT: lazy("Off the subject"),
    Reason.PRIVATE: lazy("Someone’s private information"),
    Reason.ILLEGAL: lazy("Illegal or threatening"),
    Reason.SPAM: lazy("Spam"),
    Reason.OTHER: lazy("Something else"),
}
GROUPS: dict[str, LazyString] = {
    "removals": lazy("Removals"),
    "approvals": lazy("Approvals"),
    "reports": lazy("Reports"),
    "bans": lazy("Bans"),
    "locks": lazy("Locks"),
}
"""What the log's menu calls the groups of `history.GROUPS`."""

_SAID: dict[Act, LazyString] = {
    Act.APPROVED: lazy("Approved."),
    Act.REFUSED: lazy("Removed: %(why)s."),
    Act.REMOVED: lazy("Removed: %(why)s."),
    Act.RESTORED: lazy("Restored."),
    Act.HELD: lazy("Undone: the comment waits in the queue again."),
    Act.DISMISSED: lazy("Approved: the comment stays."),
    Act.REOPENED: lazy("Undone: the reports wait for an answer again."),
    Act.BANNED: lazy("Banned."),
    Act.UNBANNED: lazy("The ban is lifted."),
    Act.LOCKED: lazy("Locked: the discussion takes no more comments."),
    Act.UNLOCKED: lazy("Unlocked: the discussion takes comments again."),
}
_LINES: dict[Act, LazyString] = {
    Act.APPROVED: lazy("Approved a comment by %(name)s"),
    Act.REFUSED: lazy("Removed a held comment by %(name)s"),
    Act.REMOVED: lazy("Removed a comment by %(name)s"),
    Act.RESTORED: lazy("Restored a comment by %(name)s"),
    Act.HELD: lazy("Restored a comment by %(name)s to the queue"),
    Act.DISMISSED: lazy("Kept a reported comment by %(name)s"),
    Act.REOPENED: lazy("Opened the reports again on a comment by %(name)s"),
    Act.BANNED: lazy("Banned %(name)s for good"),
    Act.UNBANNED: lazy("Lifted the ban of %(name)s"),
    Act.LOCKED: lazy("Locked the discussion of “%(headline)s”"),
    Act.UNLOCKED: lazy("Unlocked the discussion of “%(headline)s”"),
}


def reason_name(reason: Reason | str | None) -> str:
    """Return a reason as a line of its own says it; nothing for none."""
    return str(NAMES[Reason(reason)]) if reason else ""


def reason_phrase(reason: Reason | str | None) -> str:
    """Return a reason as it stands within a sentence; nothing for none."""
    return str(IN_SENTENCES[Reason(reason)]) if reason else ""


def said(decision: Decision) -> str:
    """Return what a moderator is told who has just decided."""
    return str(_SAID[decision.act]) % {"why": reason_phrase(decision.reason)}


def line(row: Any) -> str:
    """Return what was done, as the log says it.

    :param row: of `history`'s lines.
    """
    name = isolated(row.subject or _("[deleted]"))
    if row.act is Act.BANNED and row.until is not None:
        return _("Banned %(name)s until %(time)s", name=name, time=dates.moment(row.until))
    return str(_LINES[row.act]) % {"name": name, "headline": isolated(row.headline or "")}


def place(row: Any) -> str:
    """Return the path that shows what a line of the log is about."""
    if row.act in {Act.BANNED, Act.UNBANNED}:
        return f"/moderation/accounts/{row.subject_id}/ban"
    if row.number is not None:
        return f"/letters/{row.slug}/comments/{row.number}"
    return f"/letters/{row.slug}#talk"


def isolated(words: str) -> str:
    """Keep a name from turning the direction of the sentence around it (Unicode UAX 9, 2.5)."""
    return f"\u2068{words}\u2069"
