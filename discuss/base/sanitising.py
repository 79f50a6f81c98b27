"""The short list of HTML that readers' text may become, and the two gates that enforce it."""

import html

import bleach
import nh3

from discuss.base import addresses

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
    return sealed if sealed == markup else seal(shape(markup))


def shape(markup: str) -> str:
    """Take out of any HTML what is not on the list, and keep its words."""
    # Threads that share a cleaner leak text into each other's pages; a new one costs 20 µs.
    cleaner = bleach.Cleaner(
        tags=TAGS, attributes=_keeps, protocols=addresses.SCHEMES, strip=True, strip_comments=True
    )
    shaped: str = cleaner.clean(markup)
    return shaped


def _keeps(tag: str, name: str, value: str) -> bool:
    if tag != "a":
        return False
    if name == "href":  # bleach by itself lets javascript:1 and //evil through
        return addresses.is_safe(html.unescape(value))
    return name == "title" or (name == "rel" and value == REL)


def seal(markup: str) -> str:
    """Let nothing but the list through, whatever went before; linear, about 10 µs a comment."""
    return _SEAL.clean(markup)


def _sealed_attribute(_tag: str, name: str, value: str) -> str | None:
    return None if name == "href" and not addresses.is_safe(value) else value


_SEAL = nh3.Cleaner(
    tags=set(TAGS),
    attributes={"a": {"href", "title"}},
    attribute_filter=_sealed_attribute,  # nh3 by itself lets an address without a scheme through
    url_schemes=set(addresses.SCHEMES),
    link_rel=REL,
)
