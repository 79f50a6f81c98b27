"""Files that are no letter, and the one message that each gets."""

import codecs

import pytest

from discuss.letters.parsing import MAX_BYTES, MAX_PARAGRAPHS, NotALetter, parse

TEXT = "Café. We met in the hall."


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "The file is empty"),
        (b" \n\t\r\n", "no words"),
        (codecs.BOM_UTF8, "no words"),
        (b"%PDF-1.7\n%\xe2\xe3", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"\xff\xd8\xff\xe0", "JPEG"),
        (b"PK\x03\x04\x14", "Word"),
        (b"{\\rtf1\\ansi", "RTF"),
        (b"\n<!DOCTYPE html><p>We met.", "HTML"),
        (b"We\x00met", "binary"),
        ("We met".encode("utf-16-le"), "binary"),
        (b"We\x1bmet", "control characters"),
        (b"Leave a Reply\n\nName *", "no letter"),
        (b"momentum 1\n", "no letter"),
        (b"2020-04-03", "no letter"),
    ],
)
@pytest.mark.parametrize("name", ["letter.txt", "letter.md", "letter"])
def test_a_file_that_is_no_letter_gets_one_clear_message(data, reason, name):
    with pytest.raises(NotALetter, match=reason) as refused:
        parse(data, name)

    assert len(refused.value.message.splitlines()) == 1


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "mac-roman"])
def test_another_encoding_is_refused_with_its_line(encoding):
    with pytest.raises(NotALetter, match="Line 3 is not in UTF-8"):
        parse(f"We met.\n\n{TEXT}".encode(encoding), "letter.txt")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_unicode_with_its_mark_is_read(encoding):
    letter = parse(TEXT.encode(encoding), "letter.txt")

    assert [part.text for part in letter.paragraphs] == [TEXT]


@pytest.mark.parametrize("name", ["letter.txt", "letter.md", "letter.eml"])
def test_fifty_megabytes_are_refused(name):
    with pytest.raises(NotALetter, match="MB"):
        parse(b"a" * 50_000_000, name)


def test_a_text_at_the_limit_is_read_and_one_above_is_not():
    assert parse(b"a" * MAX_BYTES, "letter.txt").paragraphs

    with pytest.raises(NotALetter, match="larger than 1 MB"):
        parse(b"a" * (MAX_BYTES + 1), "letter.txt")


def test_more_paragraphs_than_a_page_can_show_are_refused():
    assert parse(b"We met.\n\n" * MAX_PARAGRAPHS, "letter.txt").paragraphs

    with pytest.raises(NotALetter, match="paragraphs"):
        parse(b"We met.\n\n" * (MAX_PARAGRAPHS + 1), "letter.txt")
