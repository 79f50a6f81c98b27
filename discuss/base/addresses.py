"""Where a link may lead, what typed words make an address, and how bare ones are found in text."""

import re
from urllib.parse import quote

from linkify_it import LinkifyIt
from linkify_it.main import Match

SCHEMES = frozenset({"http", "https", "mailto"})

_HOST = r"(?:[a-z0-9](?:[a-z0-9._-]*[a-z0-9._])?|\[[0-9a-f:.]+\])"
_SAFE = re.compile(
    rf"https?://{_HOST}(?::\d{{1,5}})?(?:[/?#][!#-;=?-\[\]_a-z~]*)?"
    rf"|mailto:[a-z0-9.!#$&'*+/=_~-]+@{_HOST}",
    re.IGNORECASE | re.ASCII,
)
_TYPED = re.compile(
    r"(?P<scheme>https?://)(?P<host>[^/?#@:]{1,253})(?P<rest>(?::\d+)?(?:[/?#][^\\\x00-\x1f\x7f]*)?)",
    re.IGNORECASE,
)
_UNQUOTED = "%!#$&'()*+,/:;=?@[]"
_BEGINNING = re.compile(r"\b(?:https?:|mailto:|www\.)", re.IGNORECASE)
_SCHEME = re.compile(r"https?:", re.IGNORECASE)
_LONGEST = 2_000  # what browsers and mail programs carry without cutting


def is_safe(address: str) -> bool:
    """Whether a link may lead there: http, https or mailto, a host, nothing in front of it.

    Only printable ASCII passes, percent-encoded: no backslash, quote, blank or control character
    that a browser might drop or read as another, and no userinfo, which passes for a host.

    :param address: as a browser will see it, entities resolved.
    """
    return len(address) <= _LONGEST and bool(_SAFE.fullmatch(address))


def from_typed(words: str) -> str:
    """Make an address of what was typed, in ASCII as a browser would, or "" where none may be made.

    An address that is safe as it stands is not touched.
    """
    if words[:4].lower() == "www.":
        words = f"http://{words}"
    if is_safe(words):
        return words
    parts = _TYPED.fullmatch(words) if len(words) <= _LONGEST else None
    if parts is None:
        return ""
    host = ".".join(map(_ascii_label, parts["host"].split(".")))
    return parts["scheme"] + host + quote(parts["rest"], safe=_UNQUOTED)


def _ascii_label(label: str) -> str:
    # Not the idna codec: it is of 2003 and leads faß.de to fass.de.
    return label if label.isascii() else f"xn--{label.lower().encode('punycode').decode()}"


def bare_count(text: str) -> int:
    """Count what may be bare addresses; none means that there is nothing to look for."""
    lowered = text.lower()
    return lowered.count("://") + lowered.count("mailto:") + lowered.count("www.")


class Finder:
    """Finds bare addresses for the Markdown parser, which asks for these four methods.

    Only those that begin with a scheme or www., so that foo.py is no link. Where an address ends
    is linkify-it's knowledge; where one can begin is ours, for its own search takes longer than
    all else that is done to a plain paragraph.
    """

    def __init__(self) -> None:
        self._linkifier = LinkifyIt()
        parts = self._linkifier.re
        host = f"(?:{parts['src_domain']}\\.)+{parts['src_domain_root']}{parts['src_port']}"
        end = f"{parts['src_host_terminator']}{parts['src_path']}"
        self._linkifier.add("www.", {"validate": f"^{host}{end}"})
        self.match("http://a.b www.a.b mailto:a@b.c")  # compiles what it uses: 30 ms, once

    def pretest(self, text: str) -> bool:
        """Whether an address may begin in the text."""
        return bool(_BEGINNING.search(text))

    test = pretest

    def match(self, text: str) -> list[Match]:
        """Find all addresses of a text."""
        found: list[Match] = []
        for beginning in _BEGINNING.finditer(text):
            if (not found or beginning.start() >= found[-1].last_index) and (
                one := self._complete(text, beginning)
            ):
                found.append(one)
        return found

    def match_at_start(self, text: str) -> Match | None:
        """Find the address with a scheme that a text begins with.

        Asked at the :// alone; an address that ended before that would stop the parser.
        """
        beginning = _SCHEME.match(text)
        return beginning and self._complete(text, beginning)

    def _complete(self, text: str, beginning: re.Match[str]) -> Match | None:
        length = self._linkifier.test_schema_at(text, beginning[0], beginning.end())
        return (
            Match(text, beginning[0], beginning.start(), beginning.end() + length)
            if length
            else None
        )
