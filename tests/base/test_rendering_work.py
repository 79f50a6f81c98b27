"""Row 7 of the attack list: nothing that fits costs more than a bounded amount of work."""

import sys
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from discuss.base import markdown, rendering
from discuss.base.hashtags import hashtags

ALPHABET = [
    "[", "]", "(", ")", "](", "![", "[a](", "[a](b", "<", ">", "> ", "- ", "1. ", "*", "**", "_",
    "~~", "`", "``", "```", "~~~", "&", "&amp;", "\\", "\n", "\n\n", "    ", "\t", "a", " ", "é",
    "www.", "www.a.b", "http://", "http://a.b/", "mailto:", "a@b", "---\n", "!", "{", "#", "=\n",
]  # fmt: skip
# What was found to be dear, by trying and by searching.
DEAR = [
    "[", "![", "!![[", "[[]", "[a](", "[`a`](", "_[_", "*[", "[<", "**a**", "*_*_", "_a __", "<",
    "a**b*", "<![CDATA[", "<a@b.c>", "&amp;", "://", "a://", "http://a", "http://a/(", "mailto:",
    "http://a/[", "(http://a/('", "www.a.b/(", "www.www.", "- a\n", "- - - - a\n", "+ a\n- a\n",
    "1. 1. 1. 1. a\n", "- > - > a\n", "> a\n\n", "a\n\n", "a\n", "\n\na", "```\n", "```a\n```\n",
    ">>---\n=a\n", ">" * 20 + "\n", ">" * 10 + "a\n", "    a\n\na\n", "- a\n\n  b\n", "2. a\n",
    "```" + '"' * 5_990, "~~~" + '><&"' * 1_499, "[a](http://b '" + '"' * 5_900 + "')",
    "#![a]('t''a@b![{![" + "a" * 50 + "****{", "[a](http://" + "é" * 40, "[a](<http://b.c/é>)\\\n",
]  # fmt: skip
LONGEST = rendering.COMMENT_LIMIT
# Lines of Python run for one text: the dearest known one runs 1.4 million, in about 25 ms; a plain
# comment 20,000. Without the budget, one of the above runs 72 million.
LINES_RUN = 2_000_000


def filled(unit: str, length: int) -> str:
    return (unit * (length // len(unit) + 1))[:length]


def lines_run(call: Callable[[], object], most: int = 10**9) -> int:
    """Count the lines of Python that a call runs; stop soon after there are too many."""
    lines = 0

    def count(_frame, event, _argument):
        nonlocal lines
        lines += event == "line"
        if lines > most:
            raise TooManyLines
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        call()
    except TooManyLines:
        return lines
    finally:
        sys.settrace(before)
    return lines


class TooManyLines(Exception):
    pass


class Read(str):
    """A text that counts the characters which are cut out of it or searched backwards."""

    __slots__ = ("characters",)

    def __new__(cls, text):
        self = super().__new__(cls, text)
        self.characters = 0
        return self

    def __getitem__(self, at):
        found = super().__getitem__(at)
        self.characters += len(found)
        return found

    def rfind(self, *wanted):
        found = super().rfind(*wanted)
        self.characters += len(self) if found < 0 else wanted[-1] - found
        return found


@pytest.mark.row("7")
@pytest.mark.parametrize("unit", DEAR)
def test_row_7_a_dear_text_is_bounded_work_and_twice_as_much_of_it_no_more_than_twice(unit):
    half = lines_run(lambda: rendering.comment_html(filled(unit, LONGEST // 2)), most=LINES_RUN)
    whole = lines_run(lambda: rendering.comment_html(filled(unit, LONGEST)), most=LINES_RUN)

    assert (max(half, whole) <= LINES_RUN, whole <= 2.4 * half) == (True, True), (half, whole)


@pytest.mark.row("7")
@pytest.mark.parametrize("unit", ["[", "- a\n", "*a* ", "http://a ", "> a\n\n"])
def test_row_7_an_import_ten_times_as_long_is_no_dearer(unit):
    source = filled(unit, rendering.IMPORTED_LIMIT)

    assert lines_run(lambda: rendering.comment_html(source), most=LINES_RUN) <= LINES_RUN


@pytest.mark.row("7")
@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(ALPHABET), min_size=1, max_size=6).map("".join))
def test_row_7_no_pattern_of_markup_is_dear(unit):
    source = filled(unit, LONGEST)

    assert lines_run(lambda: rendering.comment_html(source), most=LINES_RUN) <= LINES_RUN


@pytest.mark.row("7")
@pytest.mark.parametrize("unit", ["[", "*a* ", "- a\n", "> " * 30, "a\n\n", "[x](http://a.b)"])
def test_a_tangle_is_shown_as_typed_and_no_word_is_lost(unit):
    source = filled(unit, LONGEST)

    html = str(rendering.comment_html(source))

    with pytest.raises(markdown.Tangled):
        markdown.to_html(source)
    text = html.replace("<p>", "").replace("</p>", "\n").replace("<br>", "").replace("&gt;", ">")
    assert text.split() == source.split()


@pytest.mark.parametrize(
    "source",
    [
        "".join(f"[report {n}](https://example.org/report/{n}?a=1&b=2), then " for n in range(60)),
        "".join(f"https://example.org/a/page/{n}?x=1 " for n in range(100)),
        "".join(f"- item number {n}\n" for n in range(150)),
        "".join(f"the line of verse number {n}\n" for n in range(200)),
        "".join(f"some **word** and `code` and *more* {n} " for n in range(100)),
        "".join(f"> a line that was said\n\nAnd answer {n}.\n\n" for n in range(80)),
        "```\n" + 'if (a[i] && b < c) { d = "e"; } // f_g_h\n' * 140 + "```",
    ],
    ids=["links", "addresses", "items", "verse", "emphasis", "quotations", "code"],
)
def test_a_long_comment_of_a_busy_writer_is_no_tangle(source):
    assert len(source) <= LONGEST
    assert markdown.to_html(source)


@pytest.mark.parametrize("unit", ["#a.", "#", "#a\n", "#1", "www.#", "://#a", "a#b", "\ufe0f#"])
def test_hashtags_of_a_text_without_spaces_are_found_in_one_passage(unit):
    def work(length):
        text = Read(filled(unit, length))
        return lines_run(lambda: list(hashtags(text))) + text.characters

    assert work(8_000) < 2.1 * work(4_000)
