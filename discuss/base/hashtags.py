"""Where the hashtags of a plain text stand, by the rules that Twitter readers are used to."""

import re
import unicodedata
from collections.abc import Iterator

# Signs that join letters, beside letters, digits and marks.
_JOINERS = frozenset(
    "_\u200c\u200d\u00b7\u05be\u05f3\u05f4\u0f0b\u0f0c\u3003\u301c\u309b\u309c\u30a0\u30fb\ua67e\uff5e"
)
_VARIATION_SELECTORS = "\ufe0e\ufe0f"
_SIGN = re.compile("[#\uff03](?![\ufe0f\u20e3])")  # not the keycap emoji
_IN_ADDRESS = re.compile(r"(?:://|www\.)\S*\Z", re.IGNORECASE)
_NO_END = re.compile("[#\uff03]|://")  # what cannot follow: ##, or the scheme of an address


def hashtags(text: str) -> Iterator[tuple[int, int]]:
    """Find each hashtag: a # and letters, digits or underscores, not digits alone.

    :returns: where the # stands, and where the tag ends.
    """
    end = 0
    for sign in _SIGN.finditer(text):
        start = sign.start()
        if start < end or not _may_begin(text, start):
            continue
        end = sign.end()
        while end < len(text) and _is_part(text[end]):
            end += 1
        has_letter = any(unicodedata.category(sign)[0] in "LM" for sign in text[start + 1 : end])
        if has_letter and not _NO_END.match(text, end):
            yield start, end


def _may_begin(text: str, start: int) -> bool:
    before = text[start - 1 : start]
    if before and before not in _VARIATION_SELECTORS and (before == "&" or _is_part(before)):
        return False
    word = text[text.rfind(" ", 0, start) + 1 : start]
    return not _IN_ADDRESS.search(word)


def _is_part(character: str) -> bool:
    category = unicodedata.category(character)
    return character in _JOINERS or category[0] in "LM" or category == "Nd"
