"""The words for reasons and acts, the same in menus, on tombstones, in notices and in the log."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask_babel import LazyString, format_timedelta, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy

from discuss.accounts.models import Role
from discuss.base import clock, dates
from discuss.comments.models import Reason
from discuss.moderation.models import Act, Decision, Office

MOST_COUNTED = 999  # "999+" says as much to who has them before them, and is counted at once

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
    "appeals": lazy("Appeals"),
    "notices": lazy("Legal notices"),
    "rules": lazy("Rules"),
    "redactions": lazy("Edits"),
    "warnings": lazy("Warnings"),
    "roles": lazy("Roles"),
}
"""What the log's menu calls the groups of `history.GROUPS`."""

KINDS: dict[str, LazyString] = {
    "removals": lazy("Removals"),
    "appeals": lazy("Appeals"),
    "notices": lazy("Legal notices"),
    "bans": lazy("Bans"),
}
"""What the public record's menu calls the kinds of `publicrecord.KINDS`."""

OFFICES: dict[Office, LazyString] = {
    Office.MODERATOR: lazy("Moderator"),
    Office.ADMINISTRATOR: lazy("Administrator"),
    Office.RULE: lazy("Rule"),
}

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
    Act.APPEAL_UPHELD: lazy("Upheld: the comment is back."),
    Act.APPEAL_REJECTED: lazy("Rejected: the comment stays removed."),
    Act.APPEAL_REOPENED: lazy("Undone: the appeal waits for an answer again."),
    Act.NOTICE_UPHELD: lazy("Upheld: the notice is answered, and the comment removed."),
    Act.NOTICE_REJECTED: lazy("Rejected: the notice is answered, and nothing removed."),
    Act.NOTICE_REOPENED: lazy("Undone: the notice waits for an answer again."),
    Act.HELD_BY_RULE: lazy("Held: it waits for a moderator."),
    Act.PACE_SET: lazy("Saved: the composer says the pace from now on."),
    Act.PACE_GROWN: lazy("Slower: reports came in."),
    Act.HOUSE_RULES_SET: lazy("Saved: readers see these rules from now on."),
    Act.RULE_SET: lazy("Saved: the rule says so from now on."),
    Act.REDACTED: lazy("Edited: %(why)s."),
    Act.UNREDACTED: lazy("Undone: the comment says again what its author wrote."),
    Act.BRANCH_LOCKED: lazy("Locked: this branch takes no more replies."),
    Act.BRANCH_UNLOCKED: lazy("Unlocked: this branch takes replies again."),
    Act.WARNED: lazy("Warned: %(why)s."),
    Act.UNWARNED: lazy("The warning is withdrawn."),
    Act.SWEPT: lazy("Removing everything of this account: %(why)s."),
    Act.UNSWEPT: lazy("Undone: what was removed is coming back."),
    Act.GRANTED: lazy("The role is changed."),
    Act.ASSISTANT_SET: lazy("Saved: the assistant does so from now on."),
}
_SAID_OF_BANS: dict[Act, LazyString] = {
    Act.APPEAL_UPHELD: lazy("Upheld: the ban is lifted."),
    Act.APPEAL_REJECTED: lazy("Rejected: the ban stays."),
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
    Act.APPEAL_UPHELD: lazy("Upheld an appeal by %(name)s"),
    Act.APPEAL_REJECTED: lazy("Rejected an appeal by %(name)s"),
    Act.APPEAL_REOPENED: lazy("Opened an appeal again by %(name)s"),
    Act.NOTICE_UPHELD: lazy("Upheld a legal notice about a comment by %(name)s"),
    Act.NOTICE_REJECTED: lazy("Rejected a legal notice about a comment by %(name)s"),
    Act.NOTICE_REOPENED: lazy("Opened a legal notice again about a comment by %(name)s"),
    Act.HELD_BY_RULE: lazy("Held a comment by %(name)s"),
    Act.PACE_SET: lazy("Set the pace of the discussion of “%(headline)s”"),
    Act.PACE_GROWN: lazy("Slowed the discussion of “%(headline)s” as reports came in"),
    Act.HOUSE_RULES_SET: lazy("Wrote the house rules"),
    Act.RULE_SET: lazy("Set a rule that holds comments"),
    Act.REDACTED: lazy("Edited a comment by %(name)s"),
    Act.UNREDACTED: lazy("Undid the editing of a comment by %(name)s"),
    Act.BRANCH_LOCKED: lazy("Locked the branch under a comment by %(name)s"),
    Act.BRANCH_UNLOCKED: lazy("Unlocked the branch under a comment by %(name)s"),
    Act.WARNED: lazy("Warned %(name)s"),
    Act.UNWARNED: lazy("Withdrew the warning of %(name)s"),
    Act.SWEPT: lazy("Removed everything of %(name)s"),
    Act.UNSWEPT: lazy("Restored everything of %(name)s"),
    Act.GRANTED: lazy("Changed the role of %(name)s"),
    Act.ASSISTANT_SET: lazy("Set what the assistant may do"),
}
ROLES: dict[Role, LazyString] = {
    Role.ACCOUNT: lazy("Reader"),
    Role.MODERATOR: lazy("Moderator"),
    Role.PUBLISHER: lazy("Publisher"),
    Role.ADMINISTRATOR: lazy("Administrator"),
}


def reason_name(reason: Reason | str | None) -> str:
    """Return a reason as a line of its own says it; nothing for none."""
    return str(NAMES[Reason(reason)]) if reason else ""


def reason_phrase(reason: Reason | str | None) -> str:
    """Return a reason as it stands within a sentence; nothing for none."""
    return str(IN_SENTENCES[Reason(reason)]) if reason else ""


def said(decision: Decision) -> str:
    """Return what a moderator is told who has just decided."""
    is_of_letter = decision.letter_id is not None
    words = _SAID if is_of_letter else _SAID | _SAID_OF_BANS  # such an appeal is against a ban
    return str(words[decision.act]) % {"why": reason_phrase(decision.reason)}


def said_of_all(decisions: Sequence[Decision]) -> str:
    """Return what a moderator is told who has just decided about several at once."""
    if len(decisions) == 1:
        return said(decisions[0])
    count, first = len(decisions), decisions[0]
    if first.undoes_id is not None:
        return ngettext("Undone: %(num)d decision.", "Undone: %(num)d decisions.", count)
    if first.act in {Act.APPROVED, Act.DISMISSED}:
        return ngettext("Approved: %(num)d comment.", "Approved: %(num)d comments.", count)
    return ngettext(
        "Removed %(num)d comment: %(why)s.",
        "Removed %(num)d comments: %(why)s.",
        count,
        why=reason_phrase(first.reason),
    )


def counted(number: int, most: int = MOST_COUNTED) -> str:
    """Return a count as far as anything is counted: "12", or "999+"."""
    return str(number) if number <= most else f"{most}+"


def waiting(count: int, oldest: datetime | None) -> str:
    """Return how much waits and how long the oldest has, as the queue's first line says it.

    :param count: of held and reported comments.
    :param oldest: when the oldest of them began to wait.
    """
    if not count or oldest is None:
        return _("Nothing is waiting.")
    time = format_timedelta(max(clock.now() - oldest, timedelta(minutes=1)))
    if count > MOST_COUNTED:
        many = _("More than %(n)s comments are waiting.", n=MOST_COUNTED)
    else:
        many = ngettext("%(num)d comment is waiting.", "%(num)d comments are waiting.", count)
    return f"{many} {_('The oldest has waited %(time)s.', time=time)}"


def looking(names: Sequence[str]) -> str:
    """Return who is looking at an item; nothing where nobody is."""
    if not names:
        return ""
    if len(names) > 1:
        return _("%(n)s others are looking at this", n=len(names))
    return _("%(name)s is looking at this", name=isolated(names[0]))


def left(count: int) -> str:
    """Return how much is left of a tab, as it is said after each decision."""
    return _("%(n)s left.", n=counted(count))


def line(row: Any) -> str:
    """Return what was done, as the log says it.

    :param row: of `history`'s lines.
    """
    name = isolated(row.subject or _("[deleted]"))
    if row.act is Act.GRANTED:  # the public record tells no states
        was, is_ = ROLES[Role(row.before)], ROLES[Role(row.after)]
        return _("Changed the role of %(name)s: %(was)s to %(is_)s", name=name, was=was, is_=is_)
    return _line(row, name)


def public_line(row: Any) -> str:
    """Return what was done without saying to whom, as the public record tells it.

    :param row: of `publicrecord`'s lines.
    """
    return _line(row, _("somebody"))


def office_name(office: Office) -> str:
    """Return as what somebody decided, as a line of its own says it."""
    return str(OFFICES[office])


def place(row: Any) -> str:
    """Return the path that shows what a line of the log is about."""
    if row.act is Act.RULE_SET:
        return f"/moderation/rules/{row.about.split()[1]}"
    if row.act is Act.ASSISTANT_SET:
        return "/moderation/assistant"
    if row.act is Act.HOUSE_RULES_SET:
        return "/house-rules"
    if row.slug is None:
        return f"/moderation/accounts/{row.subject_id}/ban"
    if row.number is not None:
        return f"/letters/{row.slug}/comments/{row.number}"
    return f"/letters/{row.slug}#talk"


def isolated(words: str) -> str:
    """Keep a name from turning the direction of the sentence around it (Unicode UAX 9, 2.5)."""
    return f"\u2068{words}\u2069"


def _line(row: Any, name: str) -> str:
    if row.act is Act.BANNED and row.until is not None:
        return _("Banned %(name)s until %(time)s", name=name, time=dates.moment(row.until))
    return str(_LINES[row.act]) % {"name": name, "headline": isolated(row.headline or "")}
