"""Signed in: the page that many share but for their names, and who gets one of their own."""

import re

import pytest

from discuss.accounts.models import Role
from discuss.comments import voting
from discuss.reading import patterns

HOSTILE = "<b>Ada</b> & “O’Neill” {{ 7 * 7 }}"
TOKEN = re.compile(r'(?<=name="csrf_token" value=")[^"]+')


@pytest.fixture
def letter(make):
    letter = make.letter()
    make.comment(letter, source="Well said.")
    return letter


@pytest.fixture
def printed_from_patterns(monkeypatch):
    """The keys of the pages that were printed from a pattern."""
    keys, filled = [], patterns.filled

    def noted(key, *others):
        keys.append(key)
        return filled(key, *others)

    monkeypatch.setattr(patterns, "filled", noted)
    return keys


def without_token(page):
    return TOKEN.sub("", page.text)


@pytest.mark.row("16")
@pytest.mark.parametrize("query", ["", "?sort=newest"])
def test_each_reader_sees_the_page_that_would_be_printed_for_them_alone(
    make, sign_in, letter, query, printed_from_patterns
):
    readers = [sign_in(make.account(name=name)) for name in ("Ada", HOSTILE, "Ada")]
    path = f"/letters/{letter.slug}{query}"

    shared = [reader.get(path) for reader in readers]

    alone = [reader.get(f"{path}{'&' if query else '?'}passage=0") for reader in readers]
    assert [without_token(page) for page in shared] == [without_token(page) for page in alone]
    assert len({without_token(page) for page in shared}) == len(readers)
    assert len(printed_from_patterns) == len(readers)
    assert not any(mark in page.text for page in shared for mark in patterns.MARKS.values())


@pytest.mark.row("16")
def test_each_reader_s_forms_carry_a_token_of_their_own(make, sign_in, letter):
    first, second = (sign_in(make.account()) for _ in range(2))
    first.get(f"/letters/{letter.slug}")
    tokens = set(TOKEN.findall(second.get(f"/letters/{letter.slug}").text))

    answer = second.comment(letter, "Sent with the token of the page.", csrf_token=tokens.pop())

    assert (tokens, answer.status_code) == (set(), 303)


def what_is_theirs(name, make, session, letter, account):
    if name == "a comment":
        make.comment(letter, author=account, source="My own.")
    if name == "a vote":
        voting.vote(letter, account, make.comment(letter).number, 1)
    if name == "a comment that waits":
        make.held(letter, author=account)
    if name == "a moderator's buttons":
        account.role = Role.MODERATOR
    session.commit()


@pytest.mark.row("16")
@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("a comment", "data-mine"),
        ("a vote", 'aria-pressed="true"'),
        ("a comment that waits", "Waiting for a moderator."),
        ("a moderator's buttons", "Lock this discussion"),
    ],
)
def test_what_is_one_reader_s_is_on_their_page_and_on_nobody_else_s(
    make, session, sign_in, letter, name, seen
):
    account, other = make.account(), make.account()
    what_is_theirs(name, make, session, letter, account)
    path = f"/letters/{letter.slug}"
    before = sign_in(other).get(path).text

    theirs = sign_in(account).get(path).text

    assert (seen in before, seen in theirs) == (False, True)
    assert seen not in sign_in(other).get(path).text


@pytest.mark.row("16")
def test_what_was_just_done_is_said_once_and_to_one(make, sign_in, letter):
    author, other = sign_in(make.account()), sign_in(make.account())
    author.comment(letter, "Mine.")

    assert "Posted." in author.get(f"/letters/{letter.slug}").text
    assert "Posted." not in other.get(f"/letters/{letter.slug}").text
    assert "Posted." not in author.get(f"/letters/{letter.slug}").text


@pytest.mark.row("16")
def test_a_new_comment_is_on_the_next_page_of_every_reader(make, sign_in, letter):
    author, other = sign_in(make.account()), sign_in(make.account())
    other.get(f"/letters/{letter.slug}")

    author.comment(letter, "Just now.")

    assert "Just now." in other.get(f"/letters/{letter.slug}").text
