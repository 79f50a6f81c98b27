"""Rules that hold a comment: what each looks at, whom it spares, and what it tells."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from discuss import create_app
from discuss.base import clock
from discuss.comments import actions as comments
from discuss.comments import screening
from discuss.comments.errors import NotEditable
from discuss.comments.models import Comment, HeldComment, Reason
from discuss.moderation import actions as moderation
from discuss.moderation.rules import actions, book, screen
from discuss.moderation.rules.models import Kind
from tests.plumbing.databases import dispose

LONG = "Nobody who has read the letter to its end could say such a thing of its writer. "


@pytest.fixture
def say(letter, make):
    """Say something, and return why it waits; nothing where it shows at once."""

    def said(source, author=None, where=None):
        outcome = comments.post(where or letter, author or make.account(), make.remark(source))
        return outcome.reason if isinstance(outcome, HeldComment) else None

    return said


def test_without_a_rule_nothing_waits(say):
    assert say("See https://example.org and casino.") is None


def test_the_first_comments_of_an_account_wait(rule, say, make, session):
    author = make.account()
    make.comment(author=author)
    rule(Kind.FIRST, 2)

    assert say("Two.", author) == "The first 2 comments of an account are read first."
    make.comment(author=make.moderator())
    session.execute(sa.update(Comment).values(account_id=author.id).where(Comment.number > 0))
    assert say("Many.", author) is None


def test_more_links_than_a_rule_allows_wait(rule, say):
    rule(Kind.LINKS, 1)

    assert say("See https://a.example.") is None
    assert say("See https://a.example and [this](https://b.example).") == "It has 2 links."
    assert say("See [a](http&#58;//a.example), <https://b.example>.") == "It has 2 links."
    assert say("Write `https://a.example https://b.example` here.") is None


@pytest.mark.row("36")
@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://example.org/a?b#c", None),
        ("https://WWW.Example.ORG.", None),
        ("https://news.example.org/", None),
        ("https://evil-example.org/", "evil-example.org"),
        ("https://example.org.evil.example/", "example.org.evil.example"),
        ("https://bücher.example/", None),
        ("https://xn--bcher-kva.example/", None),
        ("www.other.example", "other.example"),
    ],
)
def test_links_to_hosts_off_the_list_wait(rule, say, address, host):
    rule(Kind.HOSTS, words="example.org\nwww.bücher.example")

    assert say(f"See <{address}> or {address} now.") == (host and f"It links to {host}.")


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("To the CASINO!", "casino"),
        ("casinos and casinò", None),
        ("ca\u200bsino", "casino"),
        ("Straße", "strasse"),
        ("STRASSE", "strasse"),
        ("buy\n\n  NOW, he said", "buy now"),
        ("buyer nowhere", None),
        ("a viagrabomb", "viagrabomb"),
        ("ναι ΟΔΟΣ", "οδοσ"),
        ("हिन्दी", "हिन्दी"),
        ("हिन्द", None),
        ("cafe\u0301", "café"),
        ("unbuy now", None),
        ("Nothing here.", None),
    ],
)
def test_words_are_found_whole_in_any_script_and_case(rule, say, source, found):
    rule(Kind.WORDS, words="casino\nstraße\nBuy  Now\nviagra*\nοδος\nहिन्दी\ncafé")

    assert say(source) == (found and f"It says “{found}”.")


def test_patterns_are_found_in_what_was_typed(rule, say):
    rule(Kind.PATTERNS, words=r"\b0\d{3}[ -]?\d{6}\b" "\n" r"free\s+money")

    assert say("Ring 0123 456789.") == "It says “0123 456789”."
    assert say("FREE  money") == "It says “FREE money”."
    assert say("Ring 12.") is None


def test_too_many_comments_within_a_time_wait(rule, say, make):
    author = make.account()
    rule(Kind.PACE, 2, minutes=10)

    answers = [say(f"Number {n}.", author) for n in range(3)]

    assert answers[:2] == [None, None]
    assert answers[2] == "More than 2 comments of one account within 10 minutes."
    assert say("Somebody else.") is None


def test_nearly_the_same_said_elsewhere_waits_with_its_address(rule, say, make, letter):
    before = make.comment(make.letter(), source=LONG + "Read it, and then say it again.")
    other = before.letter_id
    rule(Kind.REPEATED, 90, minutes=60 * 24)

    said = say(LONG + "read it and then, say it AGAIN!!")

    assert said.startswith("Nearly the same was said before: /letters/")
    assert said.endswith(f"/comments/{before.number}.")
    assert other != letter.id
    assert say(LONG.upper() + "read it and then say it again") is not None  # the held one, too
    assert say(LONG[::-1]) is None
    assert say("I agree.") is None
    assert say("I agree.") is None


def test_young_accounts_and_old_letters_wait(rule, say, make, letter, session):
    old = make.account()
    old.created_at = clock.now() - timedelta(days=8)
    rule(Kind.YOUNG, 7)
    rule(Kind.OLD_LETTER, 30, letter_id=letter.id)

    assert say("New.") == "The account is less than 7 days old."
    assert say("Old.", old) is None
    letter.published_at = clock.now() - timedelta(days=31)
    session.commit()
    assert say("Late.", old) == "The letter was published more than 30 days ago."


def test_a_letters_rule_is_no_other_letters(rule, say, make, letter):
    rule(Kind.LINKS, 0, letter_id=letter.id)

    assert say("https://a.example") == "It has 1 link."
    assert say("https://a.example", where=make.letter()) is None


def test_several_rules_are_several_lines(rule, say):
    rule(Kind.LINKS, 0)
    rule(Kind.WORDS, words="casino")
    rule(Kind.WORDS, words="casino")

    assert say("casino https://a.example") == "It has 1 link.\nIt says “casino”."


def test_the_lines_fit_whole(rule, say):
    for n in range(60):
        rule(Kind.WORDS, words=f"word{n}{'x' * 20}")

    said = say(" ".join(f"word{n}{'x' * 20}" for n in range(60)))

    assert (len(said) <= 500, said.endswith("”.")) == (True, True)


def test_trusted_accounts_are_spared_by_the_rules_that_say_so(rule, say, make, letter, session):
    author, moderator = make.account(), make.moderator()
    said = [make.comment(letter, author=author, source=f"Say {n}.") for n in range(3)]
    rule(Kind.LINKS, 0, trusted_after=2)

    assert say("https://a.example", author) is not None  # they have not stood for a day
    session.execute(
        sa.update(Comment)
        .where(Comment.account_id == author.id)
        .values(posted_at=clock.now() - timedelta(days=2))
    )
    session.commit()
    assert say("https://a.example", author) is None

    removal = moderation.remove(letter, moderator, said[0].number, Reason.SPAM)
    session.commit()
    assert say("https://b.example", author) is not None
    moderation.restore(letter, moderator, said[0].number, undoes=removal)
    assert say("https://c.example", author) is None


def test_moderators_pass(rule, say, make):
    rule(Kind.WORDS, words="casino")

    assert say("casino", make.moderator()) is None


def test_an_edit_is_asked_about_too_but_counts_as_no_new_comment(rule, make, letter):
    author = make.account()
    said = make.comment(letter, author=author, source=LONG)
    rule(Kind.PACE, 1, minutes=60)
    rule(Kind.REPEATED, 90, minutes=60)
    rule(Kind.WORDS, words="casino")

    comments.edit(letter, author, said.number, LONG + "Indeed.", None)
    with pytest.raises(NotEditable):
        comments.edit(letter, author, said.number, LONG + "Casino.", None)


def test_the_author_reads_why_it_waits(rule, letter, make, sign_in):
    author = sign_in(make.account())
    rule(Kind.LINKS, 0)
    rule(Kind.WORDS, words="casino")

    author.comment(letter, "casino https://a.example")

    page = author.get(f"/letters/{letter.slug}").text
    assert "Waiting for a moderator." in page
    assert "It has 1 link.<br>It says “casino”." in page


def test_two_hundred_rules_look_at_the_longest_comment_in_few_statements(
    app, rule, make, letter, session
):
    for n in range(196):
        rule(Kind.WORDS, words="\n".join(f"word{n}x{m}*" for m in range(10)))
    for kind in (Kind.FIRST, Kind.YOUNG, Kind.LINKS, Kind.OLD_LETTER):
        rule(kind, 1, trusted_after=1)
    author, remark = make.account(), make.remark("wort " * 1_200)
    screen.held_by_rules(letter, author, remark, screening.ask(author))  # compiles them
    ran = []
    sa.event.listen(
        session.get_bind(), "before_cursor_execute", lambda *given: ran.append(given[2])
    )

    screen.held_by_rules(letter, author, remark, screening.ask(author))

    assert len(ran) <= 3  # the clock, the account's comments, its removals
    assert sum(one.work for one in book.all_rules()) <= actions.MOST_WORK


def test_a_rule_that_cannot_be_used_stops_nobody(rule, say):
    rule(Kind.PATTERNS, words="(a")
    rule(Kind.WORDS, words="casino")

    assert say("Well.") is None
    assert say("Casino.") == "It says “casino”."


def test_another_worker_sees_a_rule_with_its_next_comment(app, settings, rule, make, letter):
    author, remark = make.account(), make.remark("Casino.")
    other = create_app(settings())

    with other.app_context():
        before = screen.held_by_rules(letter, author, remark, screening.ask(author))
    rule(Kind.WORDS, words="casino")
    with other.app_context():
        after = screen.held_by_rules(letter, author, remark, screening.ask(author))

    dispose(other)
    assert (before, after) == (None, "It says “casino”.")


def test_posting_without_a_rule_costs_one_statement_more(app, make, letter, session):
    author, remark = make.account(), make.remark("Quiet.")
    screen.held_by_rules(letter, author, remark, screening.ask(author))
    ran = []
    sa.event.listen(
        session.get_bind(), "before_cursor_execute", lambda *given: ran.append(given[2])
    )

    assert screen.held_by_rules(letter, author, remark, screening.ask(author)) is None
    assert len(ran) == 1
