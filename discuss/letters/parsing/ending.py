"""How a letter ends: closing words, name and role, notes below them, the old page's reply form."""

import re
from dataclasses import dataclass
from itertools import takewhile

from discuss.letters.parsing.parsed import MAX_LINE, UNSIGNED, Leftover, SetAside, Signature
from discuss.letters.parsing.phrases import (
    CLOSING,
    INVITATION,
    NAME_END,
    NOTE,
    PAGE,
    PARTICLES,
    REPLY_FORM,
    ROLE,
    SALUTATION,
    SENTENCE_END,
    THANKS,
)

LINES_SEARCHED = 60  # from the end; closing words further up belong to the text
_LONGEST_CLOSING = 60  # characters: a closing is half a line
_LONGEST_NAME = 80
_ROLES = 3  # lines below a name that say what the author was
_CONTACTS = 12  # short lines below those: an address, a telephone number, more names


@dataclass(frozen=True)
class Ending:
    """The body's lines, the signature, the author's lines below it, and what is not theirs."""

    body: list[str]
    signature: Signature = UNSIGNED
    postscript: tuple[str, ...] = ()
    set_aside: tuple[SetAside, ...] = ()


@dataclass(frozen=True)
class _Found:
    signature: Signature
    first: int  # places among the last written lines: where the signature begins
    after: int  # and the first line below it


def without_reply_form(lines: list[str]) -> tuple[list[str], tuple[SetAside, ...]]:
    """Cut the old page's reply form, from its heading to the end of the file."""
    for index, line in enumerate(lines):
        if _fits(REPLY_FORM, line):
            return lines[:index], _set_aside(lines[index:], Leftover.REPLY_FORM)
    return lines, ()


def read(lines: list[str]) -> Ending:
    """Find the signature: closing words and a name, or a name alone, among the last lines."""
    written = [index for index, line in enumerate(lines) if line.strip()]
    tail = _Tail(lines, written[1:][-LINES_SEARCHED:])  # a letter has words before its signature
    found = tail.closed() or tail.unsigned() or tail.unclosed()
    if found is None:
        return Ending(lines)
    below = lines[tail.last[found.after] :] if found.after < len(tail.last) else []
    cut = next((n for n, line in enumerate(below) if _fits(PAGE, line)), len(below))
    return Ending(
        lines[: tail.last[found.first]],
        found.signature,
        tuple(below[:cut]),
        _set_aside(below[cut:], Leftover.PAGE),
    )


class _Tail:
    """The last written lines of a letter, where its signature is looked for from below."""

    def __init__(self, lines: list[str], last: list[int]) -> None:
        self.lines = lines
        self.last = last
        self.texts = [lines[index].strip() for index in last]

    def closed(self) -> _Found | None:
        """Find closing words with a name, on the next line or on their own."""
        for place in reversed(range(len(self.last))):
            found = self._closing_over_name(place) or self._closing_with_name(place)
            if found and self._may_end_here(found.after):
                return found
        return None

    def unsigned(self) -> _Found | None:
        """Find closing words that no name follows: a mail's footer had it."""
        place = len(self.last) - 1
        if place < 0 or not _is_known_closing(self.texts[place]) or not self._begins_block(place):
            return None
        text = self.texts[place]
        if text[-1] in ".!" or (THANKS.match(text) and text[-1] != ","):
            return None  # a sentence, the last
        return _Found(Signature(text), place, place + 1)

    def unclosed(self) -> _Found | None:
        """Find a name that stands alone: ``PUBLIUS``."""
        for place in reversed(range(len(self.last))):
            text = self.texts[place]
            if self._begins_block(place) and _is_name(text) and _stands_alone(text):
                found = self._named(None, place, place)
                if self._may_end_here(found.after):
                    return found
        return None

    def _closing_over_name(self, place: int) -> _Found | None:
        if place + 1 >= len(self.texts):
            return None
        text, name = self.texts[place], self.texts[place + 1]
        known = _is_known_closing(text) and (text.endswith(",") or self._opens(place))
        if known and _is_name(name, capitals=False):
            first = place
            if first and _is_known_closing(self.texts[first - 1]):
                first -= 1  # "Thank you," over "Yours,"
            return self._named("\n".join(self.texts[first : place + 1]), first, place + 1)
        if _reads_as_closing(text) and self._opens(place) and _is_name(name):
            return self._named(text, place, place + 1)
        return None

    def _closing_with_name(self, place: int) -> _Found | None:
        head, comma, name = self.texts[place].partition(",")
        if not comma or not self._opens(place) or not _is_name(name.strip()):
            return None
        if not _is_known_closing(head) or THANKS.match(head):
            return None  # "Thank you, Jeremy Corbyn" is said to him
        return self._named(f"{head},", place, place, name.strip())

    def _named(
        self, closing: str | None, first: int, place: int, name: str | None = None
    ) -> _Found:
        roles = self._roles(place + 1)
        signature = Signature(closing, name or self.texts[place], "\n".join(roles) or None)
        return _Found(signature, first, place + 1 + len(roles))

    def _roles(self, start: int) -> list[str]:
        """Return the lines below a name that say what its bearer was."""
        below = list(takewhile(_is_role, self.texts[start:]))
        if len(below) > _ROLES:  # more names, or an address
            below = [text for text in below[:1] if ROLE.search(text) and "," not in text]
        while len(", ".join(below)) > MAX_LINE["role"]:
            below.pop()
        return below

    def _may_end_here(self, after: int) -> bool:
        """Whether what follows is below a signature: nothing, notes, page, or a few short lines."""
        below = self.texts[after:]
        if not below or NOTE.match(below[0]) or _fits(PAGE, below[0]):
            return True
        short = all(len(text) <= _LONGEST_NAME for text in below)
        return short and len(below) <= _CONTACTS

    def _opens(self, place: int) -> bool:
        """Whether a new sentence begins on this line."""
        above = self.lines[self.last[place] - 1].rstrip()
        return not above or SENTENCE_END.search(above[-8:]) is not None

    def _begins_block(self, place: int) -> bool:
        return not self.lines[self.last[place] - 1].strip()


def _is_known_closing(text: str) -> bool:
    if len(text) > _LONGEST_CLOSING or not CLOSING.fullmatch(text):
        return False
    return text[-1] in ",.!–—-" or len(text.split()) <= 4


def _reads_as_closing(text: str) -> bool:
    """Whether a line closes a letter by its form alone: short, and it ends with a comma."""
    short = len(text) <= _LONGEST_CLOSING and len(text.split()) <= 8
    return short and text.endswith(",") and text[0].isupper() and not SALUTATION.match(text)


def _is_name(text: str, *, capitals: bool = True) -> bool:
    """Whether a line can be somebody's name, with what they are behind a comma perhaps."""
    if len(text) > _LONGEST_NAME or "@" in text or "://" in text or text.startswith("#"):
        return False
    words = text.split()
    if not 0 < len(words) <= (12 if "," in text else 8) or not any(c.isalpha() for c in text):
        return False
    if (SENTENCE_END.search(text) and not NAME_END.search(text)) or text.endswith(","):
        return False
    return not capitals or all(_is_capitalised(word) for word in words)


def _is_capitalised(word: str) -> bool:
    letters = word.lstrip("(“\"'‘")
    return letters[:1].isupper() or letters.lower() in PARTICLES or _has_no_case(letters)


def _has_no_case(word: str) -> bool:
    return word[:1].isalpha() and word.lower() == word.upper()  # Chinese, Arabic, Hebrew


def _stands_alone(text: str) -> bool:
    """Whether a name needs no closing words above it to be taken for one."""
    words = text.split()
    if len(words) == 1:
        return len(text) > 2 and text.isupper()
    return len(words) <= 6 and not INVITATION.match(text)


def _is_role(text: str) -> bool:
    if NOTE.match(text) or _fits(PAGE, text) or "@" in text or "://" in text:
        return False
    if len(text) > 120 or not any(character.isalpha() for character in text):
        return False
    return not SENTENCE_END.search(text) or bool(NAME_END.search(text))


def _fits(pattern: re.Pattern[str], line: str) -> bool:
    stripped = line.strip()
    return len(stripped) <= 120 and pattern.fullmatch(stripped) is not None


def _set_aside(lines: list[str], why: Leftover) -> tuple[SetAside, ...]:
    text = "\n".join(lines).strip()
    return (SetAside(text, why),) if text else ()
