import re
import sys
import threading
from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from discuss.base import markdown, rendering, sanitising, shaping
from discuss.base.errors import Invalid

REL = 'rel="nofollow ugc noopener"'


def words_of(html: str) -> str:
    return unescape(re.sub(r"<[^>]*>", "", html))


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("*a* __b__ ~~c~~ `d`", "<p><em>a</em> <strong>b</strong> <del>c</del> <code>d</code></p>"),
        ("one\ntwo\r\nthree", "<p>one<br>\ntwo<br>\nthree</p>"),
        ("> said\n\nyes", "<blockquote>\n<p>said</p>\n</blockquote>\n<p>yes</p>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("1. a\n2. b", "<ol>\n<li>a</li>\n<li>b</li>\n</ol>"),
        ("1. a\n1. b", "<ol>\n<li>a</li>\n<li>b</li>\n</ol>"),
        ("```python\na < b\n```", "<pre><code>a &lt; b\n</code></pre>"),
        ('"Don\'t" & <b>so</b>', '<p>"Don\'t" &amp; &lt;b&gt;so&lt;/b&gt;</p>'),
        ("&eacute; &amp;lt;", "<p>é &amp;lt;</p>"),
        ("", ""),
    ],
)
def test_markdown_becomes_the_little_html_we_allow(source, html):
    assert rendering.comment_html(source) == html


@pytest.mark.parametrize(
    "source",
    [
        "# Heading",
        "Heading\n===",
        "[note]: http://example.org",
        "[note][there]",
        "2017. What a year",
        "1. yes\n3. no",
        "- a\n  7. b",
        "a|b\n-|-\n1|2",
        "<!-- hidden -->",
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "> " * 40 + "far too deep",
        "- " * 40 + "far too deep",
    ],
)
def test_what_is_not_taken_as_markup_stays_as_typed(source):
    shown = words_of(rendering.comment_html(source))

    marks = r"[\s>-]+" if "deep" in source else r"[\s-]+"
    assert re.sub(marks, " ", shown).strip() == re.sub(marks, " ", source).strip()


def test_the_words_after_a_code_fence_are_kept():
    assert "please read" in rendering.comment_html("``` please read\nx\n```")


def test_a_list_goes_on_beside_a_list_inside_it():
    html = rendering.comment_html("1. a\n   - b\n2. c")

    assert (html.count("<ol>"), html.count("<li>")) == (1, 3)


@pytest.mark.parametrize(
    ("typed", "href"),
    [
        ("https://example.org/a_b_c*d*?x=1&y=2", "https://example.org/a_b_c*d*?x=1&amp;y=2"),
        ("www.example.org", "http://www.example.org"),
        ("<http://example.org>", "http://example.org"),
        ("mailto:me@example.org", "mailto:me@example.org"),
        ("[x](www.example.org)", "http://www.example.org"),
        ("[x](HTTPS://Example.org/@you)", "HTTPS://Example.org/@you"),
        ("[x](http://[::1]:8000/)", "http://[::1]:8000/"),
        ("[x](<http://example.org/a b>)", "http://example.org/a%20b"),
        ("http://faß.example/ü%20", "http://xn--fa-hia.example/%C3%BC%20"),
        ("![a picture](http://example.org/a.png)", "http://example.org/a.png"),
        ("[](http://example.org)", "http://example.org"),
    ],
)
def test_an_address_is_a_link(typed, href):
    html = rendering.comment_html(typed)

    assert f'<a href="{href}" {REL}>' in html
    assert html.count("<a ") == 1
    assert words_of(html)


def test_a_bare_address_is_shown_as_typed():
    typed = "(See http://exämple.org/%E2%80%AE, and www.example.org/a_b.)"

    assert words_of(rendering.comment_html(typed)) == typed


@pytest.mark.parametrize(
    "typed", ["www.a.bhttp://c.d", "mailto:a://b.c", "www.a.b://c", "http:://a.b"]
)
def test_an_address_run_into_another_does_not_stop_the_parser(typed):
    assert words_of(markdown.to_html(typed)).strip() == typed


@pytest.mark.parametrize(
    "typed", ["foo.py", "example.org", "me@example.org", "//example.org", "www.a"]
)
def test_what_only_looks_like_an_address_is_no_link(typed):
    assert rendering.comment_html(typed) == f"<p>{typed}</p>"


@pytest.mark.row("3")
@pytest.mark.parametrize(
    "address",
    [
        "javascript:123",
        "JaVaScRiPt:alert(1)",
        "&#x6A;avascript:alert(1)",
        "java&#10;script:alert(1)",
        "java&Tab;script:alert(1)",
        "vbscript:x",
        "data:text/html,x",
        "file:///etc/passwd",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "http:evil.example",
        "http:/evil.example",
        "http:///evil.example",
        "http:\\\\\\\\evil.example",
        "http://user@evil.example",
        "http://user:word@evil.example",
        "http://good.example\\\\@evil.example",
        "http://good.example%2f@evil.example",
        "http://good.example%00.evil.example",
        "http://&#9;evil.example",
        "https://",
        "http://?x",
        "http://:80",
        "http://good.example:b",
        "mailto:",
        "mailto:me",
        "mailto:me@example.org?bcc=you@example.org",
        "tel:1",
        "/letters",
        "#top",
        "http://" + "a" * 2_000,
        "http://" + "é" * 300,
    ],
)
def test_a_dangerous_address_is_no_link(address):
    html = rendering.comment_html(f"[x](<{address}>) ![x](<{address}>)")

    assert ">x</a>" not in html
    leads_to = re.findall(r'href="([^"]*)', html)  # a harmless part of it may be a bare address
    assert {*leads_to} <= {"http://good.example", "mailto:me@example.org"}


def test_a_link_says_what_it_is_before_the_gates_say_it_again():
    assert REL in markdown.to_html("[a](http://a.example)")
    assert REL in markdown.to_html("![a](http://a.example)")


def test_a_link_holds_no_link():
    html = rendering.comment_html("[![x](http://a.example)](http://b.example)")

    assert html == f'<p><a href="http://b.example" {REL}>x</a></p>'


@pytest.mark.row("F19")
@pytest.mark.parametrize("sign", ["\0", "\x0b", "\x1b", "\ud800", "\uffff"])
@pytest.mark.parametrize(
    "refuse", [rendering.check_text, rendering.comment_html, rendering.normalise]
)
def test_a_character_that_cannot_be_stored_is_refused(sign, refuse):
    with pytest.raises(Invalid, match=rf"Line 3 .*U\+{ord(sign):04X}"):
        refuse(f"one\r\ntwo\nthree {sign}")


@pytest.mark.row("4")
def test_a_comment_of_the_limit_is_taken_and_one_more_is_refused():
    rendering.check_text("🙂" * 6_000)

    with pytest.raises(Invalid, match=r"6,001 characters, and 6,000 fit"):
        rendering.check_text("🙂" * 6_001)


def test_an_imported_text_may_be_longer():
    longest = "a " * (rendering.IMPORTED_LIMIT // 2)

    assert len(rendering.comment_html(longest)) >= rendering.IMPORTED_LIMIT - 1
    with pytest.raises(Invalid):
        rendering.comment_html(longest + "a")


def test_a_line_end_counts_once_however_a_browser_sends_it():
    rendering.check_text("a\r\n" * 3_000)


def test_normalising_changes_line_ends_alone():
    assert rendering.normalise(" e\u0301\r\nb\rc \n\n") == " e\u0301\nb\nc \n\n"


@pytest.mark.row("F19")
@settings(deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=300))
def test_any_text_is_rendered_or_refused(source):
    try:
        html = rendering.comment_html(source)
    except Invalid:
        return

    assert isinstance(html, Markup)


@settings(deadline=None)
@given(st.text(alphabet="abcdefg *_~[]()<>!\\\"'#-+=|:/.@\n\t", max_size=200))
def test_no_word_is_lost(source):
    html = rendering.comment_html(source)

    kept = unescape(html)
    assert [
        word for word in re.findall(r"[a-g]+", source) if word not in kept.replace("<", " <")
    ] == []


@pytest.mark.parametrize(
    "source",
    [
        'One.\n\nTwo **bold** *lines*\nof ~~three~~ "quoted" & <i>bare</i>',
        "> - [a](https://a.example/?b=1&c=2 'title') `code`\n> - https://b.example\n\n---\n\n    x",
        "1. 一\n2. ➁ \u200d e\u0301 \ufeff ﷽",
    ],
)
def test_what_the_seal_leaves_alone_needs_no_shaping(source):
    markup = markdown.to_html(source)

    assert sanitising.seal(markup) == markup
    assert shaping.shape(markup) == markup


def test_a_form_feed_that_an_entity_makes_does_not_come_out():
    assert "\f" not in rendering.comment_html("One&#12;two")


def test_threads_do_not_read_each_others_words():
    # A bleach.Cleaner that they shared would mix up their texts. It is asked for the \u00a0, which
    # nh3 does not leave as it is.
    mixed_up = []

    def hammer(name: str) -> None:
        for turn in range(150):
            word = f"{name}{turn}"
            source = (
                f"**{word}**\u00a0[{word}](http://{word}.example)\n\n> {word}\n\n- {word}\n- {word}"
            )
            html = rendering.comment_html(source)
            if {*re.findall(r"[a-h]\d+", html)} != {word} or html.count(word) != 6:
                mixed_up.append((word, html))

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        threads = [threading.Thread(target=hammer, args=(name,)) for name in "abcdefgh"]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)

    assert mixed_up == []


@pytest.mark.parametrize(
    ("words", "length", "excerpt"),
    [
        ("Short.", 20, "Short."),
        ("  One\n\ntwo  three ", 20, "One two three"),
        ("One two, three", 10, "One two…"),
        ("Onetwothree", 5, "Onet…"),
        ("a < b", 20, "a < b"),
        (
            Markup('<p>a <a href="http://x" title="a>b">b</a> &lt;c&gt;</p>\n<ul>\n<li>d</li>'),
            20,
            "a b <c> d",
        ),
        (Markup("<p>one<br>\ntwo</p>"), 20, "one two"),
    ],
)
def test_an_excerpt_is_the_first_words(words, length, excerpt):
    assert rendering.plain_excerpt(words, length) == excerpt
    assert not hasattr(rendering.plain_excerpt(words, length), "__html__")


@settings(deadline=None)
@given(st.text(), st.integers(min_value=2, max_value=50))
def test_an_excerpt_is_never_longer_than_asked(words, length):
    assert len(rendering.plain_excerpt(words, length)) <= length


def test_stored_html_is_not_escaped_again():
    html = rendering.comment_html("*a*")

    assert Markup("<div>{}</div>").format(rendering.stored_html(str(html))) == f"<div>{html}</div>"
