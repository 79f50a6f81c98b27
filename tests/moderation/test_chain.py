"""The chain through the log: whoever changes a line in silence is found out."""

import pytest
import sqlalchemy as sa

from discuss.accounts import leaving
from discuss.accounts.models import Leaving, Role
from discuss.base import clock
from discuss.base.db import db
from discuss.check.commands import check
from discuss.comments.models import Reason
from discuss.moderation import actions, chain, undoing
from discuss.moderation.chain import ChainHead, Head
from discuss.moderation.models import Decision, Office


@pytest.fixture
def three(make, letter, moderator, comment, session):
    """Three lines of the record: a removal, its restoration, a lock."""
    removal = actions.remove(letter, moderator, comment.number, Reason.ATTACK, "Max from Leeds")
    restoration = undoing.undo(removal, moderator)
    lock = actions.lock(letter, make.account(role=Role.ADMINISTRATOR))
    session.commit()
    return [removal, restoration, lock]


@pytest.fixture
def run(app):
    """Run `flask check`."""
    return lambda *words: app.test_cli_runner().invoke(check, words)


@pytest.fixture
def silently(session):
    """Change the log behind everybody's back: `silently(line, note="x")`."""

    def change(line, **values):
        wanted = sa.update(Decision).where(Decision.line == line).values(values)
        session.execute(wanted.execution_options(synchronize_session=False))
        session.commit()
        session.expire_all()

    return change


def chained_anew(session, first):
    """Write hashes that fit each other again, as somebody would who knows how."""
    session.execute(sa.update(Decision).where(Decision.line >= first).values(line=None))
    previous = session.scalar(sa.select(Decision.hash).where(Decision.line == first - 1))
    session.execute(sa.update(ChainHead).values(line=first - 1, hash=previous or chain.GENESIS))
    chain.announce()
    session.commit()
    session.expire_all()


def test_each_line_carries_the_hash_before_it(three, session):
    first, second, third = three

    assert [one.line for one in three] == [1, 2, 3]
    assert first.previous == chain.GENESIS
    assert (second.previous, third.previous) == (first.hash, second.hash)
    assert chain.head() == Head(3, third.hash)
    assert [one.office for one in three] == [Office.MODERATOR, Office.MODERATOR, "administrator"]
    assert chain.misfit() is None


def test_what_is_undone_in_one_transaction_is_chained_as_well(letter, moderator, comment, session):
    removal = actions.remove(letter, moderator, comment.number, Reason.SPAM)
    undoing.undo(removal, moderator)
    session.commit()

    assert chain.head().line == 2
    assert chain.misfit() is None


def test_what_is_rolled_back_leaves_no_line(letter, moderator, comment, session):
    actions.remove(letter, moderator, comment.number, Reason.SPAM)
    session.rollback()
    assert chain.UNCHAINED not in session.info
    session.commit()

    assert chain.head() == Head(0, chain.GENESIS)
    assert chain.misfit() is None


@pytest.mark.parametrize(
    "values",
    [
        {"reason": Reason.SPAM},
        {"at": clock.now()},
        {"number": 1},
        {"office": Office.RULE},
        {"act": "restored"},
        {"undoes_id": None},
        {"note": "another note"},
        {"about": "comment 1/1"},
        {"subject_id": None},
        {"seal": "0" * 64},
        {"hash": "0" * 64},
        {"previous": "0" * 64},
        {"salt": None},
    ],
    ids=lambda values: next(iter(values)),
)
def test_a_changed_line_is_named(three, silently, run, values):
    line = 2 if {"undoes_id", "previous"} & values.keys() else 1

    silently(line, **values)

    done = run()
    assert done.exit_code == 1
    assert f"FAILED: The public record: line {line} does not fit: " in done.stdout


def test_a_line_deleted_in_the_middle_is_named(three, session, run):
    session.execute(sa.update(Decision).values(undoes_id=None))
    session.execute(sa.delete(Decision).where(Decision.line == 2))
    session.commit()

    assert "line 2 is missing; there were 3." in run().stdout


def test_lines_cut_off_at_the_end_are_missed(three, session, run):
    session.execute(sa.delete(Decision).where(Decision.line == 3))
    session.commit()

    assert "line 3 is missing; there were 3." in run().stdout


def test_who_cuts_off_the_head_as_well_is_found_by_a_head_that_somebody_noted(three, session, run):
    noted = chain.head()
    session.execute(sa.delete(Decision).where(Decision.line == 3))
    session.execute(sa.update(ChainHead).values(line=2, hash=three[1].hash))
    session.commit()

    assert run().exit_code == 0
    done = run("--head", f"{noted.line}:{noted.hash}")
    assert "line 3 is missing; there were 3." in done.stdout


def test_who_writes_the_whole_chain_anew_is_found_by_a_line_that_somebody_noted(
    three, session, silently, run
):
    noted = f"{three[1].line}:{three[1].hash[:12]}"
    silently(1, reason=Reason.SPAM)
    chained_anew(session, 1)

    assert run().exit_code == 0
    assert "line 2 does not fit: it is not the one that was noted." in run("--head", noted).stdout
    assert run("--head", "2:xyz").exit_code == 2


def test_a_decision_outside_the_chain_is_said_and_the_next_one_takes_it_in(
    three, session, run, letter, moderator
):
    session.execute(sa.update(Decision).where(Decision.line == 3).values(line=None))
    session.execute(sa.update(ChainHead).values(line=2, hash=three[1].hash))
    session.commit()

    assert "a decision has no line." in run().stdout
    actions.unlock(letter, moderator)
    session.commit()
    assert "Record: every line fits, up to 4:" in run().stdout


def test_somebody_who_leaves_takes_the_words_about_them_along_and_the_chain_holds(
    three, comment, session
):
    (removal, *_others) = three
    session.add(Leaving(account_id=comment.account_id, due_at=clock.now()))
    session.commit()

    leaving.go(leaving.due()[0])
    session.commit()
    session.expire_all()

    assert (removal.note, removal.salt) == ("", None)
    assert chain.misfit() is None


@pytest.mark.row("F13")
def test_two_moderators_at_once_write_one_chain(app, make, everybody, session):
    people = [make.moderator("Jordan"), make.moderator("Kit")]
    letters = [make.letter() for _ in range(3)]
    comments = [make.comment(letters[n % 3]) for n in range(24)]
    work = [(comments[n], letters[n % 3], people[n % 2]) for n in range(24)]

    def remove(comment, letter, who):
        letter, who = (db.session.get_one(type(row), row.id) for row in (letter, who))
        return actions.remove(letter, who, comment.number, Reason.SPAM)

    outcomes = everybody([lambda one=one: remove(*one) for one in work])

    session.expire_all()
    lines = session.scalars(sa.select(Decision.line).order_by(Decision.line)).all()
    assert outcomes == [True] * 24
    assert lines == list(range(1, 25))
    assert chain.misfit() is None
    assert chain.head().line == 24


@pytest.mark.row("F13")
def test_who_decides_about_two_letters_in_one_transaction_blocks_nobody(make, everybody, session):
    who = make.moderator()
    one, other = make.letter(), make.letter()
    both = [[make.comment(letter) for letter in (one, other)] for _ in range(8)]
    work = [*both, *([make.comment(other)] for _ in range(8))]

    def remove(comments):
        person = db.session.get_one(type(who), who.id)
        for comment in comments:
            letter = db.session.get_one(type(one), comment.letter_id)
            done = actions.remove(letter, person, comment.number, Reason.SPAM)
        return done

    outcomes = everybody([lambda some=some: remove(some) for some in work])

    assert outcomes == [True] * 16
    assert chain.head().line == 24
    assert chain.misfit() is None
