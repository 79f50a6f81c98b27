"""What stands above a letter's first sentence: leftovers of a page, the date, the headline."""

from dataclasses import dataclass

from discuss.letters.parsing import dates
from discuss.letters.parsing.paragraphs import LONGEST_WRAPPED
from discuss.letters.parsing.parsed import MAX_LINE, Leftover, SentDate, SetAside
from discuss.letters.parsing.phrases import (
    FUSED_IMAGE_NAME,
    IMAGE_CAPTION,
    IMAGE_FILE,
    IMAGE_MARK,
    IMAGE_NAME,
    MARKDOWN_IMAGE,
    SALUTATION,
    SENTENCE_END,
)

_FUSED_WITHIN = 4  # last written lines: a name and its roles


@dataclass(frozen=True)
class Opening:
    """The letter's lines from its first sentence on, and what was read above them."""

    lines: list[str]
    headline: str | None = None
    sent: SentDate | None = None
    set_aside: tuple[SetAside, ...] = ()


@dataclass(frozen=True)
class Images:
    """The lines without what lost pictures left behind, and the first caption among it."""

    lines: list[str]
    caption: str | None
    set_aside: tuple[SetAside, ...]


def without_images(lines: list[str], *, from_a_page: bool) -> Images:
    """Part file names, marks and captions of pictures, which stand on lines of their own.

    :param from_a_page: take a bare name too (``momentum 1``) on the first and the last line, and
        one that runs into the signature (``Jeremy Corbyn MPmomentum 1``).
    """
    written = [index for index, line in enumerate(lines) if line.strip()]
    edges = {written[0], written[-1]} if written and from_a_page else set()
    kept: list[str] = []
    caption = None
    set_aside: list[SetAside] = []
    fused_from = written[-_FUSED_WITHIN:][0] if edges else len(lines)
    for index, line in enumerate(lines):
        text = line.strip()
        if _is_image(text, bare=index in edges):
            caption = caption or _caption(text)
            set_aside.append(SetAside(text, Leftover.IMAGE))
            kept.append("")
        elif index >= fused_from and (fused := FUSED_IMAGE_NAME.search(text[-200:])):
            set_aside.append(SetAside(fused[0], Leftover.IMAGE))
            kept.append(text[: -len(fused[0])])
        else:
            kept.append(line)
    return Images(kept, caption, tuple(set_aside))


def read(lines: list[str], *, headline: str | None, markdown: bool) -> Opening:
    """Read the date and the headline off the first lines.

    :param headline: the one that is known from elsewhere, so that another short line is the
        letter's own.
    :returns: with a headline only where one was found above the text.
    """
    known, headline = headline, None
    sent: SentDate | None = None
    set_aside: list[SetAside] = []
    start = _next(lines, 0)
    while start < len(lines):
        dated = dates.at_start(lines[start]) if sent is None else None
        heading = None if headline else _headline(lines, start, known, markdown=markdown)
        if dated:
            sent, cut, rest = dated
            set_aside.append(SetAside(cut, Leftover.DATE))
            if rest:
                lines[start] = rest
                break
            start = _next(lines, start + 1)
        elif heading:
            headline, following = heading
            if headline == known:
                set_aside.append(SetAside(headline, Leftover.HEADLINE))
            start = _next(lines, following)
        else:
            sent = sent or dates.in_dateline(lines[start])
            break
    found = None if headline == known else headline
    return Opening(lines[start:], found, sent, tuple(set_aside))


def _is_image(text: str, *, bare: bool) -> bool:
    if not text or len(text) > 1_500:
        return False
    if MARKDOWN_IMAGE.fullmatch(text) or IMAGE_MARK.fullmatch(text) or IMAGE_FILE.fullmatch(text):
        return True
    if IMAGE_CAPTION.fullmatch(text):
        return True
    return bare and len(text) <= 120 and IMAGE_NAME.fullmatch(text) is not None


def _caption(text: str) -> str | None:
    written = MARKDOWN_IMAGE.fullmatch(text)
    if written:
        caption = written[2] or written[1]
    else:
        credit = IMAGE_CAPTION.fullmatch(text)
        caption = text if credit else ""
    return caption.strip()[: MAX_LINE["image_caption"]] or None


def _headline(
    lines: list[str], start: int, known: str | None, *, markdown: bool
) -> tuple[str, int] | None:
    """Return the headline that begins at this line, and the line after it."""
    text = lines[start].strip()
    if not 0 < len(text) <= MAX_LINE["headline"]:
        return None
    following = lines[start + 1].strip() if start + 1 < len(lines) else ""
    title = text[2:].strip(" #") if markdown and text.startswith("# ") else ""
    more = _next(lines, start + 1) < len(lines)
    if known:
        return (known, start + 1) if more and known in (text, title) else None
    if title:
        return title, start + 1
    if markdown and following and not following.strip("="):
        return text, start + 2
    if not _reads_as_headline(text):
        return None
    if following:
        return (text, start + 1) if len(following) > LONGEST_WRAPPED else None
    return (text, start + 1) if more else None


def _reads_as_headline(text: str) -> bool:
    """Whether a line names a letter: several words, no sentence, nobody addressed, no date."""
    if len(text) > LONGEST_WRAPPED or len(text.split()) < 2 or text.endswith(","):
        return False
    if SENTENCE_END.search(text) and not text.endswith("?"):
        return False
    if SALUTATION.match(text) or dates.in_dateline(text):
        return False
    return text[0].isupper() or text[0].isdigit() or text[0] in "“‘\"'"


def _next(lines: list[str], start: int) -> int:
    """Return the place of the next written line, the number of lines if there is none."""
    while start < len(lines) and not lines[start].strip():
        start += 1
    return start
