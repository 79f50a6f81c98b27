"""Texts that nobody of this project wrote, through the renderer. Rows 1, 3, 5, 6 and 8 of the
attack list are held here; what a browser makes of it, in test_rendering_browser.
"""

import contextlib
import json
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from discuss.base import markdown, rendering, sanitising, shaping
from discuss.base.errors import Invalid
from tests.plumbing.services import CORPORA

pytestmark = pytest.mark.skipif(
    not CORPORA.exists(), reason="shared/corpora is not beside the repository"
)
TAGS = {"a", "p", "br", "hr", "strong", "em", "del", "code", "pre", "blockquote", "ul", "ol", "li"}
FILES = sorted(
    path.relative_to(CORPORA).as_posix()
    for folder in ("xss", "naughty", "markdown", "links")
    for path in CORPORA.joinpath(folder).glob("*.json")
)


def strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for part in value.values() if isinstance(value, dict) else value:
            yield from strings(part)


class Audit(HTMLParser):
    """Everything in a piece of HTML that we do not allow."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.wrong: list[str] = []
        self.opened: list[str] = []
        self.feed(html)
        self.close()
        self.wrong += [f"<{tag}> is left open" for tag in self.opened]

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS or (tag == "a" and "a" in self.opened):
            self.wrong.append(f"<{tag}>")
        if tag not in ("br", "hr"):
            self.opened.append(tag)
        given = dict(attributes)
        if tag == "a" and given.pop("rel", None) != "nofollow ugc noopener":
            self.wrong.append("a link without rel")
        if tag == "a" and (href := given.pop("href", None)) and not leads_somewhere_safe(href):
            self.wrong.append(f"leads to {href}")
        if tag == "a":
            given.pop("title", None)
        self.wrong += [f"{tag}[{name}]" for name in given]

    def handle_endtag(self, tag: str) -> None:
        if not self.opened or self.opened.pop() != tag:
            self.wrong.append(f"</{tag}> closes nothing")

    def handle_comment(self, _words: str) -> None:
        self.wrong.append("a comment")

    handle_decl = handle_pi = unknown_decl = handle_comment


def leads_somewhere_safe(href: str) -> bool:
    parts = urlsplit(href)
    if parts.scheme == "mailto":
        return parts.path.count("@") == 1
    is_web = parts.scheme in ("http", "https") and bool(parts.hostname)
    return is_web and "@" not in parts.netloc and href.isascii() and href.isprintable()


def rendered(name: str) -> Iterator[tuple[str, str]]:
    for source in dict.fromkeys(strings(json.loads((CORPORA / name).read_text("utf-8")))):
        try:
            yield source, rendering.comment_html(source)
        except Invalid:
            continue


@pytest.mark.row("6")
@pytest.mark.parametrize("name", FILES)
def test_row_6_only_the_allowed_html_comes_out_and_cleaning_again_changes_nothing(name):
    wrong = {}

    for source, html in rendered(name):
        faults = Audit(html).wrong
        if sanitising.clean(html) != html:
            faults.append("changes when cleaned again")
        if faults:
            wrong[source] = (faults, html)

    assert wrong == {}


@pytest.mark.row("6")
@pytest.mark.parametrize("name", FILES)
def test_row_6_what_the_seal_leaves_alone_bleach_would_not_have_changed(name):
    wrong = {}

    for source, _html in rendered(name):
        with contextlib.suppress(markdown.Tangled):
            markup = markdown.to_html(source)
            if sanitising.seal(markup) == markup != sanitising.seal(shaping.shape(markup)):
                wrong[source] = markup

    assert wrong == {}


@pytest.mark.row("1")
@pytest.mark.parametrize("name", [name for name in FILES if name.startswith("xss")])
def test_row_1_a_payload_is_harmless_wherever_it_stands_in_the_markdown(name):
    places = ("> {}", "- {}", "[{0}](http://a.example '{0}')", "[x]({})", "![{0}]({0})", "**{}**")
    wrong = {}

    for payload in dict.fromkeys(strings(json.loads((CORPORA / name).read_text("utf-8")))):
        for place in places:
            try:
                html = rendering.comment_html(place.format(payload))
            except Invalid:
                continue
            if faults := Audit(html).wrong:
                wrong[place, payload] = (faults, html)

    assert wrong == {}


@pytest.mark.row("8", "9")
@pytest.mark.parametrize("name", [name for name in FILES if name.startswith("xss")])
def test_row_8_the_gates_hold_alone_whatever_html_reaches_them(name):
    wrong = {}

    for payload in dict.fromkeys(strings(json.loads((CORPORA / name).read_text("utf-8")))):
        for html in (sanitising.clean(payload), sanitising.seal(payload)):
            faults = [fault for fault in Audit(html).wrong if not fault.startswith("</")]
            if faults:
                wrong[payload] = (faults, html)

    assert wrong == {}


@pytest.mark.row("3", "5")
def test_row_3_no_scheme_but_ours_survives_a_link():
    schemes = ["javascript", "JAVASCRIPT", "java\tscript", "java&#10;script", "&#1;javascript"]
    schemes += [" javascript", "vbscript", "data", "blob", "filesystem", "view-source", "feed"]

    for scheme in schemes:
        for form in ("[x]({}:1)", "[x](<{}:1>)", "<{}:1>", "{}://a.example", "![x]({}:1)"):
            assert "<a " not in rendering.comment_html(form.format(scheme))


@pytest.mark.row("6")
def test_row_6_the_allowed_tags_change_nothing_about_how_a_browser_reads_on():
    raw_text = {"script", "style", "xmp", "iframe", "noembed", "noframes", "noscript", "textarea"}
    foreign = {"svg", "math", "title", "desc", "foreignobject", "annotation-xml", "template"}
    tables = {"table", "caption", "colgroup", "col", "tbody", "thead", "tfoot", "tr", "td", "th"}
    others = {"select", "option", "form", "button", "input", "img", "html", "head", "body"}

    assert TAGS == sanitising.TAGS
    assert not sanitising.TAGS & (raw_text | foreign | tables | others)


FRAGMENTS = [*"<>/=\"'`&;:()[]!*_~-> \n\t\\", "](", "```", "1. ", "&#x6A;", "&lt;", "-->", "<!--"]
FRAGMENTS += [
    "javascript:",
    "http://a.example",
    "www.a.example",
    "http",
    "://",
    "onerror=",
    "<a href=",
]
FRAGMENTS += ["<svg", "<math>", "<style>"]


@settings(deadline=None, max_examples=400)
@given(st.lists(st.sampled_from(FRAGMENTS), max_size=40).map("".join))
def test_the_parser_gives_up_in_no_other_way_than_it_says(source):
    with contextlib.suppress(markdown.Tangled):
        markdown.to_html(source)


@settings(deadline=None)
@given(st.lists(st.sampled_from(FRAGMENTS), max_size=40).map("".join))
def test_what_looks_like_an_attack_is_harmless(source):
    html = rendering.comment_html(source)

    assert Audit(html).wrong == []
    assert sanitising.clean(html) == html
