"""What a moderator of given letters finds at every desk: what is about these, and nothing else."""

import pytest
import sqlalchemy as sa

from discuss.accounts.models import Account, Role
from discuss.base.errors import NotFound
from discuss.comments import screening
from discuss.comments.models import Comment, Reason, State
from discuss.moderation import actions
from discuss.moderation.models import Claim
from discuss.moderation.queue import claims, selection
from discuss.moderation.queue.items import Name
from discuss.moderation.redress import appeals, notices
from discuss.moderation.roles import actions as roles
from discuss.moderation.rules import actions as rules
from discuss.moderation.rules.models import Kind, Rule
from discuss.moderation.slowmode import actions as slowmode


@pytest.fixture
def elsewhere(make):
    """A letter that Kit does not moderate."""
    return make.letter(headline="A letter elsewhere")


@pytest.fixture
def kit(make, letter):
    """Who moderates one letter alone."""
    kit = make.account("Kit")
    roles.grant(kit, Role.MODERATOR, [letter])
    actions.session.commit()
    return kit


@pytest.fixture
def kits(sign_in, kit):
    """Kit's browser."""
    return sign_in(kit)


@pytest.fixture
def secret(make, elsewhere):
    return make.comment(elsewhere, author=make.account("Zelda"), source="A secret.")


@pytest.fixture
def removal(elsewhere, moderator, secret, session):
    removal = actions.remove(elsewhere, moderator, secret.number, Reason.ATTACK)
    session.commit()
    return removal


@pytest.fixture
def asked(secret, removal, session):
    asked = appeals.appeal(session.get_one(Account, secret.account_id), removal, "Canary.")
    session.commit()
    return asked


@pytest.fixture
def of_letter(moderator, session):
    """Set a rule for a letter, or for the site; returns its path."""

    def path(letter, words):
        rule = Rule(
            kind=Kind.WORDS, letter_id=letter.id if letter else None, words=words, is_on=True
        )
        rules.add(moderator, rule)
        session.commit()
        return f"/moderation/rules/{rule.id}"

    return path


@pytest.mark.row("26")
def test_rules_of_the_site_and_of_other_letters_are_not_there(kits, letter, elsewhere, of_letter):
    own = of_letter(letter, "mine")
    others = [of_letter(None, "everywhere"), of_letter(elsewhere, "secret")]

    page = kits.get("/moderation/rules").text

    assert "mine" in page
    assert "everywhere" not in page
    assert "secret" not in page
    assert "The whole site" not in page
    assert kits.get(own).status_code == 200
    for path in others:
        assert kits.get(path).status_code == 404
        assert kits.post(path, words="x").status_code == 404
        assert kits.post(f"{path}/switch", on="no").status_code == 404


@pytest.mark.row("26")
@pytest.mark.parametrize("where", ["", "elsewhere"])
def test_a_rule_is_neither_made_nor_tried_beyond(kits, elsewhere, secret, where, log):
    sent = {"kind": "words", "words": "secret", "letter": elsewhere.slug if where else ""}

    answers = [
        kits.get(f"/moderation/rules/new?kind=words&letter={sent['letter']}"),
        kits.post("/moderation/rules", **sent),
        kits.post("/moderation/rules/trial", **sent),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert log() == ["granted"]


@pytest.mark.row("26")
def test_an_appeal_elsewhere_is_neither_listed_nor_counted_nor_answered(kits, asked, desk, log):
    page = kits.get("/moderation/appeals").text

    assert "Zelda" not in page
    assert 'Appeals <span class="num">(0)</span>' in page
    assert 'Appeals <span class="num">(1)</span>' in desk.get("/moderation").text
    answer = kits.post(f"/moderation/appeals/{asked.id}/answer", upheld="yes", note="")
    assert (answer.status_code, log()) == (404, ["granted", "removed"])


@pytest.mark.row("26")
def test_only_who_moderates_the_letter_may_hear_an_appeal(
    kit, asked, removal, elsewhere, letter, session
):
    alone = appeals.somebody_may_decide(removal, asked.account_id)
    before = appeals.may_decide(kit, removal, asked.account_id)

    roles.grant(kit, Role.MODERATOR, [letter, elsewhere])
    session.commit()

    assert (alone, before) == (False, False)
    assert appeals.somebody_may_decide(removal, asked.account_id)
    assert appeals.may_decide(kit, removal, asked.account_id)


@pytest.mark.row("26")
def test_a_notice_elsewhere_is_neither_listed_nor_counted_nor_answered(
    kits, elsewhere, secret, session, log
):
    said = notices.Notification(elsewhere, secret.number, "A canary.", "", "")
    notice = notices.by_reference(notices.notify(said, None, ""))
    session.commit()

    page = kits.get("/moderation/notices").text
    answer = kits.post(f"/moderation/notices/{notice.id}/answer", upheld="no", note="No.")

    assert "canary" not in page
    assert 'Legal notices <span class="num">(0)</span>' in page
    assert (answer.status_code, log()) == (404, ["granted"])


@pytest.mark.row("26")
def test_a_selection_decides_nothing_elsewhere(kits, letter, elsewhere, make, secret, log, fresh):
    own = make.held(letter).id
    held = make.held(elsewhere).id
    there = f"comment-{elsewhere.id}-{secret.number}"

    refused = kits.post("/moderation/selection", item=[f"held-{own}", there], act="spam")
    done = kits.post("/moderation/selection", item=[f"held-{own}", f"held-{held}"], act="spam")

    assert (refused.status_code, done.status_code) == (404, 303)
    assert log() == ["granted", "refused"]
    assert fresh(secret).state is State.VISIBLE
    assert "its author has taken it back" in kits.get("/moderation").text


@pytest.mark.row("26")
def test_who_decided_elsewhere_is_not_told(kit, kits, elsewhere, make, moderator, session):
    held = Name(held_id=make.held(elsewhere).id)
    selection.decide(held, moderator, Reason.SPAM)
    session.commit()

    outcome = selection.decide_all([held], kit, None)

    assert outcome.refused == ["This waits no more: its author has taken it back."]


@pytest.mark.row("26")
def test_who_looks_at_what_elsewhere_is_not_told_and_nobody_joins_them(
    kits, kit, elsewhere, make, moderator, session, secret
):
    held = str(Name(held_id=make.held(elsewhere).id))
    claims.claim(held, moderator)
    session.commit()

    answer = kits.post("/moderation/claims", item=held, shown=held)
    there = f"comment-{elsewhere.id}-{secret.number}"

    assert (answer.status_code, answer.json["looking"]) == (200, {})
    assert kits.post("/moderation/claims", shown=there).status_code == 404
    assert kits.post("/moderation/claims", item=there).status_code == 404
    session.expire_all()
    assert session.scalars(sa.select(Claim.account_id)).all() == [moderator.id]


@pytest.mark.row("26")
def test_several_are_undone_only_where_all_are_of_their_letters(
    kits, kit, letter, comment, removal, session, log
):
    own = actions.remove(letter, kit, comment.number, Reason.SPAM)
    session.commit()

    answer = kits.post("/moderation/decisions/undoing", decision=[own.id, removal.id])

    assert (answer.status_code, log()) == (404, ["granted", "removed", "removed"])


@pytest.mark.row("26")
def test_the_pace_of_another_letter_is_not_theirs_and_holds_for_them(
    kit, kits, letter, elsewhere, make, moderator, session
):
    make.comment(elsewhere, author=kit)
    slowmode.set_pace(elsewhere, moderator, 60, False)
    session.commit()

    answer = kits.post(f"/letters/{elsewhere.slug}/pace", pace="0")

    assert answer.status_code == 404
    with pytest.raises(slowmode.TooSoon):
        slowmode.keep_pace(elsewhere, kit, make.remark(), screening.ask(kit))
    with pytest.raises(NotFound):
        slowmode.set_pace(elsewhere, kit, 0, False)


@pytest.mark.row("26")
def test_rules_hold_them_elsewhere_and_not_at_their_letters(
    kit, letter, elsewhere, of_letter, sign_in, session
):
    of_letter(None, "wombat")
    page = sign_in(kit)

    for one in (letter, elsewhere):
        page.comment(one, "A wombat.")

    found = session.scalars(sa.select(Comment.letter_id).where(Comment.account_id == kit.id)).all()
    assert found == [letter.id]
