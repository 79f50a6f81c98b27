"""What the tests of the JSON contract share: a program with a token, and one without."""

import pytest

from tests.api.program import Program


@pytest.fixture
def anybody(app):
    """A program without a token."""
    return Program.of(app)


@pytest.fixture
def program(app):
    """Give an account a token and a program that has it: `program(make.account())`."""
    return lambda account: Program.of(app, account)


@pytest.fixture
def letter(make):
    return make.letter()
