import json
import re
from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from discuss.base.hashtags import hashtags
from discuss.base.rendering import letter_paragraph_html
from tests.plumbing.services import CORPORA

LETTER = CORPORA.parent / "letters" / "mcdonnell-to-momentum-2016-05.txt"


def tag_address(tag: str) -> str:
    return f"/?tag={tag.lower()}"


def tags_of(text: str) -> list[str]:
    return [text[start + 1 : end] for start, end in hashtags(text)]


def words_of(html: str) -> str:
    return unescape(re.sub(r"<[^>]*>", "", html))


@pytest.mark.row("8")
def test_a_hashtag_is_a_link_and_the_rest_is_escaped():
    html = letter_paragraph_html("See #Momentum4Labour & <b>\nnow", tag_address)

    assert html == (
        'See <a href="/?tag=momentum4labour">#Momentum4Labour</a> &amp; &lt;b&gt;<br>\nnow'
    )


def test_words_whose_link_was_lost_say_so():
    html = letter_paragraph_html(
        "To join, click here. Or here. #here", tag_address, ["here", "click", "click here"]
    )

    assert html == (
        'To join, <span class="lost">click here</span>. Or <span class="lost">here</span>. '
        '<a href="/?tag=here">#here</a>'
    )


def test_a_hashtag_inside_a_lost_link_is_part_of_it():
    html = letter_paragraph_html("Read <#this> now", tag_address, ["Read <#this>", ""])

    assert html == '<span class="lost">Read &lt;#this&gt;</span> now'


@pytest.mark.row("8")
def test_an_address_of_a_hashtag_is_escaped_once():
    html = letter_paragraph_html("#a", lambda tag: '/?a=1&tag={}"<')

    assert html == '<a href="/?a=1&amp;tag={}&#34;&lt;">#a</a>'


@settings(deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])), st.lists(st.text(max_size=3)))
def test_the_text_of_a_letter_is_never_altered(text, lost):
    html = letter_paragraph_html(text, tag_address, lost)

    typed = text.replace("\r\n", "\n").replace("\r", "\n")
    assert words_of(html) == typed
    assert {*re.findall(r"<[^>]*>", html)} <= {
        "<br>",
        "</a>",
        "</span>",
        '<span class="lost">',
        *(f'<a href="{tag_address(tag)}">' for tag in tags_of(typed)),
    }


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("#one, (#two) #three!", ["one", "two", "three"]),
        ("#2016 #4labour #_ #", ["4labour"]),
        ("a#b &#39; ##c #d#e", ["c"]),
        ("http://example.org/#top www.example.org/#top", []),
        ("#caf\u0301e #हिन्दी #日本", ["caf\u0301e", "हिन्दी", "日本"]),
    ],
)
def test_hashtags_are_found_where_readers_expect_them(text, tags):
    assert tags_of(text) == tags


@pytest.mark.skipif(not LETTER.exists(), reason="shared/letters is not beside the repository")
def test_the_hashtags_of_the_letter_of_2016_are_links():
    text = LETTER.read_text(encoding="utf-8")

    assert tags_of(text) == ["Momentum4Labour", "WheresZacsTax", "JezWeKhan"]


@pytest.mark.skipif(not CORPORA.exists(), reason="shared/corpora is not beside the repository")
def test_hashtags_agree_with_twitters_own_examples():
    cases = json.loads((CORPORA / "links" / "twitter_text_extract.json").read_text("utf-8"))

    differing = {
        case["text"]: (tags_of(case["text"]), case["expected"])
        for case in cases
        if case["group"] in ("hashtags", "hashtags_from_astral")
        and tags_of(case["text"]) != case["expected"]
    }

    # A host without a scheme is no address to us.
    assert [*differing] == ["http://twitter.com/#hashtag twitter.com/#hashtag"]
