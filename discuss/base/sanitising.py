"""The short list of HTML that readers' text may become, and the two gates that enforce it."""

from typing import Any

import nh3

from discuss.base import addresses, later

# Disjoint from all that changes how a browser reads what follows (raw text, foreign content,
# tables), which every known mutation needs.
TAGS = frozenset(
    {"p", "br", "hr", "a", "strong", "em", "del", "code", "pre", "blockquote", "ul", "ol", "li"}
)
REL = "nofollow ugc noopener"


def clean(markup: str) -> str:
    """Reduce any HTML to what readers' text may contain. A second time changes nothing.

    bleach shapes it; no release of bleach will follow, so nh3, which is maintained, seals it. What
    the seal leaves as it is needs no shaping: nearly every comment, at a twentieth of the cost.

    :param markup: HTML of bounded nesting, in which bleach is quadratic.
    """
    sealed = seal(markup)
    needs_shaping = sealed != markup or "\f" in markup  # &#12; makes one, which no feed can carry
    return seal(_shaping().shape(markup)) if needs_shaping else sealed


def without_tags(markup: str) -> str:
    """Return the words of any HTML, still escaped."""
    words: str = _shaping().without_tags(markup)
    return words


def seal(markup: str) -> str:
    """Let nothing but the list through, whatever went before; linear, about 10 µs a comment."""
    return _SEAL.clean(markup)


def _sealed_attribute(_tag: str, name: str, value: str) -> str | None:
    return None if name == "href" and not addresses.is_safe(value) else value


def _shaping() -> Any:
    # With it comes bleach, seldom asked: 23 ms of every start, and 2 MB.
    return later.load("discuss.base.shaping")


_SEAL = nh3.Cleaner(
    tags=set(TAGS),
    attributes={"a": {"href", "title"}},
    attribute_filter=_sealed_attribute,  # nh3 by itself lets an address without a scheme through
    url_schemes=set(addresses.SCHEMES),
    link_rel=REL,
)
