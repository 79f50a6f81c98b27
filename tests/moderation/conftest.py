"""A letter with a comment to decide about, and somebody to decide."""

import pytest
import sqlalchemy as sa

from discuss.comments.models import Comment
from discuss.moderation.models import Decision


@pytest.fixture
def letter(make):
    return make.letter()


@pytest.fixture
def moderator(make):
    return make.moderator()


@pytest.fixture
def comment(make, letter):
    return make.comment(letter, author=make.account("Max"), source="Go and live somewhere else.")


@pytest.fixture
def desk(sign_in, moderator):
    """The moderator's browser."""
    return sign_in(moderator)


@pytest.fixture
def log(session):
    """What the log says: the acts, oldest first."""

    def acts():
        session.expire_all()
        return [row.act.value for row in session.scalars(sa.select(Decision).order_by(Decision.id))]

    return acts


@pytest.fixture
def fresh(session):
    """A comment as the database has it."""

    def again(comment):
        session.expire_all()
        return session.get_one(Comment, (comment.letter_id, comment.number))

    return again
