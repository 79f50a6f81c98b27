"""The text of a letter, plain or Markdown, to its parts; its words stay as they are."""

import re
from collections.abc import Sequence

from flask_babel import lazy_gettext as _

from discuss.base.hashtags import hashtags
from discuss.letters.parsing import ending, opening, paragraphs
from discuss.letters.parsing.parsed import (
    MAX_LINE,
    MAX_PARAGRAPHS,
    NotALetter,
    ParsedLetter,
    ParsedParagraph,
    SetAside,
)
from discuss.letters.parsing.phrases import (
    FIRST_PERSON,
    FULL_TEXT,
    LOST_LINK,
    QUOTED,
    ROLE,
    SALUTATION,
    WRITTEN_LINK,
)

_LONGEST_BRIDGE = 300  # characters of "Below is the full text of the e-mail from …"
_LONGEST_SALUTATION = 120
_LONGEST_TAGGED = 500  # characters of one word; a longer one is no words
_ANYBODY = frozenset(("sir", "madam", "sirs", "all", "friend", "friends", "reader", "everyone"))


def read(
    text: str, *, headline: str | None = None, markdown: bool = False, from_a_page: bool = True
) -> ParsedLetter:
    r"""Find a letter's parts in its text.

    :param text: lines ended by ``\n``.
    :param headline: the one that is known from elsewhere; repeated above the text, it is set aside.
    :param markdown: a ``#`` line is the headline; all other marks are kept as written.
    :param from_a_page: it may have been copied off a web page, whose leftovers are set aside and
        whose editors may have introduced it.
    :raises NotALetter: nothing but leftovers, or more paragraphs than one page can show.
    """
    lines = text.split("\n")
    form: tuple[SetAside, ...] = ()
    if from_a_page:
        lines, form = ending.without_reply_form(lines)
    images = opening.without_images(lines, from_a_page=from_a_page)
    top = opening.read(images.lines, headline=headline, markdown=markdown)
    end = ending.read(top.lines)
    body = paragraphs.joined(end.body, markdown=markdown)
    introduction, body = _introduced(body) if from_a_page else ([], body)
    postscript = paragraphs.joined(list(end.postscript), markdown=markdown)
    _refuse_count(len(introduction) + len(body) + len(postscript))
    return ParsedLetter(
        paragraphs=_with_lost_links(body),
        headline=top.headline,
        author=_author(end.signature.name),
        role=_role(end.signature.role, end.signature.name, introduction),
        addressee=_addressee(body),
        sent=top.sent,
        introduction=tuple(introduction),
        signature=end.signature,
        postscript=_with_lost_links(postscript),
        hashtags=_hashtags([*body, *postscript]),
        image_caption=images.caption,
        set_aside=(*top.set_aside, *images.set_aside, *end.set_aside, *form),
    )


def _refuse_count(count: int) -> None:
    if not count:
        raise NotALetter(_("The file holds no letter. Choose the file that holds its text."))
    if count > MAX_PARAGRAPHS:
        raise NotALetter(
            _(
                "The file has more than %(limit)s paragraphs, so it is hardly one letter."
                " Save the letter’s text alone and add that.",
                limit=MAX_PARAGRAPHS,
            )
        )


def _introduced(body: list[str]) -> tuple[list[str], list[str]]:
    """Part the editors' introduction, up to the line that hands over to the letter."""
    for place, text in enumerate(body[:-1]):
        if SALUTATION.match(text) and len(text) <= _LONGEST_SALUTATION:
            break  # the letter has begun
        if len(text) <= _LONGEST_BRIDGE and FULL_TEXT.search(text):
            return body[: place + 1], body[place + 1 :]
        if FIRST_PERSON.search(QUOTED.sub("", text)):
            break  # editors don't speak of themselves
    return [], body


def _with_lost_links(texts: Sequence[str]) -> tuple[ParsedParagraph, ...]:
    return tuple(ParsedParagraph(text, _lost_links(text)) for text in texts)


def _lost_links(text: str) -> tuple[str, ...]:
    if WRITTEN_LINK.search(text):
        return ()
    return tuple(found[0] for found in LOST_LINK.finditer(text))


def _hashtags(texts: Sequence[str]) -> tuple[str, ...]:
    """Return the hashtags of the letter's own words, each once, in order."""
    words = (word for text in texts for word in text.split() if len(word) <= _LONGEST_TAGGED)
    found = (word[start + 1 : end] for word in words for start, end in hashtags(word))
    return tuple(dict.fromkeys(found))


def _author(name: str | None) -> str | None:
    """Return the signature's name without the role behind its comma."""
    return name.partition(",")[0].strip()[: MAX_LINE["author"]] or None if name else None


def _role(signed: str | None, name: str | None, introduction: list[str]) -> str | None:
    """Return what the author was: as signed, or as the introduction's first words have it."""
    if signed:
        return signed.replace("\n", ", ")
    if not name:
        return None
    behind = name.partition(",")[2].strip()
    return behind or _introduced_role(name, introduction)


def _introduced_role(name: str, introduction: list[str]) -> str | None:
    """Return the office that stands in front of the name, or between commas behind it."""
    person = " ".join(word for word in name.split() if not re.fullmatch(r"[A-Z]{2,4}", word))
    if not introduction or not person:
        return None
    before, found, behind = introduction[0].partition(person)
    if not found:
        return None
    words = before.split()
    if 0 < len(words) <= 6 and len(before) <= 120 and ROLE.fullmatch(words[-1]):
        return " ".join(words)
    between = behind[1:].partition(",") if behind.startswith(",") else ("", "", "")
    office = between[0].strip()
    return office if between[1] and len(office) <= 80 and ROLE.search(office) else None


def _addressee(body: list[str]) -> str | None:
    """Return whom the salutation names, unless it names just anybody."""
    if not body or len(body[0]) > _LONGEST_SALUTATION:
        return None
    greeting, _space, name = body[0].rstrip(" ,:.!").partition(" ")
    if greeting.lower() not in ("dear", "to") or not name or name.lower() in _ANYBODY:
        return None
    return name
