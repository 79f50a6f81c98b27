"""What threads let go of when somebody leaves for good."""

import pytest
import sqlalchemy as sa

from discuss.accounts import leaving, takeaway
from discuss.accounts.models import Leaving
from discuss.base import clock, jobs
from discuss.comments import voting
from discuss.comments.models import Comment, HeldComment, SealedWords, State


@pytest.fixture
def settings(settings):
    return lambda **given: settings(pace=False, **given)


def leave_for_good(app, account, session, *, keeps_words):
    leaving.leave(account, keeps_words=keeps_words)
    session.execute(sa.update(Leaving).values(due_at=clock.now()))
    session.commit()
    for leaving_id in leaving.due():
        leaving.go(leaving_id)
    session.commit()
    while jobs.run_due(app):
        pass
    session.expire_all()


def test_words_that_stay_stay_without_a_name(app, make, reader, session):
    letter, author = make.letter(), make.account("Robin Hale")
    make.comment(letter, author=author, source="These words stay.")
    assert "Robin Hale" in reader.get(f"/letters/{letter.slug}").text

    leave_for_good(app, author, session, keeps_words=True)

    page = reader.get(f"/letters/{letter.slug}").text
    assert ("These words stay." in page, "Robin Hale" in page, "[deleted]" in page) == (
        True,
        False,
        True,
    )


def test_words_that_go_leave_nothing_but_the_line_where_others_replied(app, make, reader, session):
    letter, author = make.letter(), make.account("Robin Hale")
    answered = make.comment(letter, author=author, source="Answered words.")
    make.comment(letter, answered, source="The answer.")
    for n in range(60):
        make.comment(
            letter, make.comment(letter, source="x") if n == 0 else 0, author, f"Words {n}."
        )
    make.held(letter, author)

    leave_for_good(app, author, session, keeps_words=False)

    page = reader.get(f"/letters/{letter.slug}").text
    assert ("Deleted by its author" in page, "The answer." in page) == (True, True)
    left = sa.select(sa.func.count()).select_from(Comment)
    mine = Comment.account_id == author.id
    assert session.scalar(left.where(mine, Comment.state != State.DELETED)) == 0
    assert session.scalar(left.where(mine, Comment.source != "")) == 0
    for table in (SealedWords, HeldComment):
        assert session.scalar(sa.select(sa.func.count()).select_from(table)) == 0


@pytest.mark.row("27")
def test_what_somebody_takes_along_is_everything_of_theirs_and_nothing_else(make, session):
    letter, author, other = make.letter(), make.account(), make.account()
    own = make.comment(letter, author=author, source="Mine.")
    foreign = make.comment(letter, own, author=other, source="Not mine.")
    voting.vote(letter, author, foreign.number, 1)
    make.held(letter, author)

    file = takeaway.everything(author)["comments"]

    assert [row["source"] for row in file["posted"]] == ["Mine."]
    assert [row["source"] for row in file["waiting"]] == ["Buy something."]
    assert [(row["slug"], row["value"]) for row in file["votes"]] == [(letter.slug, 1)]
