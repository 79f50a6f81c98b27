"""Plain text, as people paste it: openings, endings, wrapped and unwrapped lines."""

import textwrap
from datetime import date

import pytest

from discuss.letters.parsing import Leftover, ParsedLetter, Precision, SetAside, Signature, parse

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
    "closing",
    [
        "In solidarity,",
        "Yours",
        "Yours sincerely,",
        "Best wishes,",
        "With kind regards",
        "Thank you for everything,",
        "Sincerely yours,",
        "With every good wish for the year ahead,",
        "Until we meet again,",
        "I have the honour to be, Sir,",
        "Mit freundlichen Grüßen",
    ],
)
def test_closing_words_and_the_name_below_are_the_signature(closing):
    letter = read(f"{LONG}\n\n{LONG}\n\n{closing}\n\nAda Bell\nTreasurer of the branch\n")

    assert letter.signature == Signature(closing, "Ada Bell", "Treasurer of the branch")
    assert (letter.author, letter.role) == ("Ada Bell", "Treasurer of the branch")
    assert bodies(letter) == [LONG, LONG]


def test_closing_words_and_name_may_share_a_line():
    letter = read(f"{LONG}\n\nYours, Ada Bell")

    assert letter.signature == Signature("Yours,", "Ada Bell")


def test_a_role_may_follow_the_name_behind_a_comma():
    letter = read(f"{LONG}\n\nYours,\nAda Bell, Treasurer")

    assert letter.signature == Signature("Yours,", "Ada Bell, Treasurer")
    assert (letter.author, letter.role) == ("Ada Bell", "Treasurer")


def test_two_closing_lines_belong_together():
    letter = read(f"{LONG}\n\nThank you,\nYours ever,\nAda Bell")

    assert letter.signature == Signature("Thank you,\nYours ever,", "Ada Bell")


def test_a_name_alone_signs_the_letter():
    letter = read(f"{LONG}\n\n{LONG}\n\nPUBLIUS")

    assert letter.signature == Signature(None, "PUBLIUS")


def test_closing_words_without_a_name_are_a_signature_too():
    letter = read(f"{LONG}\n\nCheers,\n")

    assert letter.signature == Signature("Cheers,")


@pytest.mark.parametrize(
    "last",
    ["Join the movement", "It is done.", "one more thing", "Thank you, Jeremy Corbyn", "Onwards!"],
)
def test_last_words_that_are_no_name_are_the_letters_own(last):
    letter = read(f"{LONG}\n\n{LONG}\n\n{last}")

    assert letter.signature == Signature()
    assert bodies(letter) == [LONG, LONG, last]


def test_what_the_author_wrote_below_the_signature_is_a_postscript():
    letter = read(f"{LONG}\n\nYours,\nAda Bell\n\nP.S. Bring a friend.\n\n{LONG}")

    assert letter.signature == Signature("Yours,", "Ada Bell")
    assert [part.text for part in letter.postscript] == ["P.S. Bring a friend.", LONG]


def test_more_names_below_the_first_are_not_its_role():
    names = ["Cy Dent, Leeds", "Eve Fox", "Guy Hay", "Ida Joy"]

    letter = read(f"{LONG}\n\nYours,\nAda Bell, York\n" + "\n".join(names))

    assert letter.signature == Signature("Yours,", "Ada Bell, York")
    assert [part.text for part in letter.postscript] == names


def test_words_of_the_page_below_the_signature_are_set_aside():
    letter = read(f"{LONG}\n\nYours,\nAda Bell\n\nShare this:\nTwitter\nFacebook")

    assert letter.set_aside == (SetAside("Share this:\nTwitter\nFacebook", Leftover.PAGE),)
    assert letter.postscript == ()


@pytest.mark.parametrize(
    "heading",
    ["Leave a Reply", "Leave a comment", "Post a Comment", "Leave a Reply Cancel reply"],
)
def test_a_reply_form_is_cut_from_its_heading_to_the_end(heading):
    letter = read(f"{LONG}\n\nYours,\nAda Bell\n\n{heading}\n\nName *\n\nEmail *")

    assert letter.set_aside == (SetAside(f"{heading}\n\nName *\n\nEmail *", Leftover.REPLY_FORM),)
    assert letter.signature.name == "Ada Bell"


@pytest.mark.parametrize(
    "left", ["momentum 1", "conference-rally-2", "IMG_0012.JPG", "[image: a hall]"]
)
def test_what_a_lost_picture_left_on_top_is_set_aside(left):
    letter = read(f"{left}\n\n{LONG}")

    assert letter.set_aside == (SetAside(left, Leftover.IMAGE),)
    assert bodies(letter) == [LONG]


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
