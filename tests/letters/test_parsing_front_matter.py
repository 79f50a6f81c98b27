"""Facts above the text, and facts that a person gives."""

from datetime import date

import pytest

from discuss.letters.parsing import (
    Leftover,
    NotALetter,
    ParsedLetter,
    Precision,
    SentDate,
    SetAside,
    apply_facts,
    parse,
)

TEXT = "We met in the hall last week.\n\nMore of us came than there were chairs."


def read(text: str, filename: str = "letter.md") -> ParsedLetter:
    """Read a letter from Markdown."""
    return parse(text.encode(), filename)


def test_facts_between_dashes_are_the_letters():
    letter = read(
        "---\n"
        'title: "The hall: a report"\n'
        "author: Ada Bell\n"
        "role: 'Treasurer of the People''s hall'\n"
        "to: All members\n"
        "date: 3 April 2020\n"
        "tags: [Hall, Winter]\n"
        "lang: en-GB\n"
        "slug: the-hall\n"
        "source: https://example.org/hall\n"
        "---\n\n" + TEXT
    )

    assert (letter.headline, letter.author) == ("The hall: a report", "Ada Bell")
    assert letter.role == "Treasurer of the People's hall"
    assert letter.addressee == "All members"
    assert letter.sent == SentDate(date(2020, 4, 3))
    assert letter.tags == ("Hall", "Winter")
    assert (letter.language, letter.slug) == ("en-GB", "the-hall")
    assert letter.source == "https://example.org/hall"
    assert (len(letter.paragraphs), letter.set_aside) == (2, ())


def test_a_list_may_have_an_item_a_line():
    letter = read(f"---\ntags:\n  - Hall\n  - Winter\n---\n{TEXT}")

    assert letter.tags == ("Hall", "Winter")


def test_tags_may_stand_in_one_line():
    letter = read(f"---\ntags: Hall, Winter\n---\n{TEXT}")

    assert letter.tags == ("Hall", "Winter")


def test_facts_between_pluses_are_toml():
    letter = read(f'+++\ntitle = "The hall"\ndate = 2020-04-03\ntags = ["Hall"]\n+++\n{TEXT}')

    assert (letter.headline, letter.tags) == ("The hall", ("Hall",))
    assert letter.sent == SentDate(date(2020, 4, 3))


@pytest.mark.parametrize("toml", ["title = ", "a." * 1_500 + "b = 1", "a = " + "[" * 1_900])
def test_toml_that_cannot_be_read_is_refused(toml):
    with pytest.raises(NotALetter, match="front matter"):
        read(f"+++\n{toml}\n+++\n{TEXT}")


def test_bare_lines_on_top_of_markdown_are_facts():
    letter = read(f'number: 1\nauthor: "Ada Bell"\npublicationDate: "1787-10-27"\n\n{TEXT}')

    assert letter.author == "Ada Bell"
    assert letter.sent == SentDate(date(1787, 10, 27))
    assert letter.set_aside == (SetAside("number: 1", Leftover.FRONT_MATTER),)


@pytest.mark.parametrize(
    "line",
    ["layout: post", "just words", "date: soon", "author: [a, b]", "title:"],
)
def test_a_line_that_no_letter_has_is_set_aside(line):
    letter = read(f"---\nlanguage: en\n{line}\n---\n{TEXT}")

    assert letter.set_aside == (SetAside(line, Leftover.FRONT_MATTER),)
    assert len(letter.paragraphs) == 2


def test_an_e_mail_address_in_the_front_matter_is_set_aside():
    letter = read(f"---\nauthor: Ada Bell <ada@example.org>\n---\n{TEXT}")

    assert letter.author == "Ada Bell"
    assert letter.set_aside == (SetAside("ada@example.org", Leftover.ADDRESS),)


def test_several_addressees_keep_their_names_and_lose_their_addresses():
    letter = read(
        f"---\nto: Ada <ada@example.org>, bob@example.org, Cy <cy@example.org>\n---\n{TEXT}"
    )

    assert letter.addressee == "Ada, Cy"
    assert [left.text for left in letter.set_aside if left.why is Leftover.ADDRESS] == [
        "ada@example.org",
        "bob@example.org",
        "cy@example.org",
    ]


def test_two_rules_around_words_are_the_letters_own():
    letter = read(f"---\nNote: we begin.\n---\n\n{TEXT}", "letter.txt")

    assert "Note: we begin." in [part.text for part in letter.paragraphs]


@pytest.mark.parametrize("heading", ["# The hall", "# The hall #", "The hall\n========"])
def test_the_first_heading_is_the_headline(heading):
    letter = read(f"{heading}\n\n{TEXT}")

    assert letter.headline == "The hall"
    assert len(letter.paragraphs) == 2


def test_a_heading_that_repeats_the_title_is_set_aside():
    letter = read(f"---\ntitle: The hall\n---\n\n# The hall\n\n{TEXT}")

    assert letter.headline == "The hall"
    assert letter.set_aside == (SetAside("The hall", Leftover.HEADLINE),)
    assert len(letter.paragraphs) == 2


def test_another_heading_than_the_title_is_the_letters_own():
    letter = read(f"---\ntitle: The hall\n---\n\n# Report\n\n{TEXT}")

    assert letter.headline == "The hall"
    assert letter.paragraphs[0].text == "# Report"


def test_marks_of_markdown_are_kept_as_written():
    letter = read("We *met* in [the hall](https://example.org).\n\n> So it is.\n\n## Why\n\nIt is.")

    assert [part.text for part in letter.paragraphs] == [
        "We *met* in [the hall](https://example.org).",
        "> So it is.",
        "## Why",
        "It is.",
    ]


def test_short_lines_of_markdown_go_on_unless_broken_hard():
    letter = read("We met\nin the hall.  \nIt was cold.\n\nMore came.")

    assert [part.text for part in letter.paragraphs] == [
        "We met in the hall.",
        "It was cold.",
        "More came.",
    ]


def test_a_picture_is_set_aside_and_gives_its_caption():
    letter = read(f'![the hall](hall.jpg "The hall in May")\n\n{TEXT}')

    assert letter.image_caption == "The hall in May"
    assert letter.set_aside[0].why is Leftover.IMAGE
    assert len(letter.paragraphs) == 2


def test_facts_given_replace_what_was_read_and_leave_the_words():
    letter = read(f"# The hall\n\n{TEXT}")

    changed = apply_facts(letter, {"headline": "Our hall", "tags": ["Hall"], "sent": "2016-05"})

    assert (changed.headline, changed.tags, str(changed.sent)) == ("Our hall", ("Hall",), "2016-05")
    assert changed.paragraphs == letter.paragraphs
    assert SetAside("The hall", Leftover.HEADLINE) in changed.set_aside


def test_an_introduction_given_replaces_the_one_read():
    letter = read("The mayor wrote.\n\nThe letter in full:\n\nDear all,\n\nI am here.", "a.txt")

    changed = apply_facts(letter, {"introduction": ["From the hall."]})

    assert changed.introduction == ("From the hall.",)
    assert changed.set_aside == (
        SetAside("The mayor wrote.\n\nThe letter in full:", Leftover.INTRODUCTION),
    )


def test_a_precision_given_makes_a_date_less_precise():
    letter = apply_facts(read(TEXT), {"sent": date(2016, 5, 12), "precision": "month"})

    assert letter.sent == SentDate(date(2016, 5, 1), Precision.MONTH)


@pytest.mark.parametrize(
    ("facts", "named"),
    [
        ({"titel": "x"}, "titel"),
        ({"headline": ""}, "headline"),
        ({"headline": "x" * 201}, "200"),
        ({"headline": "one\ntwo"}, "headline"),
        ({"headline": 7}, "headline"),
        ({"slug": "The Hall"}, "slug"),
        ({"slug": "-hall"}, "slug"),
        ({"sent": "soon"}, "sent"),
        ({"sent": "2016-05", "precision": "day"}, "precision"),
        ({"precision": "week"}, "precision"),
        ({"precision": "year"}, "precision"),
        ({"tags": "Hall"}, "tags"),
        ({"tags": ["x" * 61]}, "tags"),
        ({"tags": ["x"] * 21}, "tags"),
        ({"tags": ["x", 2]}, "tags"),
        ({"introduction": "x"}, "introduction"),
    ],
)
def test_a_fact_that_cannot_be_used_is_refused_by_its_name(facts, named):
    letter = read(TEXT)

    with pytest.raises(NotALetter, match=named):
        apply_facts(letter, facts)
