"""Typed text to safe HTML. Nothing else in Discuss makes Markup out of words from outside.

HTML is made from the source alone, once, when it is written; `sanitising` cleans it last, so
nothing may be put into it afterwards.
"""

import html
import re
from collections.abc import Callable, Iterable, Iterator

from flask_babel import lazy_gettext as _
from markupsafe import Markup, escape

from discuss.base import markdown, sanitising
from discuss.base.errors import Invalid
from discuss.base.hashtags import hashtags

COMMENT_LIMIT = 6_000  # characters; about four times what anybody reads in one go
IMPORTED_LIMIT = 65_536  # other systems allowed more, and imported words are kept whole

# What XML 1.0 cannot carry (section 2.2), so no feed and no export; PostgreSQL refuses NUL,
# UTF-8 a lone surrogate.
_UNPRINTABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TAG = re.compile(r"""<[^<>"']*(?:"[^"]*"[^<>"']*|'[^']*'[^<>"']*)*>""")
_LINE_END = re.compile(r"\r\n?|\n")


def check_text(source: str, limit: int = COMMENT_LIMIT) -> None:
    """Refuse what cannot be stored and shown whole.

    :param limit: characters at most; CR LF counts as one, as it does in a text field.
    :raises Invalid: too long, or holds a control character or a lone surrogate.
    """
    length = len(source) - source.count("\r\n")
    if length > limit:
        raise Invalid(
            _(
                "This has %(length)s characters, and %(limit)s fit. Shorten it and try again.",
                length=f"{length:,}",
                limit=f"{limit:,}",
            )
        )
    if found := _UNPRINTABLE.search(source):
        raise Invalid(
            _(
                "Line %(line)s has a character that cannot be shown (%(code)s). "
                "Remove it and try again.",
                line=len(_LINE_END.findall(source, 0, found.start())) + 1,
                code=f"U+{ord(found.group()):04X}",
            )
        )


def normalise(source: str, limit: int = COMMENT_LIMIT) -> str:
    """Make one kind of line ends of what a form sent; all else stays as typed.

    :raises Invalid: see `check_text`.
    """
    check_text(source, limit)
    return _LINE_END.sub("\n", source)


def comment_html(source: str) -> Markup:
    """Render a comment's Markdown. What is too tangled to be Markdown is shown as typed.

    The text may run in any direction: the element around it wants dir="auto".

    :param source: as typed, up to `IMPORTED_LIMIT` characters.
    :raises Invalid: see `check_text`.
    """
    check_text(source, IMPORTED_LIMIT)
    try:
        cleaned = sanitising.clean(markdown.to_html(source))
    except (markdown.Tangled, RuntimeError):  # the parser's word for a rule that stands still
        cleaned = sanitising.seal(_as_typed(source))
    return Markup(cleaned.strip("\n"))  # noqa: S704 - both gates have passed it


def _as_typed(source: str) -> str:
    """Paragraphs and lines, no markup; linear, and bleach need not see it."""
    lines = _LINE_END.split(html.escape(source, quote=False))
    paragraphs = re.split(r"\n{2,}", "\n".join(line.strip() for line in lines).strip())
    return "\n".join(f"<p>{_with_breaks(words)}</p>" for words in paragraphs if words)


def _with_breaks(escaped: str) -> str:
    return escaped.replace("\n", "<br>\n")


def stored_html(kept: str) -> Markup:
    """Take back HTML that `comment_html` made and the database kept."""
    return Markup(kept)  # noqa: S704 - no other HTML is ever stored


def for_xml(text: str) -> str:
    """Leave out of a feed what XML 1.0 cannot carry; one sign in a name would break all of it."""
    return _UNPRINTABLE.sub("", text)


def plain_excerpt(words: str, length: int) -> str:
    """Give the first words, without markup, on one line.

    :param words: Markup, whose tags are taken out, or plain text, of which nothing is.
    :param length: characters at most, the ellipsis included.
    """
    if isinstance(words, Markup):
        words = html.unescape(_TAG.sub("", words))
    line = " ".join(words.split())
    if len(line) <= length:
        return line
    cut = line[:length]
    whole_words = cut[: cut.rfind(" ")] if " " in cut else cut[:-1]
    return whole_words.rstrip(" ,;:.–—-") + "…"


def letter_paragraph_html(
    text: str, hashtag_url: Callable[[str], str], lost_links: Iterable[str] = ()
) -> Markup:
    """Print a paragraph of a letter word for word, its hashtags as links, its lines kept.

    :param hashtag_url: where a hashtag leads, given without its #.
    :param lost_links: phrases that were links in a copy that has lost their addresses.
    """
    text = _LINE_END.sub("\n", text)
    replaced = [*_hashtag_links(text, hashtag_url), *_lost(text, lost_links)]
    parts, printed = [], 0
    for start, end, html_instead in sorted(replaced):
        if start >= printed:  # a hashtag inside a lost link is part of that phrase
            parts += [escape(text[printed:start]), html_instead]
            printed = end
    parts.append(escape(text[printed:]))
    return Markup("<br>\n").join(Markup("").join(parts).split("\n"))


def _hashtag_links(text: str, url: Callable[[str], str]) -> Iterator[tuple[int, int, Markup]]:
    for start, end in hashtags(text):
        link = Markup('<a href="{}">{}</a>').format(url(text[start + 1 : end]), text[start:end])
        yield start, end, link


def _lost(text: str, phrases: Iterable[str]) -> Iterator[tuple[int, int, Markup]]:
    longest_first = sorted(filter(None, phrases), key=len, reverse=True)
    if longest_first:
        for found in re.finditer("|".join(map(re.escape, longest_first)), text):
            yield *found.span(), Markup('<span class="lost">{}</span>').format(found.group())
