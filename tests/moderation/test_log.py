"""The log: who, what, why; it only grows, and each line can be undone once."""

import re

import pytest
import sqlalchemy as sa

from discuss.comments.models import Reason
from discuss.moderation import actions, history, undoing
from discuss.moderation.errors import Superseded
from discuss.moderation.models import Decision


def test_a_line_says_what_who_and_why(letter, moderator, comment, desk, session):
    actions.remove(letter, moderator, comment.number, Reason.ATTACK, "second time")
    actions.restore(letter, moderator, comment.number)
    session.commit()

    page = desk.get("/moderation/log").text

    assert "Removed a comment by \u2068Max\u2069" in page
    assert "Restored a comment by \u2068Max\u2069" in page
    assert "Personal attack" in page
    assert "second time" in page
    assert "Jordan" in page
    assert page.index("Restored a comment") < page.index("Removed a comment")
    assert "Nothing here can be edited or deleted." in page


def test_only_the_last_word_offers_undo(letter, moderator, comment, desk, session):
    removal = actions.remove(letter, moderator, comment.number, Reason.ATTACK)
    restoration = actions.restore(letter, moderator, comment.number)
    session.commit()

    page = desk.get("/moderation/log").text

    assert f"/decisions/{restoration.id}/undoing" in page
    assert f"/decisions/{removal.id}/undoing" not in page


def test_undo_in_the_log_is_a_line_of_its_own(letter, moderator, comment, desk, session, log):
    removal = actions.remove(letter, moderator, comment.number, Reason.ATTACK)
    session.commit()

    answer = desk.post(f"/moderation/decisions/{removal.id}/undoing")
    again = desk.post(f"/moderation/decisions/{removal.id}/undoing")

    assert (answer.status_code, answer.location) == (303, "/moderation/log")
    assert (again.status_code, "This was undone already." in again.text) == (409, True)
    assert log() == ["removed", "restored"]
    last = session.scalars(sa.select(Decision).order_by(Decision.id.desc()).limit(1)).one()
    assert last.undoes_id == removal.id


def test_an_undone_restoration_removes_again_for_the_same_reason(
    letter, moderator, comment, make, session
):
    removal = actions.remove(letter, moderator, comment.number, Reason.OTHER, "A double.")
    restoration = undoing.undo(removal, make.moderator("Kit"))

    again = undoing.undo(restoration, moderator)

    assert (again.reason, again.note, again.undoes_id) == (
        Reason.OTHER,
        "A double.",
        restoration.id,
    )
    assert comment.removed_for is Reason.OTHER


def test_a_decision_that_another_followed_is_not_undone(letter, moderator, comment, log):
    removal = actions.remove(letter, moderator, comment.number, Reason.ATTACK)
    restoration = actions.restore(letter, moderator, comment.number)
    actions.remove(letter, moderator, comment.number, Reason.SPAM)

    with pytest.raises(Superseded):
        undoing.undo(restoration, moderator)
    with pytest.raises(Superseded):
        undoing.undo(removal, moderator)
    assert comment.removed_for is Reason.SPAM


def test_under_the_lock_it_is_looked_at_again(letter, moderator, comment):
    removal = actions.remove(letter, moderator, comment.number, Reason.ATTACK)
    actions.restore(letter, moderator, comment.number)
    actions.remove(letter, moderator, comment.number, Reason.SPAM)

    with pytest.raises(Superseded):  # as when the second removal came after undo() had looked
        actions.restore(letter, moderator, comment.number, undoes=removal)


@pytest.mark.parametrize("decision_id", [0, 999, 2**31, 10**30])
def test_there_must_be_such_a_line(desk, decision_id):
    assert desk.post(f"/moderation/decisions/{decision_id}/undoing").status_code == 404


def test_the_log_can_be_narrowed(letter, moderator, comment, make, desk, session):
    kit = make.moderator("Kit")
    actions.remove(letter, moderator, comment.number, Reason.ATTACK)
    actions.lock(letter, kit)
    session.commit()

    kits = desk.get(f"/moderation/log?who={kit.id}").text
    locks = desk.get("/moderation/log?what=locks").text
    removals = desk.get(f"/moderation/log?what=removals&who={moderator.id}").text

    for page in (kits, locks):
        assert "Locked the discussion of" in page
        assert "Removed a comment" not in page
    assert "Removed a comment" in removals
    assert "Locked the discussion" not in removals
    assert "Nothing has been decided yet." in desk.get("/moderation/log?what=bans").text


def test_the_log_goes_on(letter, moderator, make, desk, monkeypatch, session):
    monkeypatch.setattr(history, "PAGE_SIZE", 2)
    for name in ("Ada", "Bo", "Cy"):
        bad = make.comment(letter, author=make.account(name))
        actions.remove(letter, moderator, bad.number, Reason.SPAM)
    session.commit()

    first = desk.get("/moderation/log?what=removals").text
    older = re.search(r'href="(/moderation/log\?[^"]*before=\d+)"', first)[1]
    second = desk.get(older.replace("&amp;", "&")).text

    shown = [re.findall(r"\u2068(\w+)\u2069</a>", page) for page in (first, second)]
    assert shown == [["Cy", "Bo"], ["Ada"]]


@pytest.mark.row("28")
@pytest.mark.parametrize("query", ["what=none", "who=x", "before=-1", f"before={2**31}"])
def test_an_address_that_means_nothing_is_not_found(desk, query):
    assert desk.get(f"/moderation/log?{query}").status_code == 404


def test_an_imported_authors_name_is_in_the_log(letter, moderator, comment, desk, session):
    comment.account_id, comment.author_name = None, "Old Hand"
    session.commit()
    actions.remove(letter, moderator, comment.number, Reason.SPAM)
    session.commit()

    assert "Removed a comment by \u2068Old Hand\u2069" in desk.get("/moderation/log").text
    assert "Ban Old Hand" not in desk.get(f"/letters/{letter.slug}").text
