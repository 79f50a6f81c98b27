"""E-mails as mail programs save them, whole and broken."""

from datetime import date
from email.message import EmailMessage

import pytest

from discuss.letters.parsing import (
    Leftover,
    NotALetter,
    ParsedLetter,
    SentDate,
    SetAside,
    Signature,
    parse,
)
from discuss.letters.parsing.parsed import REASONS
from tests.plumbing.services import CORPORA

TEXT = "Dear all,\n\nWe met in the hall.\n\nIn solidarity,\nAda Bell\nTreasurer\n"


def mail(text: str = TEXT, **heads: str) -> EmailMessage:
    """Make an e-mail."""
    message = EmailMessage()
    message.set_content(text)
    heads = {
        "From": "Ada Bell <ada@example.org>",
        "To": "Momentum members and supporters <list@example.org>",
        "Subject": "The hall",
        "Date": "Fri, 03 Apr 2020 23:30:00 -0500",
        **heads,
    }
    for name, value in heads.items():
        message[name.replace("_", "-")] = value
    return message


def read(message: EmailMessage | bytes) -> ParsedLetter:
    """Read a letter from an e-mail."""
    data = message if isinstance(message, bytes) else message.as_bytes()
    return parse(data, "letter.eml")


def bodies(letter: ParsedLetter) -> list[str]:
    """Return the texts of a letter's paragraphs."""
    return [part.text for part in letter.paragraphs]


def test_the_head_tells_headline_author_addressee_and_day():
    letter = read(mail(Content_Language="en-GB"))

    assert (letter.headline, letter.author) == ("The hall", "Ada Bell")
    assert letter.addressee == "Momentum members and supporters"
    assert letter.sent == SentDate(date(2020, 4, 3))  # the day it was where she was
    assert letter.language == "en-GB"
    assert letter.signature == Signature("In solidarity,", "Ada Bell", "Treasurer")
    assert bodies(letter) == ["Dear all,", "We met in the hall."]


def test_no_address_is_published_and_each_is_set_aside():
    letter = read(mail(From="ada@example.org", To='"list@example.org" <list@example.org>'))

    assert (letter.author, letter.addressee) == ("Ada Bell", None)  # as she signed
    assert letter.set_aside == (
        SetAside("ada@example.org", Leftover.ADDRESS),
        SetAside("list@example.org", Leftover.ADDRESS),
    )


def test_marks_of_replies_and_forwards_are_no_part_of_the_headline():
    letter = read(mail(Subject="Fwd: RE: The hall"))

    assert letter.headline == "The hall"
    assert SetAside("Fwd: RE:", Leftover.HEADER) in letter.set_aside


def test_a_subject_too_long_for_a_headline_is_set_aside():
    letter = read(mail(Subject="word " * 60))

    assert letter.headline is None
    assert any(left.text.startswith("word word") for left in letter.set_aside)


def test_a_raw_utf_8_subject_is_read():
    data = mail(Subject="SUBJECT").as_bytes().replace(b"SUBJECT", "Grüße".encode())

    assert read(data).headline == "Grüße"


def test_an_encoded_subject_that_is_damaged_is_set_aside():
    letter = read(b"Subject: =?utf-8?q?Gr=FC=DFe?=\n\nWe met.")

    assert letter.headline is None
    assert letter.set_aside == (SetAside("Subject: =?utf-8?q?Gr=FC=DFe?=", Leftover.HEADER),)


def test_an_address_is_listed_once():
    letter = read(mail(To="Ada Bell <ada@example.org>"))

    assert letter.set_aside == (SetAside("ada@example.org", Leftover.ADDRESS),)


def test_a_subject_in_an_unknown_encoding_is_set_aside():
    data = mail(Subject="SUBJECT").as_bytes().replace(b"SUBJECT", "Grüße".encode("latin-1"))

    letter = read(data)

    assert letter.headline is None
    assert letter.set_aside[0].text.startswith("Subject: Gr")


def test_plain_text_comes_before_html():
    message = mail()
    message.add_alternative("<p>Other words.</p>", subtype="html")

    letter = read(message)

    assert "We met in the hall." in bodies(letter)
    assert SetAside("text/html", Leftover.ATTACHMENT) in letter.set_aside


def test_html_alone_gives_its_words_and_nothing_else():
    message = mail()
    message.set_content(
        "<html><head><title>No</title><style>p{color:red}</style></head><body>"
        "<!-- no --><script>alert('no')</script>"
        "<p>We\nmet &amp; spoke in <b>the</b> hall&nbsp;again.</p>"
        "<div>It was <i>cold</i>.</div><div>1 &lt; 2<br>so it is</div><img alt='no' src='x'>"
        "</body></html>",
        subtype="html",
    )

    letter = read(message)

    assert bodies(letter) == [
        "We met & spoke in the hall\xa0again.",
        "It was cold.",
        "1 < 2",
        "so it is",
    ]


def test_html_without_end_is_refused():
    message = mail()
    message.set_content("<p>" * 20_001, subtype="html")

    with pytest.raises(NotALetter, match="HTML"):
        read(message)


def test_attachments_and_messages_inside_are_set_aside():
    message = mail()
    message.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="hall.png")
    message.add_attachment(mail("Other words."))

    letter = read(message)

    assert [left.text for left in letter.set_aside if left.why is Leftover.ATTACHMENT] == [
        "hall.png",
        "message/rfc822",
    ]
    assert bodies(letter) == ["Dear all,", "We met in the hall."]


def test_an_earlier_message_and_the_footer_are_set_aside():
    letter = read(
        mail(
            "We met in the hall.\n\n"
            "On 2 May 2016 at 10:11, Somebody\n<some@example.org> wrote:\n"
            "> Did you meet?\n> Where?\n\nIt was cold.\n\n-- \nAda Bell\n01904 000000\n"
        )
    )

    quotation, footer = sorted(letter.set_aside[2:], key=lambda left: left.why, reverse=True)
    assert quotation.why is Leftover.QUOTATION
    assert quotation.text.startswith("On 2 May 2016 at 10:11, Somebody")
    assert footer == SetAside("-- \nAda Bell\n01904 000000", Leftover.FOOTER)
    assert bodies(letter) == ["We met in the hall.", "It was cold."]


def test_all_below_an_original_message_is_set_aside():
    letter = read(mail("We met.\n\n-----Original Message-----\nFrom: Somebody\n\nDid you?\n"))

    assert bodies(letter) == ["We met."]
    assert letter.set_aside[-1].text.startswith("-----Original Message-----")


def test_lines_of_a_flowed_text_are_joined():
    data = (
        b"From: Ada Bell <ada@example.org>\nSubject: The hall\n"
        b"Content-Type: text/plain; format=flowed\n\n"
        b"We met \nin the \nhall.\nIt was cold.\n\n From here on.\n"
    )

    assert bodies(read(data)) == ["We met in the hall.", "It was cold.", "From here on."]


@pytest.mark.parametrize(("charset", "word"), [("iso-8859-1", "Grüße"), ("koi8-r", "Привет")])
def test_a_declared_encoding_is_read(charset, word):
    message = mail()
    message.set_content(f"{word} to all.", charset=charset)

    assert bodies(read(message)) == [f"{word} to all."]


def test_what_is_no_encoding_of_texts_is_not_applied():
    assert bodies(read(b"Subject: x\nContent-Type: text/plain; charset=punycode\n\nWe met-")) == [
        "We met-"
    ]


@pytest.mark.parametrize("charset", ["us-ascii", "x-unknown", "punycode", "zlib"])
def test_text_that_is_utf_8_whatever_is_declared_is_read(charset):
    data = f"Subject: x\nContent-Type: text/plain; charset={charset}\n\nGrüße to all.".encode()

    assert bodies(read(data)) == ["Grüße to all."]


def test_text_in_no_encoding_that_can_be_known_is_refused():
    with pytest.raises(NotALetter, match="encoding"):
        read(b"Subject: x\n\nGr\xfc\xdfe to all.")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"Dear all,\n\nwe met.", "not an e-mail"),
        (b"Subject: x\n\n", "no text"),
        (b"Subject: x\n\n\n> quoted\n", "no words"),
        (b"Subject: x\nContent-Type: image/png\n\nabc", "no text"),
        (b"Subject: x\n\nwe\x00met", "control characters"),
        (b"Subject: x\n\n" + b"a" * 1_000_001, "larger than 1 MB"),
        (b"Subject: x\n\n" + b"a" * 10_000_001, "larger than 10 MB"),
        (
            b"Subject: x\nContent-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 300,
            "parts",
        ),
        (b"Subject: x\n\n" + b"--b\n" * 6_000, "parts"),
    ],
)
def test_a_mail_that_holds_no_letter_is_refused_with_a_reason(data, reason):
    with pytest.raises(NotALetter, match=reason):
        read(data)


def test_a_head_beyond_measure_is_not_read():
    comment = b"(" + b"c" * 10_000 + b")"

    letter = read(
        b"To: Ada "
        + comment
        + b" <ada@example.org>\nContent-Type: text/html; x="
        + comment
        + b"\nSubject: x\n\nWe <b>met</b>."
    )

    assert letter.addressee is None
    assert letter.set_aside[0].text.startswith("To: Ada (ccc")
    assert bodies(letter) == ["We <b>met</b>."]  # as if no type were given


def test_a_mail_without_its_ending_in_the_name_is_known_by_its_head():
    letter = parse(mail(Message_ID="<1@example.org>").as_bytes(), "saved-mail")

    assert letter.headline == "The hall"


def test_a_repeated_subject_is_printed_once():
    letter = read(mail(f"The hall\n\n{TEXT}"))

    assert bodies(letter) == ["Dear all,", "We met in the hall."]
    assert SetAside("The hall", Leftover.HEADLINE) in letter.set_aside


def test_each_reason_for_setting_aside_has_words_for_people():
    assert set(REASONS) == set(Leftover)


@pytest.mark.skipif(not CORPORA.exists(), reason="shared/corpora is not beside the repository")
def test_every_mail_met_in_the_wild_is_a_letter_or_refused_with_one_line():
    files = [path for path in (CORPORA / "eml").rglob("*") if path.is_file()]
    letters, refusals = [], []

    for path in files:
        try:
            letters.append(parse(path.read_bytes(), path.name))
        except NotALetter as refusal:
            refusals.append(refusal.message)

    heads = [(letter.headline, letter.author, letter.addressee) for letter in letters]
    assert len(letters) > len(files) * 0.8
    assert all(len(message.splitlines()) == 1 for message in refusals)
    assert not [head for head in heads if "@" in f"{head[1]}{head[2]}"]
