"""A file to a letter: plain text, Markdown with front matter, or an e-mail; pure, no database.

The letter's own words are never altered: they stay as written, Markdown's marks and slips
included. What is not the letter is set aside and listed, never published and never dropped.
"""

import re
from dataclasses import replace
from pathlib import PurePath

from discuss.letters.parsing import dates, decoding, eml, frontmatter, plaintext
from discuss.letters.parsing.facts import apply_facts
from discuss.letters.parsing.parsed import (
    MAX_BYTES,
    MAX_MAIL_BYTES,
    MAX_PARAGRAPHS,
    Leftover,
    NotALetter,
    ParsedLetter,
    ParsedParagraph,
    Precision,
    SentDate,
    SetAside,
    Signature,
)

__all__ = [
    "MAX_BYTES",
    "MAX_MAIL_BYTES",
    "MAX_PARAGRAPHS",
    "Leftover",
    "NotALetter",
    "ParsedLetter",
    "ParsedParagraph",
    "Precision",
    "SentDate",
    "SetAside",
    "Signature",
    "apply_facts",
    "parse",
]

_TEXT_ENDINGS = (".txt", ".text", ".md", ".markdown")
_MARKDOWN_ENDINGS = (".md", ".markdown")
_MAIL_HEAD = re.compile(  # a saved e-mail whose name doesn't say so
    rb"^(?:message-id|received|return-path|mime-version):", re.IGNORECASE | re.MULTILINE
)
_HEAD_SEARCHED = 20_000  # bytes


def parse(data: bytes, filename: str) -> ParsedLetter:
    """Read a letter from a file.

    :param data: the whole file; to refuse a large one early, read ``MAX_MAIL_BYTES + 1`` bytes.
    :param filename: its ending tells the format; a date at either end of its stem is the last
        resort for when a text was sent.
    :raises NotALetter: it holds no letter; the one message says why and what to do.
    """
    path = PurePath(filename)
    ending = path.suffix.lower()
    if ending == ".eml" or (
        ending not in _TEXT_ENDINGS and _MAIL_HEAD.search(data[:_HEAD_SEARCHED])
    ):
        return _from_mail(data)
    letter = _from_text(data, markdown=ending in _MARKDOWN_ENDINGS)
    return replace(letter, sent=letter.sent or dates.in_file_name(path.stem))


def _from_text(data: bytes, *, markdown: bool) -> ParsedLetter:
    front = frontmatter.read(decoding.text(data), markdown=markdown)
    headline = front.facts.get("headline")
    letter = plaintext.read(
        front.text, headline=str(headline) if headline else None, markdown=markdown
    )
    letter = apply_facts(letter, front.facts)
    return replace(letter, set_aside=(*front.set_aside, *letter.set_aside))


def _from_mail(data: bytes) -> ParsedLetter:
    mail = eml.read(data)
    headline = mail.facts.get("headline")
    letter = plaintext.read(
        mail.text, headline=str(headline) if headline else None, from_a_page=False
    )
    letter = apply_facts(letter, mail.facts)
    return replace(letter, set_aside=(*mail.set_aside, *letter.set_aside))
