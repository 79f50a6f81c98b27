"""A letter with a comment to decide about, and somebody to decide."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from discuss.base.db import db
from discuss.base.errors import Refusal
from discuss.comments.models import Comment
from discuss.moderation.models import Decision

AT_ONCE = 8


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


@pytest.fixture
def everybody(app):
    """Do something many times at once, each in a transaction of its own, as requests are."""

    def together(calls):
        def one(call):
            with app.app_context():
                try:
                    outcome = call()
                    db.session.commit()
                except Refusal as refusal:
                    db.session.rollback()
                    return refusal
                return outcome is not None

        with ThreadPoolExecutor(AT_ONCE) as threads:
            return list(threads.map(one, calls))

    return together
