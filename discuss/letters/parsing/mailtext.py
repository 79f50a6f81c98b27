"""The text of a mail as its author wrote it: out of HTML, rejoined, without what it quotes."""

import html
import re
from email.message import Message

from flask_babel import lazy_gettext as _

from discuss.base import sanitising
from discuss.letters.parsing.parsed import Leftover, NotALetter, SetAside

MAX_MARKS = 20_000  # tags and entities; bleach needs minutes for ten times as many broken ones
_HIDDEN = ("script", "style", "head", "title")
_SPACE = re.compile(r"[ \t\n\r\f]+")
_ATTRIBUTES = r"(?:[^<>\"']|\"[^\"<]*+\"|'[^'<]*+')*+"  # possessive, and no tag inside: linear
_NEW_PARAGRAPH = re.compile(
    rf"</?(?:p|h[1-6]|table|blockquote|ul|ol|hr|pre|section|article|header|footer)\b{_ATTRIBUTES}>",
    re.IGNORECASE,
)
_NEW_LINE = re.compile(rf"</?(?:br|div|li|tr|dt|dd|center)\b{_ATTRIBUTES}>", re.IGNORECASE)

_ATTRIBUTION_LINES = 3  # "On Monday 4 May 2020 at 10:11, Somebody\n<address> wrote:"
_ATTRIBUTION = re.compile(r"\d|@")
_EARLIER_MESSAGE = re.compile(
    r"-{2,20}\s?(?:original message|ursprüngliche nachricht|message d'origine)\s?-{2,20}",
    re.IGNORECASE,
)


def from_html(source: str) -> str:
    """Return the words of an HTML text, a blank line between its paragraphs.

    :raises NotALetter: more markup than any letter needs.
    """
    if source.count("<") + source.count("&") > MAX_MARKS:
        raise NotALetter(
            _("The e-mail’s HTML is too large to read. Save its text as plain text and add that.")
        )
    shown = _SPACE.sub(" ", _without_hidden(source))
    shown = _NEW_LINE.sub("\n", _NEW_PARAGRAPH.sub("\n\n", shown))
    words = html.unescape(sanitising.without_tags(shown))
    return "\n".join(line.strip(" ") for line in words.split("\n"))


def unflowed(text: str, part: Message) -> str:
    """Join the lines that a ``format=flowed`` text broke (RFC 3676, section 4.2)."""
    no_blank = str(part.get_param("delsp", "")).lower() == "yes"
    joined: list[str] = []
    goes_on = False
    for written in text.splitlines():
        line = written[1:] if written.startswith(" ") else written
        quoted = line.startswith(">")
        if goes_on and not quoted:
            joined[-1] += line
        else:
            joined.append(line)
        goes_on = line.endswith(" ") and line != "-- " and not quoted
        if goes_on and no_blank:
            joined[-1] = joined[-1][:-1]
    return "\n".join(joined)


def without_quotations(text: str, set_aside: list[SetAside]) -> str:
    """Cut the footer, the earlier messages and the lines quoted from them; list them.

    :param set_aside: where what is cut is added.
    """
    lines = text.splitlines()
    for index, line in enumerate(lines):
        if line == "-- " or _EARLIER_MESSAGE.fullmatch(line.strip()[:100]):
            why = Leftover.FOOTER if line == "-- " else Leftover.QUOTATION
            _cut(lines, index, len(lines), why, set_aside)
            break
    quoted = [line.startswith(">") for line in lines]
    start = 0
    while start < len(lines):
        if quoted[start]:
            end = _end_of_quotation(lines, quoted, start)
            _cut(lines, _attribution(lines, start), end, Leftover.QUOTATION, set_aside)
            start = end
        else:
            start += 1
    return "\n".join(lines)


def _without_hidden(source: str) -> str:
    """Drop what a browser never shows as text, comments too."""
    for name in _HIDDEN:
        source = _without(source, re.compile(rf"<{name}\b", re.IGNORECASE), f"</{name}")
    return _without(source, re.compile("<!--"), "-->")


def _without(source: str, opening: re.Pattern[str], closing: str) -> str:
    kept: list[str] = []
    lowered = source.lower()
    if len(lowered) != len(source):  # "İ" has two small letters; then only the exact form is found
        lowered = source
    place = 0
    while found := opening.search(source, place):
        kept.append(source[place : found.start()])
        end = lowered.find(closing, found.end())
        if end < 0:
            return "".join(kept)
        place = end + len(closing) if closing == "-->" else source.find(">", end) + 1
        if not place:
            return "".join(kept)
    return "".join([*kept, source[place:]])


def _end_of_quotation(lines: list[str], quoted: list[bool], start: int) -> int:
    end = start + 1
    while end < len(lines) and quoted[end]:
        end += 1
    return end


def _attribution(lines: list[str], start: int) -> int:
    """Return where the words begin that say whom the next lines quote."""
    above = start
    if above and not lines[above - 1].strip():
        above -= 1
    if not above or not lines[above - 1].rstrip().endswith(":"):
        return start
    begin = above
    while begin and above - begin < _ATTRIBUTION_LINES and lines[begin - 1].strip():
        begin -= 1
    if (begin and lines[begin - 1].strip()) or not _ATTRIBUTION.search("".join(lines[begin:above])):
        return start  # a paragraph of the letter that ends in a colon
    return begin


def _cut(lines: list[str], start: int, end: int, why: Leftover, set_aside: list[SetAside]) -> None:
    cut = "\n".join(lines[start:end]).strip()
    if cut:
        set_aside.append(SetAside(cut, why))
    lines[start:end] = [""] * (end - start)
