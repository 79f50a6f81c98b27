"""What is known of a letter beside its text: front matter, a mail's head, a person's word."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from re import compile as pattern

from flask_babel import lazy_gettext as _

from discuss.letters.parsing import dates
from discuss.letters.parsing.parsed import (
    MAX_LINE,
    MAX_TAG,
    MAX_TAGS,
    Leftover,
    NotALetter,
    ParsedLetter,
    Precision,
    SentDate,
    SetAside,
)

_SLUG = pattern(r"[a-z0-9]{1,80}(?:-[a-z0-9]{1,80}){0,40}")


def apply_facts(letter: ParsedLetter, facts: Mapping[str, object]) -> ParsedLetter:
    """Return the letter with these facts in the place of what was read; its words stay.

    A headline or an introduction that gives way to another is set aside.

    :param facts: ``headline``, ``slug``, ``author``, ``role``, ``addressee``, ``language``,
        ``source``, ``image_caption`` (text); ``sent`` (a date, or text such as ``2016-05``) and
        ``precision``; ``tags`` and ``introduction`` (lists of text). Nothing else.
    :raises NotALetter: an unknown fact, or one that cannot be used, by its name.
    """
    changes: dict[str, object] = {}
    for name, value in facts.items():
        if name not in _READERS:
            raise NotALetter(
                _(
                    "A letter has no “%(name)s”. It may have: %(names)s.",
                    name=name,
                    names=", ".join(_READERS),
                )
            )
        if name != "precision":
            changes[name] = _READERS[name](name, value)
    if "precision" in facts:
        changes["sent"] = _with_precision(changes.get("sent", letter.sent), facts["precision"])
    changes["set_aside"] = letter.set_aside + _given_way(letter, changes)
    return replace(letter, **changes)  # type: ignore[arg-type] # each reader returns its field's type


def _line(name: str, value: object) -> str:
    text = value.strip() if isinstance(value, str) else ""
    if not text or len(text) > MAX_LINE[name] or len(text.splitlines()) > 1:
        raise NotALetter(
            _(
                "The letter’s “%(name)s” must be one line of at most %(limit)s characters.",
                name=name,
                limit=MAX_LINE[name],
            )
        )
    return text


def _slug(name: str, value: object) -> str:
    text = _line(name, value)
    if not _SLUG.fullmatch(text):
        raise NotALetter(
            _("The letter’s “slug” may have small letters a to z, digits and single hyphens only.")
        )
    return text


def _sent(name: str, value: object) -> SentDate:
    if isinstance(value, date):
        return SentDate(date(value.year, value.month, value.day))
    found = dates.read(str(value))
    if found is None:
        raise NotALetter(
            _("The letter’s “sent” must be a date such as 2020-04-03, 2016-05 or 1789.")
        )
    return found


def _precision(name: str, value: object) -> Precision:
    if not isinstance(value, str) or value not in tuple(Precision):
        raise NotALetter(_("The letter’s “precision” must be day, month or year."))
    return Precision(value)


def _tags(name: str, value: object) -> tuple[str, ...]:
    tags = _texts(name, value)
    if len(tags) > MAX_TAGS or any(len(tag) > MAX_TAG for tag in tags):
        raise NotALetter(
            _(
                "A letter has at most %(count)s tags of %(limit)s characters.",
                count=MAX_TAGS,
                limit=MAX_TAG,
            )
        )
    return tags


def _texts(name: str, value: object) -> tuple[str, ...]:
    if isinstance(value, str) or not isinstance(value, list | tuple):
        raise NotALetter(_("The letter’s “%(name)s” must be a list of texts.", name=name))
    texts = tuple(text.strip() for text in value if isinstance(text, str) and text.strip())
    if len(texts) != len(value):
        raise NotALetter(_("The letter’s “%(name)s” must be a list of texts.", name=name))
    return texts


_READERS: dict[str, Callable[[str, object], object]] = {
    "headline": _line,
    "slug": _slug,
    "author": _line,
    "role": _line,
    "addressee": _line,
    "sent": _sent,
    "precision": _precision,
    "introduction": _texts,
    "tags": _tags,
    "language": _line,
    "source": _line,
    "image_caption": _line,
}


def _with_precision(sent: object, value: object) -> SentDate:
    precision = _precision("precision", value)
    finest = tuple(Precision)
    if not isinstance(sent, SentDate) or finest.index(precision) < finest.index(sent.precision):
        raise NotALetter(_("The letter’s “precision” is finer than the date it was sent."))
    on = sent.on
    if precision is not Precision.DAY:
        on = on.replace(day=1, month=on.month if precision is Precision.MONTH else 1)
    return SentDate(on, precision)


def _given_way(letter: ParsedLetter, changes: Mapping[str, object]) -> tuple[SetAside, ...]:
    """Return the words of the file that other words replace."""
    found: list[SetAside] = []
    if letter.headline and changes.get("headline", letter.headline) != letter.headline:
        found.append(SetAside(letter.headline, Leftover.HEADLINE))
    if letter.introduction and changes.get("introduction", letter.introduction) != (
        letter.introduction
    ):
        found.append(SetAside("\n\n".join(letter.introduction), Leftover.INTRODUCTION))
    return tuple(found)
