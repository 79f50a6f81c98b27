"""Words from outside into a remark, with one clear message for what cannot be one."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from discuss.base import rendering
from discuss.base.db import LARGEST_NUMBER
from discuss.base.errors import Invalid
from discuss.base.ids import digest
from discuss.comments.errors import NoSuchParent
from discuss.comments.models import (
    LONGEST_COMMENT,
    LONGEST_CONTEXT,
    LONGEST_KEY,
    LONGEST_QUOTE,
)

MOST_LINKS = 10  # more is a list of addresses, and nearly always an advertisement


@dataclass(frozen=True)
class Excerpt:
    """The letter's words that a comment answers (W3C Web Annotation's text quote selector)."""

    passage: int | None = None
    quote: str = ""
    prefix: str = ""
    suffix: str = ""

    def columns(self) -> dict[str, Any]:
        """Return the excerpt as the tables name it."""
        return {
            "passage": self.passage,
            "quote": self.quote,
            "quote_prefix": self.prefix,
            "quote_suffix": self.suffix,
        }


NO_EXCERPT = Excerpt()


@dataclass(frozen=True)
class Remark:
    """What somebody wants to say, where, and the name of this one attempt to say it."""

    source: str
    parent: int = 0
    key: str = ""
    excerpt: Excerpt = NO_EXCERPT
    edits: int = 0
    """The comment whose words these are to replace; 0 for a new one."""

    @property
    def digest(self) -> str:
        """Tells this text from another sent under the same key."""
        excerpt = self.excerpt
        return digest("\0".join((self.source, str(excerpt.passage), excerpt.quote)))


def remark(form: Mapping[str, Any]) -> Remark:
    """Read a remark from a form or a JSON object.

    :param form: `body`, `parent` (0 or a number), `key`, `passage`, `quote`, `prefix`, `suffix`.
    :raises Invalid: with what to do; NoSuchParent when the parent is no number.
    """
    source = text(form)
    key = form.get("key") or ""
    if not isinstance(key, str) or len(key) > LONGEST_KEY or "\0" in key:
        raise Invalid(_("The submission's key is longer than %(n)s characters.", n=LONGEST_KEY))
    return Remark(source=source, parent=parent_number(form), key=key, excerpt=excerpt(form))


def text(form: Mapping[str, Any]) -> str:
    """Return the words, with the line ends that Markdown counts by.

    :raises Invalid: nothing was written, too much was, or it holds what no reader can read.
    """
    body = form.get("body")
    if not isinstance(body, str):
        raise Invalid(_("Write something before you post."))
    if not re.search(r"[^\s\u200b-\u200f\u2060\ufeff]", body):
        raise Invalid(_("Write something before you post."))
    body = rendering.normalise(body, LONGEST_COMMENT)
    if len(re.findall(r"https?://|\bwww\.", body, re.IGNORECASE)) > MOST_LINKS:
        raise Invalid(
            _("Not posted: a comment may have at most %(n)s links. Take some out.", n=MOST_LINKS)
        )
    return body


def parent_number(form: Mapping[str, Any]) -> int:
    """Return the number of the comment answered, 0 for the letter itself.

    :raises NoSuchParent: it is no number that a comment can have.
    """
    given = form.get("parent") or 0
    if isinstance(given, str) and re.fullmatch(r"[0-9]{1,10}", given):
        given = int(given)
    if isinstance(given, bool) or not isinstance(given, int) or not 0 <= given <= LARGEST_NUMBER:
        raise NoSuchParent
    return given


def excerpt(form: Mapping[str, Any]) -> Excerpt:
    """Return the passage that a comment is about; one that makes no sense is left out."""
    passage = re.fullmatch(r"p?([0-9]{1,6})", str(form.get("passage") or ""))
    if passage is None:
        return NO_EXCERPT
    return Excerpt(
        passage=int(passage[1]),
        quote=_short(form.get("quote"), LONGEST_QUOTE),
        prefix=_short(form.get("prefix"), LONGEST_CONTEXT, last=True),
        suffix=_short(form.get("suffix"), LONGEST_CONTEXT),
    )


def _short(value: object, longest: int, *, last: bool = False) -> str:
    words = value if isinstance(value, str) else ""
    words = "".join(sign for sign in words if sign.isprintable() or sign.isspace())
    return words[-longest:] if last else words[:longest]
