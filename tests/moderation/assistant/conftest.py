"""A site on which much was decided, and an assistant that learns from it."""

import itertools

import pytest

from discuss.accounts.models import Role
from discuss.base import jobs
from discuss.comments.models import HeldComment, Reason
from discuss.moderation import holding
from discuss.moderation.assistant import actions as assistant
from discuss.moderation.assistant import learning

GOOD = "The letter convinces me because the schools in our town need teachers"
BAD = "Cheap casino bonus for lucky winners, click and win money"


@pytest.fixture
def administrator(make):
    return make.account("Alex", role=Role.ADMINISTRATOR)


@pytest.fixture
def office(sign_in, administrator):
    """The administrator's browser."""
    return sign_in(administrator)


@pytest.fixture
def decided(make, letter, moderator, session):
    """Let moderators keep and remove comments: `decided(60)` of each, by the real acts."""
    author = make.account()
    numbers = itertools.count(1)

    def done(kept, removed=None):
        for _ in range(kept):
            held = session.merge(_held(letter, author, f"{GOOD}, {next(numbers)}."))
            session.flush()
            holding.approve(held.id, moderator)
        for _ in range(kept if removed is None else removed):
            held = session.merge(_held(letter, author, f"{BAD}, {next(numbers)}."))
            session.flush()
            holding.refuse_held(held.id, moderator, Reason.SPAM)
        session.commit()

    return done


def _held(letter, author, source):
    html = f"<p>{source}</p>"
    return HeldComment(
        letter_id=letter.id, parent=0, account_id=author.id, source=source, html=html, reason="."
    )


@pytest.fixture
def switch(administrator, session, app):
    """Switch the assistant on, and let it learn: `switch(may_hold=True)`."""

    def switched(*, is_on=True, may_hold=False, threshold=80):
        setting = {"is_on": is_on, "may_hold": may_hold, "threshold": threshold}
        decision = assistant.change(administrator, setting)
        session.commit()
        jobs.run_due(app)
        session.expire_all()
        return decision

    return switched


@pytest.fixture
def learn(session):
    """Learn at once."""

    def learned():
        found = learning.learn()
        session.commit()
        return found

    return learned
