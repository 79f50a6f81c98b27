"""Warning somebody: they see why until they say that they have read it."""

import pytest

from discuss.accounts.models import Role
from discuss.comments.models import Reason
from discuss.moderation import undoing
from discuss.moderation.errors import CannotWarn, NoteNeeded
from discuss.moderation.sanctions import warnings

TOLD = "A moderator warns you."


@pytest.fixture
def max_(make):
    return make.account("Max")


@pytest.fixture
def path(max_):
    return f"/moderation/accounts/{max_.id}/warning"


def test_they_see_it_everywhere_until_they_have_read_it(
    letter, max_, sign_in, desk, path, make, session
):
    browser, other = sign_in(max_), sign_in(make.account())

    done = desk.post(path, reason="attack", note="Leave her family out of it.")
    (warning,) = warnings.open_warnings(session.merge(max_))

    assert done.status_code == 303
    for page in ("/", f"/letters/{letter.slug}", "/account", "/house-rules"):
        text = browser.get(page).text
        assert (TOLD in text, "Leave her family" in text, "personal attack" in text) == (True,) * 3
    assert TOLD not in other.get("/").text
    assert browser.comment(letter, "Sorry.").status_code == 303
    reading = f"/account/warnings/{warning.id}/reading"
    assert other.post(reading).status_code == 404
    assert [browser.post(reading).status_code for _ in range(2)] == [303, 303]
    assert TOLD not in browser.get("/").text


def test_it_is_in_the_log_and_undone_from_it(max_, sign_in, desk, path, session, log):
    browser = sign_in(max_)
    desk.post(path, reason="spam")
    assert "Warned \u2068Max\u2069" in desk.get("/moderation/log?what=warnings").text

    (warned,) = session.scalars(warnings.sa.select(undoing.Decision))
    desk.post(f"/moderation/decisions/{warned.id}/undoing")

    assert TOLD not in browser.get("/").text
    assert log() == ["warned", "unwarned"]


def test_each_warning_stands_for_itself(max_, moderator, log):
    first = warnings.warn(max_, moderator, Reason.SPAM)
    warnings.warn(max_, moderator, Reason.ATTACK)

    withdrawn = undoing.undo(first, moderator)
    left = [one.reason for one in warnings.open_warnings(max_)]
    undoing.undo(withdrawn, moderator)

    assert left == [Reason.ATTACK]
    assert [one.reason for one in warnings.open_warnings(max_)] == [Reason.SPAM, Reason.ATTACK]


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.ADMINISTRATOR])
def test_moderators_do_not_warn_each_other(make, moderator, role):
    with pytest.raises(CannotWarn):
        warnings.warn(make.account(role=role), moderator, Reason.SPAM)


def test_other_wants_words(max_, moderator):
    with pytest.raises(NoteNeeded):
        warnings.warn(max_, moderator, Reason.OTHER)


@pytest.mark.parametrize("fields", [{}, {"reason": "other"}, {"reason": "x"}])
def test_a_reason_is_needed(desk, path, fields, log):
    answer = desk.post(path, **fields)

    assert (answer.status_code, log()) == (422, [])
    assert 'role="alert"' in answer.text
