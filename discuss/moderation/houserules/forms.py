"""The house rules from the fields of their form: a few for each rule, and one for each reason."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from discuss.base import rendering
from discuss.base.errors import Invalid
from discuss.comments.models import Reason
from discuss.moderation.houserules.actions import Draft
from discuss.moderation.houserules.models import LONGEST_RULE, LONGEST_TITLE, MOST_RULES
from discuss.moderation.wording import reason_name


def drafts(form: Mapping[str, Any]) -> list[Draft]:
    """Read the rules in the order of their places; one that says nothing is left out.

    :param form: `title-N`, `words-N`, `place-N` for each rule, and `reason-REASON` with an N.
    :raises Invalid: a rule has no title, says too much, or a reason points to none.
    """
    rows = [row for row in range(1, MOST_RULES + 2) if _says_something(form, row)]
    if not rows:
        raise Invalid(_("Write at least one rule."))
    if len(rows) > MOST_RULES:
        raise Invalid(_("There can be %(count)s rules at most.", count=MOST_RULES))
    rows.sort(key=lambda row: (_place(form, row), row))
    pointing = {reason: _pointed_to(form, reason, rows) for reason in Reason}
    return [
        Draft(
            title=_title(form, row),
            source=rendering.normalise(_text(form, f"words-{row}"), LONGEST_RULE),
            reasons=tuple(reason for reason in Reason if pointing[reason] == row),
        )
        for row in rows
    ]


def _says_something(form: Mapping[str, Any], row: int) -> bool:
    return bool(_text(form, f"title-{row}") or _text(form, f"words-{row}"))


def _title(form: Mapping[str, Any], row: int) -> str:
    title = " ".join(rendering.normalise(_text(form, f"title-{row}"), LONGEST_TITLE).split())
    if not title:
        raise Invalid(_("Give every rule a title."))
    return title


def _place(form: Mapping[str, Any], row: int) -> int:
    given = _text(form, f"place-{row}")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 4 else row


def _pointed_to(form: Mapping[str, Any], reason: Reason, rows: list[int]) -> int:
    given = _text(form, f"reason-{reason}")
    if given not in map(str, rows):
        raise Invalid(_("Choose the rule that “%(reason)s” points to.", reason=reason_name(reason)))
    return int(given)


def _text(form: Mapping[str, Any], name: str) -> str:
    return str(form.get(name) or "").strip()
