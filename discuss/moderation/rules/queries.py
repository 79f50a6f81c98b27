"""Reading the rules for the moderators' page; what posting asks is in `book`."""

import sqlalchemy as sa

from discuss.base.db import session
from discuss.base.errors import NotFound
from discuss.moderation import scope
from discuss.moderation.rules.models import Rule


def listed() -> list[Rule]:
    """Return every rule that is the viewer's: on before off, the site's before a letter's."""
    order = (Rule.is_on.desc(), Rule.letter_id.nulls_first(), Rule.id)
    own = sa.select(Rule).where(scope.here(Rule.letter_id))
    return list(session.scalars(own.order_by(*order)))


def rule_of(rule_id: int) -> Rule:
    """Return a rule.

    :raises NotFound: there is none, or it is not the viewer's.
    """
    own = sa.select(Rule).where(Rule.id == rule_id, scope.here(Rule.letter_id))
    found = session.scalar(own)
    if found is None:
        raise NotFound
    return found
