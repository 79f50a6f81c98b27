"""Finding words and patterns in a comment, in time that grows with its length and no faster.

Google's RE2 walks a text once, whatever the pattern: no backtracking, and so nothing that hangs.
What it costs is the size of the compiled program, which is bounded here.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from discuss.base import later
from discuss.base.errors import Invalid

LARGEST_PROGRAM = 8_000  # instructions of one rule; at worst each is looked at for each character
STAR = "*"
_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")
LONGEST_FOUND = 40  # characters of what was found, for the line that tells


@dataclass(frozen=True)
class Matcher:
    """A compiled list of words or patterns."""

    pattern: Any
    work: int
    """Instructions of the program: what one character may cost at most."""
    folds: bool
    """Whether it reads the text of `folded`, and not what was typed."""

    def find(self, source: str, words: str) -> str | None:
        """Return the first thing found, short.

        :param source: the comment as it was typed.
        :param words: the same, folded.
        """
        found = self.pattern.search(words if self.folds else source)
        return None if found is None else " ".join(found.group().split())[:LONGEST_FOUND]


def folded(text: str) -> str:
    """Return the words of a text with a blank around each, small and in one form (Unicode TR15).

    Invisible signs go, or a zero-width space in a word would hide it.
    """
    return f" {' '.join(_small(text).split())} "


def lines_of(words: str) -> list[str]:
    """Return the lines of a list that say something."""
    return [line.strip() for line in words.splitlines() if line.strip()]


def of_words(lines: Iterable[str]) -> Matcher:
    """Compile whole words and phrases; `*` stands for the rest of a word.

    :raises Invalid: a line has no letter or digit in it, or all are too much together.
    """
    parts = [_starred(line) for line in lines]
    return _compiled("|".join(f" {part} " for part in parts), folds=True)


def of_patterns(lines: Iterable[str]) -> Matcher:
    """Compile regular expressions of RE2's kind; capitals and small letters are the same.

    :raises Invalid: one is none, asks for what takes more than linear time, or is too large.
    """
    lines = list(lines)
    for line in lines:
        if _compiled(line, folds=False).pattern.search("") is not None:
            raise Invalid(_("“%(line)s” is found in every comment.", line=line[:LONGEST_FOUND]))
    return _compiled("|".join(f"(?:{line})" for line in lines), folds=False)


def _starred(line: str) -> str:
    """Return a line of the list as a pattern over folded text."""
    kept = _small(line, but=STAR).split()
    if not any(sign != STAR for word in kept for sign in word):
        raise Invalid(_("“%(line)s” is no word.", line=line[:LONGEST_FOUND]))
    return " ".join("[^ ]*".join(map(re.escape, word.split(STAR))) for word in kept)


def _small(text: str, but: str = "") -> str:
    """Return a text in small letters and one form, a blank for each sign that is of no word."""
    text = unicodedata.normalize("NFKC", text).casefold()
    if text.isascii():  # ten times as fast, and most of what is compared with others
        return re.sub(rf"[^a-z0-9{re.escape(but)}]+", " ", text)
    return "".join(sign if sign in _PLAIN or sign == but else _folded(sign) for sign in text)


def _folded(sign: str) -> str:
    if sign.isalnum():
        return sign
    category = unicodedata.category(sign)
    if category == "Cf":
        return ""
    return sign if category[0] == "M" else " "


def _compiled(pattern: str, *, folds: bool) -> Matcher:
    # RE2 takes 4 MB of each worker, on sites that have such a rule alone.
    made = later.load("discuss.moderation.rules.linear").compiled(pattern)
    if made.programsize > LARGEST_PROGRAM:
        raise Invalid(_("That is too much for one rule. Make two rules of it."))
    return Matcher(made, made.programsize, folds)
