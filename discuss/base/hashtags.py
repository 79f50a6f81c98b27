"""Where the hashtags of a plain text stand, by the rules that Twitter readers are used to."""

import re
import unicodedata
from collections.abc import Iterator

# Signs that join letters, beside letters, digits and marks.
_JOINERS = frozenset(
    "_\u200c\u200d\u00b7\u05be\u05f3\u05f4\u0f0b\u0f0c\u3003\u301c\u309b\u309c\u30a0\u30fb\ua67e\uff5e"
)
_VARIATION_SELECTORS = "\ufe0e\ufe0f"
_MARK = re.compile(
    r"(?P<gap>\s)|(?P<address>://|www\.)|"
    "[#\uff03](?![\ufe0f\u20e3])",  # not the keycap emoji
    re.IGNORECASE,
)
_NO_END = re.compile("[#\uff03]|://")  # what cannot follow: ##, or the scheme of an address


def hashtags(text: str) -> Iterator[tuple[int, int]]:
    """Find each hashtag: a # and letters, digits or underscores, not digits alone.

    :returns: where the # stands, and where the tag ends.
    """
    for start in _signs(text):
        end = start + 1
        while end < len(text) and _is_part(text[end]):
            end += 1
        has_letter = any(unicodedata.category(sign)[0] in "LM" for sign in text[start + 1 : end])
        if has_letter and not _NO_END.match(text, end):
            yield start, end


def _signs(text: str) -> Iterator[int]:
    """Find each # that stands where a tag may begin; once through, however long a word is."""
    in_address = False
    for mark in _MARK.finditer(text):
        if mark.lastgroup:
            in_address = mark.lastgroup == "address"
        elif not in_address and _may_follow(text[mark.start() - 1 : mark.start()]):
            yield mark.start()


def _may_follow(before: str) -> bool:
    if not before or before in _VARIATION_SELECTORS:
        return True
    return before != "&" and not _is_part(before)


def _is_part(character: str) -> bool:
    category = unicodedata.category(character)
    return character in _JOINERS or category[0] in "LM" or category == "Nd"
