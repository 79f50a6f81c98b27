"""No list and no pattern may hang: reliability.md, attack 7. Work is counted, never time."""

import pytest

from discuss.base.errors import Invalid
from discuss.moderation.rules import matching
from discuss.moderation.rules.matching import LARGEST_PROGRAM, folded, of_patterns, of_words

LONGEST = 6_000
CATASTROPHES = {
    r"(a+)+$": "a" * (LONGEST - 1) + "!",
    r"(a|a)*b": "a" * LONGEST,
    r"(a|aa)+$": "a" * (LONGEST - 1) + "!",
    r"(.*a){20}x": "a" * LONGEST,
    r"([a-zA-Z]+)*\d": "a" * LONGEST,
    r"(\w+\s?)+:": "word " * (LONGEST // 5),
    r"^(([a-z])+.)+[A-Z]([a-z])+\d$": "a" * LONGEST,
    r"(x+x+)+y": "x" * LONGEST,
}


@pytest.mark.row("7")
@pytest.mark.parametrize("pattern", CATASTROPHES)
def test_a_pattern_that_hangs_elsewhere_walks_the_text_once(pattern):
    # A backtracking engine would be at this until the end of the world; coming back is the test.
    matcher = of_patterns([pattern])

    matcher.find(CATASTROPHES[pattern], "")

    assert type(matcher.pattern).__module__ == "re2"
    assert matcher.work <= LARGEST_PROGRAM


@pytest.mark.row("7")
@pytest.mark.parametrize(
    "pattern", [r"(a)\1", r"(?=a)b", r"(?<!a)b", r"((a{100}){100}){100}", r"a{2000}", "[", "(", "*"]
)
def test_what_is_no_linear_pattern_is_refused(pattern):
    with pytest.raises(Invalid):
        of_patterns([pattern])


@pytest.mark.row("7")
def test_a_pattern_whose_program_is_too_large_is_refused():
    with pytest.raises(Invalid):
        of_patterns([r"(\p{L}{30}\p{N}{30}){20}"])


@pytest.mark.parametrize("pattern", ["a*", ".*", "x?", "(?:)", "|a"])
def test_a_pattern_that_is_in_every_comment_is_refused(pattern):
    with pytest.raises(Invalid):
        of_patterns([pattern])


@pytest.mark.parametrize("line", ["*", "***", "!!!", "* *", "\u200b", "—"])
def test_a_line_without_a_letter_is_no_word(line):
    with pytest.raises(Invalid):
        of_words([line])


@pytest.mark.row("7")
def test_the_work_of_a_list_grows_with_its_length():
    works = [of_words(f"word{n:04}*" for n in range(count)).work for count in (50, 100, 200)]

    assert works[1] < works[0] * 2.2
    assert works[2] < works[1] * 2.2


@pytest.mark.row("7")
def test_many_stars_in_a_word_cost_one_walk():
    matcher = of_words(["a*" * 100 + "z"])

    assert matcher.find("", folded("a" * LONGEST)) is None
    assert matcher.work < 2_000


def test_what_a_word_list_says_is_no_pattern():
    matcher = of_words(["c++", "a.b", "[x]", "(y"])

    assert matcher.find("", folded("I write C++ here")) == "c"
    assert matcher.find("", folded("axb")) is None
    assert matcher.find("", folded("a.b")) == "a b"
    assert matcher.find("", folded("(Y")) == "y"


def test_what_was_found_is_told_short():
    found = of_patterns(["a+"]).find("a" * 500, "")

    assert found == "a" * matching.LONGEST_FOUND
