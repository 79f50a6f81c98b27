"""Bytes to text, or one clear reason why they are not the text of a letter."""

import codecs
import re

from flask_babel import lazy_gettext as _

from discuss.letters.parsing.parsed import MAX_BYTES, NotALetter

_OTHER_KINDS = {  # how files begin that people take for text
    b"%PDF-": "PDF",
    b"\x89PNG\r\n": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"PK\x03\x04": "Word, OpenDocument, ZIP",
    b"\xd0\xcf\x11\xe0": "Word",
    b"{\\rtf": "RTF",
    b"\x1f\x8b": "gzip",
    b"<!doctype html": "HTML",
    b"<html": "HTML",
}
_BYTE_ORDER_MARKS = (  # UTF-32 first: its mark begins with the one of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1b\x7f]")
_BREAKS = str.maketrans(
    {"\x0b": "\n", "\x0c": "\n\n", "\x85": "\n", "\u2028": "\n", "\u2029": "\n\n"}
)


def text(data: bytes) -> str:
    r"""Decode a file that should hold a letter, its lines ended by ``\n``.

    :param data: UTF-8, or UTF-16 and UTF-32 with their byte order mark.
    :raises NotALetter: nothing in it, too much, another kind of file, another encoding.
    """
    refuse_size(data, MAX_BYTES)
    _refuse_other_kinds(data)
    return tidied(_decoded(data))


def refuse_size(data: bytes, limit: int) -> None:
    """Refuse a file with nothing in it, or with more than ``limit`` bytes."""
    if not data:
        raise NotALetter(_("The file is empty. Choose the file that holds the letter."))
    if len(data) > limit:
        raise NotALetter(
            _(
                "The file is larger than %(limit)s MB, so it is hardly one letter."
                " Save the letter’s text alone and add that.",
                limit=limit // 1_000_000,
            )
        )


def tidied(letter: str) -> str:
    r"""Give every line break the form ``\n``, and refuse what only programs write.

    :raises NotALetter: no words, or control characters.
    """
    if _CONTROLS.search(letter):
        raise NotALetter(
            _("The file is not plain text: it holds control characters. Save it as text.")
        )
    if not letter.strip():
        raise NotALetter(_("The file holds no words. Choose the file that holds the letter."))
    return letter.replace("\r\n", "\n").replace("\r", "\n").translate(_BREAKS)


def _refuse_other_kinds(data: bytes) -> None:
    start = data[:64].lstrip().lower()
    for beginning, kind in _OTHER_KINDS.items():
        if start.startswith(beginning.lower()):
            raise NotALetter(
                _(
                    "The file is not a text (it looks like %(kind)s)."
                    " Save the letter as plain text, Markdown or .eml and add that.",
                    kind=kind,
                )
            )


def _decoded(data: bytes) -> str:
    encoding = next((name for mark, name in _BYTE_ORDER_MARKS if data.startswith(mark)), "utf-8")
    if encoding == "utf-8" and b"\x00" in data:
        raise NotALetter(
            _("The file is not plain text: it holds binary data. Save the letter as text in UTF-8.")
        )
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:  # a guess would change the author's words
        line = data.count(b"\n", 0, error.start) + 1
        raise NotALetter(
            _("Line %(line)s is not in UTF-8. Save the file as UTF-8 and add it again.", line=line)
        ) from error
