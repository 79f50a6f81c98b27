"""Nothing is dropped silently: every word of a file is in the letter or set aside."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discuss.letters.parsing import NotALetter, ParsedLetter, parse
from discuss.letters.parsing.frontmatter import read as front_matter
from tests.plumbing.services import CORPORA, REPO_ROOT

FIRST = REPO_ROOT / "discuss" / "letters" / "first"
LETTERS = [
    *sorted(FIRST.glob("*.txt")),
    *sorted((CORPORA / "letters").glob("*/*")),
]

LINES = st.sampled_from(
    [
        "",
        "We met in the hall last week and spoke about what the town needs in the coming winter.",
        "We met in the hall last week and spoke about what the town needs in the coming winter, "
        "and of those who have none; I said so.",
        "short line",
        "Yours,",
        "In solidarity,",
        "Thank you",
        "Yours, Ada Bell",
        "Ada Bell",
        "Ada Bell MPmomentum 1",
        "Treasurer of the branch",
        "momentum 1",
        "hall.jpg",
        "![a](b.png)",
        "Photo: Ada Bell",
        "date 2020-04-03 We met",
        " 3 April 2020 ",
        "2020-04-03: We met",
        "The price of peace",
        "Below is the full text of the letter.",
        "Leave a Reply",
        "P.S. Bring a friend.",
        "1. A note.",
        "- an item",
        "Share this:",
        "3 comments",
        "long-",
        "war--",
        "--term",
        "–",
        "#hall click here",
        "“",
        "---",
        "name: value",
    ]
)
PROSE = st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=130)
FILES = st.lists(st.one_of(LINES, LINES, PROSE), max_size=25).map("\n".join)


def published(letter: ParsedLetter) -> list[str]:
    """Return what readers see of a file's words, in the order of the file."""
    texts = [
        letter.headline,
        *letter.introduction,
        *(part.text for part in letter.paragraphs),
        letter.signature.closing,
        letter.signature.name,
        letter.signature.role,
        *(part.text for part in letter.postscript),
    ]
    return [text for text in texts if text]


def set_aside(letter: ParsedLetter) -> list[str]:
    """Return the words that are listed and not published."""
    return [left.text for left in letter.set_aside]


def signs(texts: list[str]) -> str:
    """Return all signs but blanks."""
    return "".join("".join(texts).split())


def is_in_order(part: str, whole: str) -> bool:
    """Tell whether the signs of one text stand in another in the same order."""
    rest = iter(whole)
    return all(sign in rest for sign in part)


def read(data: bytes, name: str) -> ParsedLetter | str:
    """Read a letter, or return the message that refuses it."""
    try:
        return parse(data, name)
    except NotALetter as refusal:
        return refusal.message


@given(FILES)
def test_every_sign_of_a_file_is_published_in_order_or_set_aside(text):
    letter = read(text.encode(), "letter.txt")

    if isinstance(letter, str):
        assert len(letter.splitlines()) == 1
        return

    whole = signs([text.removeprefix("\ufeff")])
    assert Counter(signs(published(letter) + set_aside(letter))) == Counter(whole)
    assert is_in_order(signs(published(letter)), whole)


@given(st.binary(max_size=300), st.sampled_from(["a.txt", "a.md", "a.eml", "a", "a.pdf", ""]))
def test_any_bytes_are_a_letter_or_refused(data, name):
    letter = read(data, name)

    assert letter if isinstance(letter, str) else letter.paragraphs


@given(FILES, st.sampled_from(["---", "+++", "Subject: x\nFrom: a\n", "Subject: x\n\n"]))
def test_any_lines_under_any_head_are_a_letter_or_refused(text, head):
    for name in ("letter.md", "letter.eml"):
        letter = read(f"{head}\n{text}\n{head}\n{text}".encode(), name)

        assert letter if isinstance(letter, str) else letter.paragraphs


@pytest.mark.skipif(not CORPORA.exists(), reason="shared/corpora is not beside the repository")
@pytest.mark.parametrize("path", LETTERS, ids=lambda path: path.stem)
def test_every_word_of_a_real_letter_is_kept(path):
    text = front_matter(path.read_text("utf-8"), markdown=path.suffix == ".md").text

    letter = parse(path.read_bytes(), path.name)

    facts = [left for left in set_aside(letter) if left not in text]
    words = [word for part in published(letter) + set_aside(letter) for word in part.split()]
    words_of_facts = [word for part in facts for word in part.split()]
    assert Counter(words) - Counter(words_of_facts) == Counter(text.split())
    assert is_in_order(signs(published(letter)), signs([text]))
    assert len(letter.paragraphs) > 2
