"""How letters end: closing words, names, roles, postscripts, the page below."""

import pytest

from discuss.letters.parsing import Leftover, ParsedLetter, SetAside, Signature, parse

WORDS = "We met in the hall last week and spoke about what the town needs in the coming winter."
LONG = f"{WORDS} {WORDS}"


def read(text: str, filename: str = "letter.txt") -> ParsedLetter:
    """Read a letter from text."""
    return parse(text.encode(), filename)


def bodies(letter: ParsedLetter) -> list[str]:
    """Return the texts of a letter's paragraphs."""
    return [part.text for part in letter.paragraphs]


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


def test_a_comma_within_a_sentence_closes_no_letter():
    lines = ["I wish to thank", "All of my old friends,", "Ada Bell and Cy Dent"]

    letter = read(f"{LONG}\n\n" + "\n".join(lines))

    assert letter.signature == Signature()
    assert bodies(letter) == [LONG, *lines]


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
