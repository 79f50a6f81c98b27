"""Setting a rule, switching it on and off, and undoing that; each is a line of the log."""

from typing import Any

from flask_babel import gettext as _

from discuss.accounts.models import Account
from discuss.base import pagecache
from discuss.base.db import session
from discuss.base.errors import Invalid, NotFound
from discuss.moderation import changes
from discuss.moderation.changes import Setting
from discuss.moderation.decisions import record, refuse_unless_moderator, taken
from discuss.moderation.models import LONGEST_NOTE, Act, Decision
from discuss.moderation.rules import book
from discuss.moderation.rules.explain import ready
from discuss.moderation.rules.models import MOST_RULES, Kind, Rule
from discuss.moderation.rules.queries import rule_of
from discuss.moderation.rules.wording import summary

MOST_DEAR = 5  # of one kind, for the site or for a letter
_DEAR = {Kind.PACE, Kind.REPEATED}  # each asks the database anew
MOST_WORK = 40_000  # steps for one character, of all rules together: a second for the longest


def add(moderator: Account, rule: Rule) -> Decision:
    """Switch a new rule on.

    :param rule: not in the database yet.
    :raises Invalid: its words or patterns cannot be used, or there are too many rules.
    """
    refuse_unless_moderator(moderator)
    _refuse_if_too_much(rule)
    session.add(rule)
    session.flush()
    return _recorded(moderator, rule, {}, setting_of(rule))


def change(moderator: Account, rule_id: int, setting: Setting) -> Decision | None:
    """Let a rule say something else.

    :param setting: what `setting_of` would return of it afterwards; what is left out stays.
    :returns: the decision; nothing where the rule says so already.
    :raises Invalid: its words or patterns cannot be used, or there are too many rules.
    :raises NotFound: there is no such rule.
    """
    refuse_unless_moderator(moderator)
    return _changed(moderator, _taken_rule(rule_id), setting)


def undo(moderator: Account, decision: Decision) -> Decision | None:
    """Let a rule say what it said before a decision; a new one is switched off.

    :returns: the decision; nothing where the rule says so already.
    """
    refuse_unless_moderator(moderator)
    kept = changes.of(decision)
    rule = _taken_rule(int(decision.about.split()[1]))
    return _changed(moderator, rule, kept.before or {**kept.after, "is_on": False}, undoes=decision)


def setting_of(rule: Rule) -> Setting:
    """Return what a rule says; whose thread it is for never changes."""
    return {
        "kind": rule.kind.value,
        "number": rule.number,
        "minutes": rule.minutes,
        "words": rule.words,
        "trusted_after": rule.trusted_after,
        "is_on": rule.is_on,
    }


def _taken_rule(rule_id: int) -> Rule:
    rule_of(rule_id)
    found: Any = next(iter(taken(Rule.words, Rule.id == rule_id)), None)
    if found is None:
        raise NotFound
    return found


def _changed(
    moderator: Account, rule: Rule, setting: Setting, *, undoes: Decision | None = None
) -> Decision | None:
    before = setting_of(rule)
    after = {**before, **setting}
    if after == before:
        return None
    for name, value in after.items():
        setattr(rule, name, Kind(value) if name == "kind" else value)
    if rule.is_on:
        _refuse_if_too_much(rule)
    session.flush()
    return _recorded(moderator, rule, before, after, undoes=undoes)


def _refuse_if_too_much(rule: Rule) -> None:
    others = [one for one in book.all_rules() if one.id != rule.id]
    if len(others) >= MOST_RULES:
        raise Invalid(
            _("%(count)s rules are on, and that is the most. Switch one off.", count=MOST_RULES)
        )
    if ready(rule).work + sum(one.work for one in others) > MOST_WORK:
        raise Invalid(_("All rules together are too much to look for. Switch one off."))
    alike = [one for one in others if (one.kind, one.letter_id) == (rule.kind, rule.letter_id)]
    if rule.kind in _DEAR and len(alike) >= MOST_DEAR:
        raise Invalid(
            _("%(count)s such rules are on, and that is the most. Switch one off.", count=MOST_DEAR)
        )


def _recorded(
    moderator: Account,
    rule: Rule,
    before: Setting,
    after: Setting,
    *,
    undoes: Decision | None = None,
) -> Decision:
    pagecache.tick(book.CLOCK)
    decision = record(
        moderator,
        Act.RULE_SET,
        f"rule {rule.id}",
        (_state(before), _state(after)),
        undoes=undoes,
        note=summary(rule)[:LONGEST_NOTE],
        letter_id=rule.letter_id,
    )
    changes.note(decision, before, after)
    return decision


def _state(setting: Setting) -> str:
    if not setting:
        return "none"
    return "on" if setting["is_on"] else "off"
