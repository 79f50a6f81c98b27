"""Wrapped and unwrapped lines, introductions, pictures, phrases that were links."""

import textwrap

import pytest

from discuss.letters.parsing import ParsedLetter, parse

WORDS = "We met in the hall last week and spoke about what the town needs in the coming winter."
LONG = f"{WORDS} {WORDS}"


def read(text: str, filename: str = "letter.txt") -> ParsedLetter:
    """Read a letter from text."""
    return parse(text.encode(), filename)


def bodies(letter: ParsedLetter) -> list[str]:
    """Return the texts of a letter's paragraphs."""
    return [part.text for part in letter.paragraphs]


@pytest.mark.parametrize("width", [50, 60, 72, 78, 98])
def test_hard_wrapped_lines_are_joined_to_the_paragraphs_they_were(width):
    paragraphs = [LONG, "But a long-term plan – I said so – is heart-warming.", LONG + " " + LONG]
    text = "\n\n".join(textwrap.fill(paragraph, width) for paragraph in paragraphs)

    letter = read(text)

    assert bodies(letter) == paragraphs


def test_long_lines_are_a_paragraph_each():
    letter = read(f"{LONG}\n{LONG}\nTo join, click here.\n\n{LONG}")

    assert bodies(letter) == [LONG, LONG, "To join, click here.", LONG]


@pytest.mark.parametrize("name", ["letter.txt", "letter.md"])
def test_long_lines_are_a_paragraph_each_among_wrapped_ones(name):
    wrapped = textwrap.fill(f"{LONG} {LONG}", 90)

    letter = read(f"{wrapped}\n\n{LONG}\nand so on,\n{LONG}", name)

    assert bodies(letter) == [f"{LONG} {LONG}", LONG, "and so on,", LONG]


def test_a_sentence_a_line_is_a_paragraph_each():
    lines = [f"In the hall number {number} there were people, and it was good." for number in "123"]

    letter = read("\n".join(lines))

    assert bodies(letter) == lines


def test_a_dash_at_which_a_line_was_broken_begins_no_item():
    letter = read(
        "That we came so close in 2017 is an incredible testament to all of us\n"
        "– and this is only the beginning of what our movement will achieve in\n"
        "the years to come."
    )

    assert bodies(letter) == [
        "That we came so close in 2017 is an incredible testament to all of us – and this is only"
        " the beginning of what our movement will achieve in the years to come."
    ]


def test_short_lines_are_not_run_together():
    poem = ["Rise like lions", "in number unvanquished", "and shake the chains"]

    letter = read(f"{LONG}\n\n" + "\n".join(poem) + f"\n\n{LONG}")

    assert bodies(letter) == [LONG, *poem, LONG]


def test_the_items_of_a_list_stay_apart_in_wrapped_text():
    text = textwrap.fill(LONG, 70) + "\n\nWe ask for:\n- more buses\n- fewer cars\n\n" + LONG

    letter = read(text)

    assert bodies(letter) == [LONG, "We ask for:", "- more buses", "- fewer cars", LONG]


@pytest.mark.parametrize("break_", ["\r\n", "\r", "\n", "\u2028"])
def test_lines_may_end_in_any_way(break_):
    letter = read(f"{LONG}{break_}{break_}{LONG}")

    assert bodies(letter) == [LONG, LONG]


def test_a_picture_credit_is_the_caption_and_not_the_letter():
    letter = read(f"{LONG}\n\nPhoto: Ada Bell\n\n{LONG}")

    assert letter.image_caption == "Photo: Ada Bell"
    assert bodies(letter) == [LONG, LONG]


@pytest.mark.parametrize(
    "bridge",
    [
        "Below is the full text of her e-mail.",
        "The full text of the letter follows.",
        "Here is the letter:",
        "Read the full letter below.",
        "The letter in full:",
        "Her statement reads as follows:",
    ],
)
def test_the_editors_introduction_ends_where_it_hands_over(bridge):
    letter = read(f"The mayor has written.\n\n{bridge}\n\nDear all,\n\nI am {LONG}")

    assert letter.introduction == ("The mayor has written.", bridge)
    assert bodies(letter) == ["Dear all,", f"I am {LONG}"]


def test_a_letter_that_quotes_another_has_no_introduction():
    text = f"I was asked what I wrote then.\n\n{LONG}\n\nHere is the full text:\n\n{LONG}"

    letter = read(text)

    assert letter.introduction == ()


def test_the_office_between_commas_in_the_introduction_is_the_role():
    letter = read(
        "Ada Bell, the mayor of York, has written.\n\nThe letter in full:\n\n"
        f"I am {LONG}\n\nYours,\nAda Bell"
    )

    assert letter.role == "the mayor of York"


def test_words_before_the_name_that_are_no_office_are_no_role():
    letter = read(
        f"Yesterday Ada Bell wrote.\n\nThe letter in full:\n\nI am {LONG}\n\nYours,\nAda Bell"
    )

    assert letter.role is None


@pytest.mark.parametrize(
    ("text", "phrases"),
    [
        ("To join, click here.", ("click here",)),
        ("Sign up here, or click on this link.", ("Sign up here", "click on this link")),
        ("Click here: https://example.org", ()),
        ("We met here.", ()),
    ],
)
def test_phrases_that_once_were_links_are_listed_with_their_paragraph(text, phrases):
    letter = read(f"{LONG}\n\n{text}\n\n{LONG}")

    assert letter.paragraphs[1].lost_links == phrases
