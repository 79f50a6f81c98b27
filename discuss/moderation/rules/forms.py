"""A rule from the fields of its form."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from discuss.base import rendering
from discuss.base.errors import Invalid, NotFound
from discuss.letters import queries as letters
from discuss.moderation.rules.matching import lines_of
from discuss.moderation.rules.models import LONGEST_LIST, Kind, Rule
from discuss.moderation.rules.wording import LISTS, NUMBERS, NumberField

MOST_TRUSTED_AFTER = 1_000
TRUSTED_AFTER = "trusted_after"


def rule(form: Mapping[str, Any]) -> Rule:
    """Read a rule, which joins no session by that.

    :param form: `kind`, `letter` (a slug, or nothing for the site), and the kind's own fields.
    :raises Invalid: a number is out of its bounds, or a list is empty or too long.
    """
    chosen = kind(form)
    numbers = {field.name: number(form, field) for field in NUMBERS[chosen]}
    return Rule(
        kind=chosen,
        letter_id=letter_id(form),
        number=numbers.get("number"),
        minutes=numbers.get("minutes"),
        words=words(form) if chosen in LISTS else "",
        trusted_after=trusted_after(form),
        is_on=True,
    )


def kind(form: Mapping[str, Any]) -> Kind:
    """Return the kind that was chosen.

    :raises NotFound: there is no such kind.
    """
    try:
        return Kind(form.get("kind") or "")
    except ValueError:
        raise NotFound from None


def letter_id(form: Mapping[str, Any]) -> int | None:
    """Return whose thread the rule is for; nothing for every letter's.

    :raises NotFound: there is no such letter.
    """
    slug = form.get("letter") or ""
    return letters.published(slug).id if slug else None


def number(form: Mapping[str, Any], field: NumberField) -> int:
    """Return a number within its bounds.

    :raises Invalid: it is none, or out of them.
    """
    given = str(form.get(field.name) or "").strip()
    is_number = given.isascii() and given.isdigit() and len(given) < 9
    if is_number and field.least <= int(given) <= field.most:
        return int(given)
    raise Invalid(
        _(
            "%(label)s: write a number from %(least)s to %(most)s.",
            label=field.label,
            least=field.least,
            most=field.most,
        )
    )


def words(form: Mapping[str, Any]) -> str:
    """Return a list, a thing on a line.

    :raises Invalid: nothing is on it, or too much.
    """
    given = form.get("words") or ""
    kept = "\n".join(lines_of(rendering.normalise(str(given), LONGEST_LIST)))
    if not kept:
        raise Invalid(_("Write at least one line into the list."))
    return kept


def trusted_after(form: Mapping[str, Any]) -> int | None:
    """Return after how many comments an account is spared; nothing where none is.

    :raises Invalid: it is no such number.
    """
    if not str(form.get(TRUSTED_AFTER) or "").strip():
        return None
    label = _("Comments after which an account is spared")
    return number(form, NumberField(TRUSTED_AFTER, label, 1, MOST_TRUSTED_AFTER, 1))
