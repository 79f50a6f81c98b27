"""The two letters that the site begins with, as their files hold them."""

import tomllib
from datetime import date

import pytest

from discuss.letters.parsing import (
    Leftover,
    ParsedLetter,
    Precision,
    SentDate,
    SetAside,
    Signature,
    apply_facts,
    parse,
)
from tests.plumbing.services import CORPORA, REPO_ROOT

FIRST = REPO_ROOT / "discuss" / "letters" / "first"
ORIGINALS = CORPORA.parent / "letters"
MCDONNELL = "mcdonnell-to-momentum-2016-05"
CORBYN = "corbyn-to-momentum-2020-04-03"


def read(stem: str) -> ParsedLetter:
    """Read one of the two, without what is known beside its text."""
    return parse((FIRST / f"{stem}.txt").read_bytes(), f"{stem}.txt")


def read_with_facts(stem: str) -> ParsedLetter:
    """Read one of the two as the site publishes it."""
    return apply_facts(read(stem), tomllib.loads((FIRST / f"{stem}.toml").read_text("utf-8")))


@pytest.mark.skipif(not ORIGINALS.exists(), reason="shared/letters is not beside the repository")
@pytest.mark.parametrize("stem", [MCDONNELL, CORBYN])
def test_the_files_are_the_originals_byte_for_byte(stem):
    ours, original = FIRST / f"{stem}.txt", ORIGINALS / f"{stem}.txt"

    assert ours.read_bytes() == original.read_bytes()


def test_the_blog_letter_has_its_ten_paragraphs():
    letter = read(MCDONNELL)

    starts = [part.text.split(",")[0][:40] for part in letter.paragraphs]
    assert starts == [
        "On behalf of the Labour Party and its le",
        "Whilst we have a long way to go to rebui",
        "What is more",
        "What is perhaps most heart-warming of al",
        "Searching #Momentum4Labour on social med",
        "So",
        "There has never been a better time to ge",
        "Momentum exists to channel the energy an",
        "To join Momentum mailing list only",
        "Join Labour and Join Momentum. Let’s bui",
    ]
    assert letter.introduction == ()


def test_paragraphs_that_one_newline_parts_are_parted():
    letter = read(MCDONNELL)

    assert letter.paragraphs[7].text.endswith("Please join us and help make this happen.")
    assert letter.paragraphs[8].text == "To join Momentum mailing list only, click here."


def test_a_call_to_action_that_lost_its_link_is_known_by_its_phrase():
    letter = read(MCDONNELL)

    assert [part.lost_links for part in letter.paragraphs] == [()] * 8 + [("click here",), ()]


def test_the_slips_of_the_author_stay():
    words = " ".join(part.text for part in read(MCDONNELL).paragraphs)

    assert "I would urge you join the Labour Party" in words
    assert "Momentum will enable to you to be part of" in words
    assert "Labour under Jeremy leadership has" in words


def test_the_blog_letter_is_signed_with_name_and_role():
    letter = read(MCDONNELL)

    role = "Shadow Chancellor of the Exchequer"
    assert letter.signature == Signature("In solidarity,", "John McDonnell", role)
    assert (letter.author, letter.role) == ("John McDonnell", role)


def test_the_month_of_the_blog_letter_is_read_off_its_file_name():
    letter = read(MCDONNELL)

    assert letter.sent == SentDate(date(2016, 5, 1), Precision.MONTH)
    assert str(letter.sent) == "2016-05"


def test_hashtags_are_found_in_order():
    assert read(MCDONNELL).hashtags == ("Momentum4Labour", "WheresZacsTax", "JezWeKhan")


def test_the_name_of_a_lost_picture_and_the_whole_reply_form_are_set_aside():
    image, form = read(MCDONNELL).set_aside

    assert image == SetAside("momentum 1", Leftover.IMAGE)
    assert form.why is Leftover.REPLY_FORM
    assert form.text.startswith("Leave a Reply\n\nFill in your details below")
    assert form.text.endswith("Connecting to %s")
    assert form.reason == "The reply form of the old page"


def test_the_introduction_of_the_news_site_stands_apart():
    letter = read(CORBYN)

    assert len(letter.introduction) == 7
    assert letter.introduction[0].startswith("Outgoing Labour leader Jeremy Corbyn has called")
    assert letter.introduction[6] == (
        "Below is the full text of the email from Corbyn on Friday afternoon."
    )
    assert len(letter.paragraphs) == 7
    assert letter.paragraphs[0].text.startswith("On the last day of my leadership, I wanted")
    assert letter.paragraphs[6].text.endswith("on picket lines, and in Parliament.")


def test_a_date_fused_to_the_first_sentence_is_parted_from_it():
    letter = read(CORBYN)

    assert letter.sent == SentDate(date(2020, 4, 3), Precision.DAY)
    assert letter.set_aside == (SetAside("date 2020-04-03", Leftover.DATE),)


def test_the_news_sites_letter_is_signed_and_its_role_read_off_the_introduction():
    letter = read(CORBYN)

    assert letter.signature == Signature("Thank you for everything,", "Jeremy Corbyn MP")
    assert (letter.author, letter.role) == ("Jeremy Corbyn MP", "Outgoing Labour leader")


def test_a_picture_name_that_runs_into_the_signature_is_parted_from_it():
    fused = (FIRST / f"{CORBYN}.txt").read_bytes() + b"momentum 1"

    letter = parse(fused, f"{CORBYN}.txt")

    assert letter.signature == Signature("Thank you for everything,", "Jeremy Corbyn MP")
    assert SetAside("momentum 1", Leftover.IMAGE) in letter.set_aside


@pytest.mark.parametrize(
    ("stem", "headline", "role", "tags"),
    [
        (
            MCDONNELL,
            "There has never been a better time to get involved in politics",
            "Shadow Chancellor of the Exchequer",
            ("Momentum", "Labour Party", "2016 elections"),
        ),
        (
            CORBYN,
            "Join Momentum and help make our future together",
            "Outgoing leader of the Labour Party",
            ("Momentum", "Labour Party", "Leadership"),
        ),
    ],
)
def test_what_is_known_beside_the_text_completes_the_letter(stem, headline, role, tags):
    letter = read_with_facts(stem)

    assert (letter.headline, letter.role, letter.tags) == (headline, role, tags)
    assert (letter.slug, letter.language) == (stem, "en-GB")
    assert letter.addressee == "Momentum members and supporters"
    assert letter.sent == read(stem).sent
    assert letter.paragraphs == read(stem).paragraphs


@pytest.mark.parametrize("stem", [MCDONNELL, CORBYN])
def test_each_headline_is_the_authors_own_words(stem):
    letter = read_with_facts(stem)

    words = " ".join(part.text for part in letter.paragraphs).lower()
    assert letter.headline
    assert letter.headline.lower() in words
