"""The house rules as everybody reads them, kept in each worker until they change anywhere."""

from dataclasses import dataclass

import sqlalchemy as sa
from flask import Flask, current_app
from flask_babel import get_locale
from markupsafe import Markup

from discuss.base import pagecache, rendering
from discuss.base.db import session
from discuss.comments.models import Reason
from discuss.moderation.houserules.defaults import DEFAULTS
from discuss.moderation.houserules.models import HouseRule


@dataclass(frozen=True)
class Shown:
    """A rule apart from any session."""

    number: int
    title: str
    source: str
    html: Markup
    reasons: tuple[Reason, ...]


def init_app(app: Flask) -> None:
    """Make room for the rules, and tell templates of every package about them."""
    app.extensions["house_rules"] = pagecache.Parts(4)  # languages
    app.add_template_global(house_rules)
    app.add_template_global(rule_number)


def house_rules(epoch: str | None = None) -> tuple[Shown, ...]:
    """Return the rules in their order; those that come with the site where none were written.

    :param epoch: the site's clock, where it has been read for something else already.
    """
    kept: pagecache.Parts = current_app.extensions["house_rules"]
    return kept.right(str(get_locale()), epoch or pagecache.stamp_of("site").text, _read)


def rule_number(reason: Reason | str) -> int | None:
    """Return the number of the rule that a reason points to."""
    found = (rule.number for rule in house_rules() if reason in rule.reasons)
    return next(found, None)


def _read() -> tuple[Shown, ...]:
    rows = list(session.scalars(sa.select(HouseRule).order_by(HouseRule.number)))
    if not rows:
        return _defaults()
    return tuple(
        Shown(
            row.number,
            row.title,
            row.source,
            rendering.stored_html(row.html),
            tuple(map(Reason, row.reasons)),
        )
        for row in rows
    )


def _defaults() -> tuple[Shown, ...]:
    return tuple(
        Shown(number, str(title), str(words), rendering.comment_html(str(words)), (reason,))
        for number, (reason, title, words) in enumerate(DEFAULTS, start=1)
    )
