"""What each kind of rule is called, says of itself, and asks for in its form."""

from dataclasses import dataclass

from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy

from discuss.moderation.rules.matching import lines_of
from discuss.moderation.rules.models import Kind, Rule

NAMES: dict[Kind, LazyString] = {
    Kind.FIRST: lazy("First comments of an account"),
    Kind.LINKS: lazy("Many links"),
    Kind.HOSTS: lazy("Links to other sites"),
    Kind.WORDS: lazy("Words"),
    Kind.PATTERNS: lazy("Patterns"),
    Kind.PACE: lazy("Many comments in a short time"),
    Kind.REPEATED: lazy("The same text again"),
    Kind.YOUNG: lazy("Young accounts"),
    Kind.OLD_LETTER: lazy("Old letters"),
    Kind.REPORTS: lazy("Reported comments"),
}


@dataclass(frozen=True)
class NumberField:
    """A number that a rule's form asks for."""

    name: str
    label: LazyString
    least: int
    most: int
    usual: int


_WITHIN = lazy("Within how many minutes")
NUMBERS: dict[Kind, tuple[NumberField, ...]] = {
    Kind.FIRST: (NumberField("number", lazy("How many comments"), 1, 100, 1),),
    Kind.LINKS: (NumberField("number", lazy("Links that a comment may have"), 0, 10, 2),),
    Kind.HOSTS: (),
    Kind.WORDS: (),
    Kind.PATTERNS: (),
    Kind.PACE: (
        NumberField("number", lazy("Comments that an account may write"), 1, 100, 5),
        NumberField("minutes", _WITHIN, 1, 1440, 10),
    ),
    Kind.REPEATED: (
        NumberField("number", lazy("How alike, in per cent"), 70, 100, 90),
        NumberField("minutes", _WITHIN, 1, 43_200, 1440),
    ),
    Kind.YOUNG: (NumberField("number", lazy("Days"), 1, 365, 7),),
    Kind.OLD_LETTER: (NumberField("number", lazy("Days"), 1, 36_500, 90),),
    Kind.REPORTS: (NumberField("number", lazy("How many readers"), 1, 100, 3),),
}
LISTS: dict[Kind, tuple[LazyString, LazyString]] = {
    Kind.HOSTS: (
        lazy("Hosts that may be linked to, one on a line"),
        lazy("“example.org” stands for “news.example.org” too, and not for “my-example.org”."),
    ),
    Kind.WORDS: (
        lazy("Words or phrases, one on a line"),
        lazy(
            "Whole words, in capitals or not. * stands for the rest of a word: “casino*” finds "
            "“casinos”."
        ),
    ),
    Kind.PATTERNS: (
        lazy("Patterns, one on a line"),
        lazy(
            "Regular expressions as RE2 knows them. What could take long is refused: no "
            "backreferences, no looking ahead or behind."
        ),
    ),
}
"""The field for a list, and the note below it."""


def summary(rule: Rule) -> str:
    """Return what a rule holds, in a sentence."""
    number = rule.number or 0
    match rule.kind:
        case Kind.FIRST:
            return ngettext(
                "The first comment of an account",
                "The first %(num)d comments of an account",
                number,
            )
        case Kind.LINKS:
            return ngettext("More than %(num)d link", "More than %(num)d links", number)
        case Kind.HOSTS:
            return _("Links to other sites than %(hosts)s", hosts=_few(rule.words))
        case Kind.WORDS:
            return _("One of these words: %(words)s", words=_few(rule.words))
        case Kind.PATTERNS:
            return _("What these patterns find: %(patterns)s", patterns=_few(rule.words))
        case Kind.PACE:
            return _(
                "More than %(count)s comments of one account within %(minutes)s minutes",
                count=number,
                minutes=rule.minutes,
            )
        case Kind.REPEATED:
            return _(
                "What is to %(number)s %% what was said within %(minutes)s minutes before",
                number=number,
                minutes=rule.minutes,
            )
        case Kind.YOUNG:
            return ngettext(
                "Accounts of less than a day", "Accounts of less than %(num)d days", number
            )
        case Kind.OLD_LETTER:
            return ngettext(
                "Letters published more than a day ago",
                "Letters published more than %(num)d days ago",
                number,
            )
        case Kind.REPORTS:
            return ngettext(
                "What one reader reports: it is taken out of the discussion",
                "What %(num)d readers report: it is taken out of the discussion",
                number,
            )


def _few(words: str) -> str:
    """Return the first lines of a list."""
    lines = lines_of(words)
    shown = ", ".join(line[:40] for line in lines[:5])
    return f"{shown}, …" if len(lines) > 5 else shown
