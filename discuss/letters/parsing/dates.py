"""Dates as letters and their file names write them, with the precision they give."""

import re
from datetime import date

from discuss.letters.parsing.parsed import Precision, SentDate

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_WEEKDAY = r"(?:(?:mon|tue|tues|wed|wednes|thu|thurs|fri|sat|satur|sun)(?:day)?\.?,?\s{1,3})?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>\d{4})(?![\d/-]|\.\d)(?!\w)"
_NOTATIONS = tuple(
    re.compile(pattern, re.IGNORECASE | re.ASCII)
    for pattern in (
        r"(?P<year>\d{4})[-/](?P<month>\d{1,2})[-/](?P<day>\d{1,2})(?![\d/-])",
        r"(?P<year>\d{4})-(?P<month>\d{2})(?![\d/-])",
        rf"{_WEEKDAY}{_DAY}(?:\s{{1,3}}of)?\s{{1,3}}{_MONTH},?\s{{1,3}}{_YEAR}",
        rf"{_WEEKDAY}{_MONTH}\s{{1,3}}{_DAY},?\s{{1,3}}{_YEAR}",
        rf"{_MONTH},?\s{{1,3}}{_YEAR}",
        rf"(?P<day>\d{{1,2}})\.(?P<month>\d{{1,2}})\.{_YEAR}",
        rf"(?P<day>\d{{1,2}})/(?P<month>\d{{1,2}})/{_YEAR}",
        _YEAR,
    )
)
_ISO_DAY = _NOTATIONS[0]
_LABEL = re.compile(r"(date[ds]?|sent|published|posted)(\s{0,3}:|)\s{1,5}(?:on\s{1,3})?", re.I)
_IN_FILE_NAME = re.compile(r"(?<!\d)(\d{4})(?:[-_.](\d{2})(?:[-_.](\d{2}))?)?(?!\d)")
_SEPARATORS = ":,|–—-"
_LONGEST = 80  # no date with its label and place is longer; a longer line is prose
FIRST_YEAR, LAST_YEAR = 1500, 2099  # four digits outside are a number


def read(text: str) -> SentDate | None:
    """Read a text that is a date and nothing else: ``3 April 2020``, ``2016-05``, ``1789``."""
    stripped = text.strip().rstrip(".,")
    if len(stripped) > _LONGEST:
        return None
    found = _at(stripped)
    return found[0] if found and found[1] == len(stripped) else None


def in_dateline(line: str) -> SentDate | None:
    """Read the date behind a place, ``London, 3 April 2020``, which are the letter's own words."""
    place, comma, rest = line.strip().partition(",")
    if not comma or len(line) > _LONGEST or not place[:1].isupper():
        return None
    found = read(rest)
    return found if found and found.precision is not Precision.YEAR else None


def at_start(line: str) -> tuple[SentDate, str, str] | None:
    """Part a date that a page left in front of the first sentence, or on a line of its own.

    A date that belongs to the sentence stays: "3 April 2020 was my last day" has none to part.

    :returns: the date, the words that only said it, and the rest of the line.
    """
    stripped = line.strip()
    label = _LABEL.match(stripped)
    start = label.end() if label else 0
    found = _at(stripped, start)
    if not found or found[0].precision is Precision.YEAR:
        return None
    sent, end = found
    rest = stripped[end:].lstrip()
    if rest[:1] and rest[0] in _SEPARATORS and (label or rest[1:2].isspace()):
        end = len(stripped) - len(rest) + 1
        rest = rest[1:].lstrip()
    if rest.strip(".,") and not _is_fused(stripped, label, rest):
        return None
    if not rest.strip(".,"):
        end, rest = len(stripped), ""
    return sent, stripped[:end].strip(), rest


def in_file_name(stem: str) -> SentDate | None:
    """Read the date at either end of a file's name: ``letter-2016-05``, ``1789-washington``."""
    for found in _IN_FILE_NAME.finditer(stem):
        if found.start() == 0 or found.end() == len(stem):
            year, month, day = (int(part) if part else None for part in found.groups())
            if sent := _sent(year, month, day):
                return sent
    return None


def _is_fused(line: str, label: re.Match[str] | None, rest: str) -> bool:
    """Whether the line is a date and then a sentence, and the date no part of the sentence."""
    if rest[0].islower():
        return False
    if label is None:
        return _ISO_DAY.match(line) is not None  # nobody begins a sentence with this notation
    return label[1].lower().startswith("date") or label[2] != ""


def _at(text: str, start: int = 0) -> tuple[SentDate, int] | None:
    for notation in _NOTATIONS:
        if found := notation.match(text, start):
            parts = found.groupdict()
            day = int(parts["day"]) if parts.get("day") else None
            month = _month(parts["month"]) if parts.get("month") else None
            if "/" in found[0] and notation is not _ISO_DAY and day and month:
                if day <= 12 and month <= 12 and day != month:
                    return None  # 3/4/2020 is April in London and March in Boston
                if month > 12:
                    day, month = month, day
            if sent := _sent(int(parts["year"]), month, day):
                return sent, found.end()
    return None


def _month(text: str) -> int:
    return int(text) if text.isdigit() else _MONTHS.index(text[:3].lower()) + 1


def _sent(year: int | None, month: int | None, day: int | None) -> SentDate | None:
    if year is None or not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    precision = Precision.DAY if day else Precision.MONTH if month else Precision.YEAR
    try:
        return SentDate(date(year, month or 1, day or 1), precision)
    except ValueError:  # 31 June
        return None
