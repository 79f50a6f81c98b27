"""What stands above a letter: dates, headlines, salutations, leftovers."""

from datetime import date

import pytest

from discuss.letters.parsing import Leftover, ParsedLetter, Precision, SetAside, parse

WORDS = "We met in the hall last week and spoke about what the town needs in the coming winter."
LONG = f"{WORDS} {WORDS}"


def read(text: str, filename: str = "letter.txt") -> ParsedLetter:
    """Read a letter from text."""
    return parse(text.encode(), filename)


def bodies(letter: ParsedLetter) -> list[str]:
    """Return the texts of a letter's paragraphs."""
    return [part.text for part in letter.paragraphs]


@pytest.mark.parametrize(
    ("written", "sent", "precision"),
    [
        ("date 2020-04-03", date(2020, 4, 3), Precision.DAY),
        ("Date: 3 April 2020", date(2020, 4, 3), Precision.DAY),
        ("2020-04-03", date(2020, 4, 3), Precision.DAY),
        ("Friday, 3rd of April 2020", date(2020, 4, 3), Precision.DAY),
        ("Fri 3 Apr 2020", date(2020, 4, 3), Precision.DAY),
        ("April 3, 2020", date(2020, 4, 3), Precision.DAY),
        ("03.04.2020", date(2020, 4, 3), Precision.DAY),
        ("23/04/2020", date(2020, 4, 23), Precision.DAY),
        ("4/23/2020", date(2020, 4, 23), Precision.DAY),
        ("April 2020", date(2020, 4, 1), Precision.MONTH),
        ("2020-04", date(2020, 4, 1), Precision.MONTH),
    ],
)
def test_a_date_on_top_is_read_and_set_aside(written, sent, precision):
    letter = read(f"{written}\n\n{LONG}\n\n{LONG}")

    assert letter.sent
    assert (letter.sent.on, letter.sent.precision) == (sent, precision)
    assert letter.set_aside == (SetAside(written, Leftover.DATE),)
    assert bodies(letter) == [LONG, LONG]


@pytest.mark.parametrize(
    "sentence",
    [
        "3 April 2020 was the last day of my leadership, and I shall not forget it.",
        "April 2020 began in silence, and we stayed at home for weeks and weeks.",
        "Date palms grow here. I wanted to say how grateful we are for them.",
        "1984 is a good book, and I have read it each year since I was at school.",
        "Sent 3 April 2020 to the wrong house, the letter came back to me unopened.",
        "3/4/2020",
        "2020-04-03 was the day.",
    ],
)
def test_a_date_that_belongs_to_the_sentence_stays(sentence):
    letter = read(f"{sentence}\n\n{LONG}\n\n{LONG}")

    assert bodies(letter) == [sentence, LONG, LONG]
    assert (letter.sent, letter.set_aside) == (None, ())


def test_a_place_before_the_date_stays_and_the_date_is_known():
    letter = read(f"Birmingham Jail, April 16, 1963\n\nMy dear fellow clergymen:\n\n{LONG}")

    assert letter.sent
    assert str(letter.sent) == "1963-04-16"
    assert bodies(letter)[0] == "Birmingham Jail, April 16, 1963"


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("farewell-2016-05.txt", "2016-05"),
        ("2020-04-03-farewell.txt", "2020-04-03"),
        ("1789-Washington.txt", "1789"),
        ("farewell.txt", None),
        ("top-1000-letters.txt", None),
        ("letter-2020-13.txt", None),
    ],
)
def test_the_file_name_tells_the_date_where_the_text_does_not(name, sent):
    letter = read(LONG, name)

    assert (str(letter.sent) if letter.sent else None) == sent


def test_a_first_line_that_is_no_sentence_is_the_headline():
    letter = read(f"The price of peace\n\n3 May 1957\n\n{LONG}")

    assert letter.headline == "The price of peace"
    assert str(letter.sent) == "1957-05-03"
    assert bodies(letter) == [LONG]


@pytest.mark.parametrize(
    "line",
    ["Dear friends,", "To the people of York", "My fellow citizens", "Hello.", "Friends and foes"],
)
def test_a_salutation_is_no_headline(line):
    letter = read(f"{line}\n\n{LONG}")

    assert letter.headline is None
    assert bodies(letter) == [line, LONG]


@pytest.mark.parametrize(
    ("line", "addressee"),
    [
        ("Dear Momentum members,", "Momentum members"),
        ("To the people of York:", "the people of York"),
        ("Dear friends,", None),
        ("Dear Sir,", None),
    ],
)
def test_a_salutation_tells_whom_the_letter_is_for(line, addressee):
    letter = read(f"{line}\n\n{LONG}")

    assert letter.addressee == addressee
    assert bodies(letter) == [line, LONG]


@pytest.mark.parametrize(
    "left", ["momentum 1", "conference-rally-2", "IMG_0012.JPG", "[image: a hall]"]
)
def test_what_a_lost_picture_left_on_top_is_set_aside(left):
    letter = read(f"{left}\n\n{LONG}")

    assert letter.set_aside == (SetAside(left, Leftover.IMAGE),)
    assert bodies(letter) == [LONG]


def test_a_pasted_mail_gives_its_head_to_the_letter():
    letter = read(f"From: Ada Bell <ada@example.org>\nTo: Everyone\nSubject: The hall\n\n{LONG}")

    assert (letter.author, letter.addressee, letter.headline) == (
        "Ada Bell",
        "Everyone",
        "The hall",
    )
    assert letter.set_aside == (SetAside("ada@example.org", Leftover.ADDRESS),)


def test_lines_with_a_colon_that_no_letter_has_are_the_letters_own():
    letter = read(f"Note: read this.\nWarning: it is long.\n\n{LONG}")

    assert bodies(letter) == ["Note: read this.", "Warning: it is long.", LONG]
