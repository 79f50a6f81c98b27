"""The rules that are on, compiled, kept in each worker until one of them changes anywhere."""

import logging

import sqlalchemy as sa
from flask import Flask, current_app

from discuss.base import pagecache
from discuss.base.db import connection, session
from discuss.base.errors import Invalid
from discuss.moderation.rules.explain import Ready, ready
from discuss.moderation.rules.models import MOST_RULES, Kind, Rule

CLOCK = "rules"
log = logging.getLogger("discuss.moderation")
# An import from an archive ticks the site's clock alone.
_CLOCKS = (pagecache.value_of(CLOCK), pagecache.value_of("site"))
STAMP = sa.cast(_CLOCKS[0], sa.String) + "-" + sa.cast(_CLOCKS[1], sa.String)
"""Another text after every change of a rule."""
_STAMP = sa.select(STAMP)


def init_app(app: Flask) -> None:
    """Make room for the compiled rules."""
    app.extensions["rules"] = pagecache.Parts(1)


def rules_of(letter_id: int, stamp: str | None = None) -> list[Ready]:
    """Return the rules that are on for a letter, the site's included.

    :param letter_id: whose thread.
    :param stamp: `STAMP`, where it was read just now; else one short statement reads it.
    """
    return [rule for rule in all_rules(stamp) if rule.letter_id in {None, letter_id}]


def all_rules(stamp: str | None = None) -> tuple[Ready, ...]:
    """Return every rule that is on; the stamp as above."""
    kept: pagecache.Parts = current_app.extensions["rules"]
    return kept.right(CLOCK, stamp or connection().execute(_STAMP).scalar_one(), _compiled)


def has(kind: Kind, letter_id: int) -> bool:
    """Whether a rule of a kind is on for a letter."""
    return any(rule.kind is kind for rule in rules_of(letter_id))


def _compiled() -> tuple[Ready, ...]:
    on = sa.select(Rule).where(Rule.is_on).order_by(Rule.id).limit(MOST_RULES)
    found = map(_usable, session.scalars(on))
    return tuple(rule for rule in found if rule is not None)


def _usable(rule: Rule) -> Ready | None:
    """Return a rule compiled; one that cannot be, out of an archive perhaps, stops nobody."""
    try:
        return ready(rule)
    except Invalid as error:
        log.warning("rule %s cannot be used: %s", rule.id, error.message)
        return None
