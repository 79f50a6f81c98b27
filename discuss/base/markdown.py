"""Typed Markdown to HTML, within a budget of work; what comes out still has to be cleaned.

The dialect is CommonMark without HTML, headings, images and reference links, with strikethrough,
bare addresses as links and each line break kept. What it does not take as markup stays as typed.
"""

import html
import re
from collections.abc import MutableMapping, Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_block import StateBlock, list_block
from markdown_it.rules_core import StateCore, linkify
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from discuss.base import addresses
from discuss.base.sanitising import REL

# Work is counted in units of about a microsecond: what one step was measured to cost, here and
# in bleach after it, where an input consists of nothing else. 25,000 keeps the worst known input
# under 50 ms; a 6,000-character comment with 60 links, or a poem of 250 lines, uses half of it.
WORK = 25_000
BLOCK_STEP = 12  # a paragraph, quotation, list or item begins
LINE_STEP = 5  # a line may end what is open; quotations in quotations ask that over and over
INLINE_STEP = 9  # the next markup character is looked at, or the next run of text
TAG = 18  # a tag opens or closes: most of this is bleach
ESCAPE = 8  # one of & < > " that may have to be escaped: bleach's alone
ADDRESS = 180  # something that may be a bare address is looked at
LINK_CHARACTERS = 2  # of what may be a link's address, for one unit
LINES = 1_000  # lines that begin no block cost little, but are not counted otherwise
LEVELS = 10  # quotations and lists inside each other; bleach's cost is quadratic in nesting

_LANGUAGE = re.compile(r"[\w#+.-]{0,20}")  # ```python: a hint for machines, not words
_BLANK = re.compile(r" |(?<!\\)[\t\n]")
_NUMBER_BUT_ONE = re.compile(r"(?!0*1[.)])\d{1,9}[.)]")

Env = MutableMapping[str, Any]


class Tangled(Exception):
    """More markup than anybody types: the text is better shown as it was typed."""


class _Budget:
    """The work that one text may still cause."""

    def __init__(self) -> None:
        self.left = WORK

    def spend(self, units: int) -> None:
        self.left -= units
        if self.left < 0:
            raise Tangled


def to_html(source: str) -> str:
    """Render typed text.

    :param source: the text, without control characters.
    :raises Tangled: it would cost more than the budget, or nests too deep.
    """
    if source.count("\n") + source.count("\r") > LINES:
        raise Tangled
    env: Env = {"budget": _Budget(), "addresses": addresses.bare_count(source)}
    env["budget"].spend(ADDRESS * env["addresses"])
    tokens = _PARSER.parse(source, env)
    if _would_renumber(tokens):
        env["numbers_stay"] = True
        tokens = _PARSER.parse(source, env)
    return str(_PARSER.renderer.render(tokens, _PARSER.options, env))


def _would_renumber(tokens: Sequence[Token]) -> bool:
    """Whether a browser would show other numbers than were typed; 1. 1. 1. asks for that."""
    open_lists: list[list[str]] = []
    for token in tokens:
        if token.type.endswith("_list_open"):
            open_lists.append([])
        elif token.type == "list_item_open":
            open_lists[-1].append(token.info)
        elif token.type.endswith("_list_close"):
            typed = open_lists.pop()
            shown = [str(place) for place in range(1, len(typed) + 1)]
            if token.type == "ordered_list_close" and typed != shown and {*typed} != {"1"}:
                return True
    return False


def _count_block(state: StateBlock, _start: int, _end: int, silent: bool) -> bool:
    """Pay for a look at a line; comes before all block rules and never matches."""
    if state.level > LEVELS:  # long before maxNesting, where the parser would drop the words
        raise Tangled
    state.env["budget"].spend(LINE_STEP if silent else BLOCK_STEP)
    return False


def _count_inline(state: StateInline, _silent: bool) -> bool:
    """Pay for a step inside a paragraph; comes before all inline rules and never matches."""
    state.env["budget"].spend(INLINE_STEP)
    return False


def _list(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Take a list, but not one that a browser would number from 1 though it begins elsewhere.

    The attribute that says where a list begins is not among those we allow, so
    "2017. What a year" would turn into "1. What a year".
    """
    line = state.src[state.bMarks[start] + state.tShift[start] : state.eMarks[start]]
    begins_here = state.sCount[start] >= state.blkIndent  # else it may go on with an outer list
    if begins_here and _NUMBER_BUT_ONE.match(line):
        return False
    if state.env.get("numbers_stay") and line[:1].isdigit():
        return False
    return list_block(state, start, end, silent)


def _count_link_ends(state: StateCore) -> None:
    """Pay for the search for a link's address, which goes on to the next blank after each ](."""
    for token in state.tokens:
        if token.type == "inline" and "](" in token.content:
            for word in _BLANK.split(token.content):
                if ends := word.count("]("):
                    state.env["budget"].spend(ends * len(word) // LINK_CHARACTERS)


def _linkify(state: StateCore) -> None:
    """Link bare addresses, where there can be any: the search costs more than a plain paragraph."""
    if state.env["addresses"]:
        linkify(state)


def _shape(state: StateCore) -> None:
    """Pay for what will be rendered, and turn it into what we allow."""
    budget: _Budget = state.env["budget"]
    for token in state.tokens:
        if token.type == "fence":
            if not _LANGUAGE.fullmatch(token.info.strip()):
                token.content = f"{token.info.strip()}\n{token.content}"
            token.info = ""  # it would become a class, which bleach takes out at some cost
        budget.spend(TAG + ESCAPE * _escapes(token.content))
        for child in token.children or ():
            if child.level > LEVELS:
                raise Tangled
            budget.spend(0 if child.type == "text" else TAG)
            budget.spend(ESCAPE * sum(_escapes(str(value)) for value in child.attrs.values()))
        if token.children:
            token.children = _shape_inline(token.children)


def _escapes(text: str) -> int:
    return text.count("&") + text.count("<") + text.count(">") + text.count('"')


def _shape_inline(tokens: list[Token]) -> list[Token]:
    """Name our tags, mark our links, show an image as a link and a link always with words."""
    shaped: list[Token] = []
    inside_link = False
    for token in tokens:
        if token.type == "image":
            shaped += _image_as_link(token, inside_link)
            continue
        if token.tag == "s":
            token.tag = "del"
        elif token.type == "link_open":
            inside_link = True
            token.attrs["rel"] = REL
        elif token.type == "link_close":
            inside_link = False
            if shaped[-1].type == "link_open":  # [](address) would be a link that nobody sees
                shaped.append(_text(str(shaped[-1].attrs["href"])))
        shaped.append(token)
    return shaped


def _image_as_link(image: Token, inside_link: bool) -> list[Token]:
    """Show an image's description, as a link to the image where that is possible."""
    words = _text(_alt(image.children or ()) or str(image.attrs["src"]))
    if inside_link:
        return [words]
    opening = Token("link_open", "a", 1, attrs={"href": image.attrs["src"], "rel": REL})
    if "title" in image.attrs:
        opening.attrs["title"] = image.attrs["title"]
    return [opening, words, Token("link_close", "a", -1)]


def _alt(tokens: Sequence[Token]) -> str:
    """Join an image's description to plain words."""
    return "".join(
        " " if token.tag == "br" else _alt(token.children or ()) or token.content
        for token in tokens
    )


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)


class _Renderer(RendererHTML):
    def text(self, tokens: Sequence[Token], idx: int, _options: object, _env: Env) -> str:
        """Leave quotation marks alone: each entity costs bleach as much as a word."""
        return html.escape(tokens[idx].content, quote=False)


class _Parser(MarkdownIt):
    """The dialect. Threads share one: what changes lives in the objects of a call."""

    def __init__(self) -> None:
        options = {"html": False, "linkify": True, "breaks": True, "xhtmlOut": False}
        super().__init__("commonmark", options, renderer_cls=_Renderer)
        self.linkify = addresses.Finder()
        self.enable(["strikethrough", "linkify"])
        # A reference's definition would vanish from the page; headings are for the letter.
        self.disable(["heading", "lheading", "reference", "html_block", "html_inline"])
        enders = ["paragraph", "reference", "blockquote"]  # what a list's beginning puts an end to
        self.block.ruler.at("list", _list, {"alt": enders})
        self.block.ruler.before(  # table, itself off, is the first
            "table", "count_block", _count_block, {"alt": [*enders, "list"]}
        )
        self.inline.ruler.before("text", "count_inline", _count_inline)
        self.core.ruler.after("block", "count_link_ends", _count_link_ends)
        self.core.ruler.at("linkify", _linkify)
        self.core.ruler.push("shape", _shape)
        # A chain of rules is put together at its first use; another thread would see it half done.
        for ruler in (self.core.ruler, self.block.ruler, self.inline.ruler, self.inline.ruler2):
            ruler.getRules()

    def normalizeLink(self, url: str) -> str:  # noqa: N802 - the parent's name
        return addresses.from_typed(url)

    def normalizeLinkText(self, link: str) -> str:  # noqa: N802 - the parent's name
        return link  # as typed

    def validateLink(self, url: str) -> bool:  # noqa: N802 - the parent's name
        return addresses.is_safe(url)


_PARSER = _Parser()
