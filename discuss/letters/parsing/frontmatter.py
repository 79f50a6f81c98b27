"""The facts above a letter's text: between ``---`` or ``+++``, or as bare ``Name: value`` lines.

Between ``---`` stands a small part of YAML: ``key: value``, ``key: [a, b]``, lists of ``- item``.
"""

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from email.utils import getaddresses

from flask_babel import lazy_gettext as _

from discuss.letters.parsing import dates
from discuss.letters.parsing.parsed import Leftover, NotALetter, SetAside

MAX_LINES = 200  # front matter is a dozen lines; a rule further down is the letter's own
_LONGEST_LINE = 2_000  # characters; tomllib keeps a copy of each part of a dotted name

_NAMES = {  # as people write them, in small letters without blanks and hyphens
    "headline": ("headline", "title", "subject", "betreff", "objet"),
    "slug": ("slug",),
    "author": ("author", "by", "from"),
    "role": ("role",),
    "addressee": ("addressee", "to", "recipient", "recipients"),
    "sent": ("sent", "date", "datesent", "published", "publicationdate"),
    "precision": ("precision",),
    "introduction": ("introduction", "intro"),
    "tags": ("tags", "keywords"),
    "language": ("language", "lang"),
    "source": ("source", "url"),
    "image_caption": ("imagecaption", "caption"),
}
_FACT_OF = {name: fact for fact, names in _NAMES.items() for name in names}
_PAIR = re.compile(r"([A-Za-z][\w -]{0,40}?)[ \t]{0,10}:(?:[ \t]+(.*)|$)")
_ADDRESS = re.compile(r"[^\s@]@[^\s@]")
_LIST_ITEM = re.compile(r"[ \t]{0,10}-[ \t]+(.+)")


@dataclass
class FrontMatter:
    """The facts that were read, the lines that no letter has, and the text below them."""

    text: str
    facts: dict[str, object] = field(default_factory=dict)
    set_aside: list[SetAside] = field(default_factory=list)

    def add(self, name: str, value: object, line: str) -> None:
        """Keep one fact under its own name, or set its line aside where a letter has none."""
        fact = _FACT_OF.get(re.sub(r"[\s_-]", "", name.lower()))
        used = self._usable(fact, value) if fact and fact not in self.facts else None
        if fact is None or used is None:
            self.set_aside.append(SetAside(line.strip(), Leftover.FRONT_MATTER))
        else:
            self.facts[fact] = used

    def _usable(self, fact: str, value: object) -> object:
        """Return a value in the form that facts have, None if it has another."""
        if fact in ("tags", "introduction"):
            return _texts(value, split=fact == "tags")
        if fact == "sent":
            return value if isinstance(value, date) else dates.read(str(value)) and str(value)
        if isinstance(value, list | dict) or not str(value).strip():
            return None
        return self._named(str(value)) if fact in ("author", "addressee") else str(value)

    def _named(self, text: str) -> str | None:
        """Return the names without their e-mail addresses, which are set aside."""
        if not _ADDRESS.search(text):
            return text
        people = getaddresses([text])
        self.set_aside += [SetAside(address, Leftover.ADDRESS) for _name, address in people]
        return ", ".join(name for name, _address in people if name and "@" not in name) or None


def read(text: str, *, markdown: bool) -> FrontMatter:
    r"""Part the front matter from the letter.

    :param text: lines ended by ``\n``.
    :param markdown: bare lines may have any name; elsewhere ("To: …") only those of a letter.
    :raises NotALetter: TOML between ``+++`` that is none.
    """
    head = text.lstrip("\ufeff\n").split("\n", MAX_LINES)
    fence = head[0].rstrip()
    if fence in ("---", "+++"):
        ends = ("---", "...") if fence == "---" else ("+++",)
        close = next((n for n, line in enumerate(head[1:-1], 1) if line.rstrip() in ends), 0)
        close = close or (len(head) - 1 if head[-1].rstrip() in ends else 0)
        if close and (found := _fenced(fence, head[1:close], markdown=markdown)):
            found.text = "\n".join(head[close + 1 :])
            return found
    return _bare(head, markdown=markdown) or FrontMatter(text)


def _fenced(fence: str, lines: list[str], *, markdown: bool) -> FrontMatter | None:
    found = FrontMatter("")
    if fence == "+++":
        for name, value in _toml("\n".join(lines)).items():
            found.add(name, value, f"{name} = {value}")
        return found
    pairs = 0
    for line, following in _with_items(lines):
        pair = _PAIR.fullmatch(line) if len(line) <= _LONGEST_LINE else None
        pairs += pair is not None and (markdown or _is_known(pair[1]))
        if pair is None:
            found.set_aside.append(SetAside("\n".join([line, *following]), Leftover.FRONT_MATTER))
        else:
            items = [_unquoted(item) for item in following]
            value = items or _value(pair[2] or "")
            found.add(pair[1], value, "\n".join([line, *following]))
    return found if pairs else None  # two rules around a letter's own words


def _bare(head: list[str], *, markdown: bool) -> FrontMatter | None:
    """Read ``Name: value`` lines on top of the file, two at least, that a blank line ends."""
    block = next((head[:n] for n, line in enumerate(head) if not line.strip()), [])
    pairs = [_PAIR.fullmatch(line) if len(line) <= _LONGEST_LINE else None for line in block]
    known = [pair for pair in pairs if pair and _is_known(pair[1])]
    if len(block) < 2 or None in pairs or not known or (len(known) < len(pairs) and not markdown):
        return None
    found = FrontMatter("\n".join(head[len(block) :]))
    for pair in pairs:
        if pair:
            found.add(pair[1], _value(pair[2] or ""), pair[0])
    return found


def _is_known(name: str) -> bool:
    return re.sub(r"[\s_-]", "", name.lower()) in _FACT_OF


def _toml(text: str) -> Mapping[str, object]:
    try:
        if any(len(line) > _LONGEST_LINE for line in text.split("\n")):
            raise ValueError(f"a line is longer than {_LONGEST_LINE} characters")
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise NotALetter(
            _("The front matter between +++ cannot be read: %(error)s.", error=str(error)[:200])
        ) from error


def _with_items(lines: list[str]) -> list[tuple[str, list[str]]]:
    """Give each line the ``- item`` lines below it."""
    found: list[tuple[str, list[str]]] = []
    for line in lines:
        item = _LIST_ITEM.fullmatch(line) if len(line) <= _LONGEST_LINE else None
        if item and found and found[-1][0].rstrip().endswith(":"):
            found[-1][1].append(item[1])
        elif line.strip():
            found.append((line, []))
    return found


def _value(text: str) -> object:
    text = text.strip()
    if text.startswith("[") and text.endswith("]"):
        return [_unquoted(part) for part in text[1:-1].split(",") if part.strip()]
    return _unquoted(text)


def _unquoted(text: str) -> str:
    text = text.strip()
    if len(text) > 1 and text[0] == text[-1] == "'":
        return text[1:-1].replace("''", "'")
    if len(text) > 1 and text[0] == text[-1] == '"':
        try:
            return str(json.loads(text))
        except ValueError:
            return text[1:-1]
    return text


def _texts(value: object, *, split: bool) -> list[str] | None:
    if isinstance(value, str):
        value = value.split(",") if split else [value]
    if not isinstance(value, list) or not all(isinstance(item, str | int) for item in value):
        return None
    return [str(item).strip() for item in value if str(item).strip()] or None
