"""Reading the rules for the moderators' page; what posting asks is in `book`."""

import sqlalchemy as sa

from discuss.base.db import session
from discuss.base.errors import NotFound
from discuss.moderation.rules.models import Rule


def listed() -> list[Rule]:
    """Return every rule: those that are on first, the site's before a letter's."""
    order = (Rule.is_on.desc(), Rule.letter_id.nulls_first(), Rule.id)
    return list(session.scalars(sa.select(Rule).order_by(*order)))


def rule_of(rule_id: int) -> Rule:
    """Return a rule.

    :raises NotFound: there is none.
    """
    found = session.get(Rule, rule_id) if 0 < rule_id < 2**31 else None
    if found is None:
        raise NotFound
    return found
