"""Lines to paragraphs: those that a single newline parts, and those hard-wrapped at a column."""

import re
from itertools import pairwise

from discuss.letters.parsing.phrases import SENTENCE_END

LONGEST_WRAPPED = 100  # characters; a longer line was not broken by a mail program or an editor
SHORTEST_WRAPPED = 45  # verse, addresses and signatures have shorter lines, broken on purpose


_ITEM = re.compile(r"(?:[-*•–—+·]|\d{1,3}[.)]|[a-zA-Z][.)]|#{1,6})\s")
_TIED_END = re.compile(r"\w--?$")  # "heart-" and "war--" run on into the next line's word
_TIED_START = re.compile(r"--\w")


def joined(lines: list[str], *, markdown: bool = False) -> list[str]:
    """Join what was wrapped, part what was not; the words stay as they are, and in order.

    Where lines are wrapped, only a blank line (or a line that ends early, with its sentence)
    begins a paragraph; where they are not, every newline does.

    :param markdown: short lines always go on, as in CommonMark, unless they end in a hard break.
    """
    column = _wrap_column(lines)
    found: list[str] = []
    for block in _blocks(lines):
        found.extend(_joined_block(block, column, markdown=markdown))
    return found


def _wrap_column(lines: list[str]) -> int:
    """Return the column at which these lines were wrapped, 0 if they were not."""
    inner = [(a, b) for a, b in pairwise(lines) if _may_be_wrapped(a, b)]
    if not inner:
        return 0
    lengths = sorted(len(a.rstrip()) for a, _ in inner)
    column = lengths[(len(lengths) - 1) * 9 // 10]  # one long line does not move it
    ended = sum(_ends_sentence(a) for a, _ in inner)
    full = sum(_is_full(a, b, column) for a, b in inner)
    wrapped = column >= SHORTEST_WRAPPED and ended * 2 < len(inner) <= full * 2
    return column if wrapped else 0


def _may_be_wrapped(line: str, following: str) -> bool:
    return len(line) <= LONGEST_WRAPPED and " " in line.strip() and bool(following.strip())


def _blocks(lines: list[str]) -> list[list[str]]:
    blocks: list[list[str]] = [[]]
    for line in lines:
        if line.strip():
            blocks[-1].append(line)
        elif blocks[-1]:
            blocks.append([])
    return [block for block in blocks if block]


def _joined_block(block: list[str], column: int, *, markdown: bool) -> list[str]:
    if any(len(line) > LONGEST_WRAPPED and " " in line.strip() for line in block):
        return [line.strip() for line in block]
    if len(block) > 3:  # a quoted passage may be narrower than the rest
        column = min(column, max(len(line.rstrip()) for line in block[:-1]))
    paragraphs = [[block[0]]]
    for line, following in pairwise(block):
        if _goes_on(line, following, column, markdown=markdown):
            paragraphs[-1].append(following)
        else:
            paragraphs.append([following])
    return [_one_line(parts) for parts in paragraphs]


def _goes_on(line: str, following: str, column: int, *, markdown: bool) -> bool:
    full = column > 0 and _is_full(line, following, column)
    if _ITEM.match(following.lstrip()):
        listed = not full or _ends_sentence(line) or _ITEM.match(line.lstrip())
        if listed:  # else a dash within a sentence, at which the line was broken
            return False
    if markdown:
        return not line.endswith(("  ", "\\")) and not line.lstrip().startswith("#")
    if not column:
        return False
    continued = following.lstrip()[:1].islower() and not _ends_sentence(line)
    return continued or full


def _is_full(line: str, following: str, column: int) -> bool:
    """Whether the next word had no room on this line."""
    return len(line.rstrip()) + 1 + len(following.split(None, 1)[0]) > column


def _ends_sentence(line: str) -> bool:
    return SENTENCE_END.search(line.rstrip()[-8:]) is not None


def _one_line(parts: list[str]) -> str:
    pieces = [parts[0].strip()]
    for part in parts[1:]:
        word = part.strip()
        pieces.append(word if _is_tied(pieces[-1], word) else f" {word}")
    return "".join(pieces)


def _is_tied(before: str, word: str) -> bool:
    """Whether a hyphen or a dash ties two words between which a line was broken."""
    if _TIED_END.search(before[-3:]) and word[:1].isalpha():
        return True
    return before[-1:].isalnum() and _TIED_START.match(word) is not None
