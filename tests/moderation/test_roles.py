"""Roles: given by an administrator or the operator, told in the log, undone; bound to letters."""

import threading

import pytest
import sqlalchemy as sa

from discuss.accounts.models import Account, Role
from discuss.base import pagecache
from discuss.base.errors import Forbidden, NotFound
from discuss.comments.models import Reason
from discuss.moderation import actions, reports, scope, undoing
from discuss.moderation.errors import OwnRole
from discuss.moderation.houserules import actions as houserules
from discuss.moderation.models import Decision
from discuss.moderation.roles import actions as roles


@pytest.fixture
def administrator(make):
    return make.account("Alex", Role.ADMINISTRATOR)


@pytest.fixture
def kit(make):
    return make.account("Kit")


@pytest.fixture
def elsewhere(make):
    """A letter that Kit does not moderate, with one of everything."""
    return make.letter(headline="A letter elsewhere")


def lines(session):
    session.expire_all()
    return list(session.scalars(sa.select(Decision).order_by(Decision.id)))


def test_a_grant_is_a_line_of_the_log_and_undone_from_it(administrator, kit, sign_in, session):
    alex = sign_in(administrator)
    desk = sign_in(kit)

    alex.post(f"/administration/accounts/{kit.id}/role", role="moderator", where="site")
    opened = desk.get("/moderation").status_code
    (line,) = lines(session)
    alex.post(f"/moderation/decisions/{line.id}/undoing")

    assert (opened, line.actor_id, line.before, line.after) == (
        200,
        administrator.id,
        "account",
        "moderator",
    )
    assert desk.get("/moderation").status_code == 403
    assert [one.act for one in lines(session)] == ["granted", "granted"]
    assert "\u2068Kit\u2069: Moderator to Reader" in alex.get("/moderation/log").text


def test_the_operators_grants_are_in_the_log_too(app, kit, letter, administrator, sign_in, session):
    run = app.test_cli_runner().invoke

    done = run(args=["accounts", "grant", "Kit", "moderator", "--letter", letter.slug])
    wrong = run(args=["accounts", "grant", "Kit", "moderator", "--letter", "nowhere"])
    mixed = run(args=["accounts", "grant", "Kit", "publisher", "--letter", letter.slug])

    assert done.output == f"Kit ({kit.id}) is now: moderator, under {letter.slug} alone\n"
    assert (wrong.exit_code, mixed.exit_code) == (1, 1)
    (line,) = lines(session)
    assert (line.actor_id, line.note) == (None, letter.slug)
    assert "The operator" in sign_in(administrator).get("/moderation/log").text


def test_undoing_gives_back_the_very_letters(administrator, kit, letter, elsewhere, session):
    roles.grant(kit, Role.MODERATOR, [letter, elsewhere], by=administrator)
    changed = roles.grant(kit, Role.MODERATOR, by=administrator)
    wide = scope.letters_of(kit)

    undoing.undo(changed, administrator)

    assert wide is None
    assert scope.letters_of(kit) == {letter.id, elsewhere.id}


def test_twice_is_once_and_nobody_changes_their_own(administrator, kit, letter, session):
    assert roles.grant(kit, Role.MODERATOR, [letter], by=administrator) is not None
    assert roles.grant(kit, Role.MODERATOR, [letter], by=administrator) is None
    with pytest.raises(OwnRole):
        roles.grant(administrator, Role.ACCOUNT, by=administrator)
    with pytest.raises(Forbidden):
        roles.grant(administrator, Role.ACCOUNT, by=kit)


def test_only_administrators_undo_a_grant(administrator, kit, moderator):
    decision = roles.grant(kit, Role.MODERATOR, by=administrator)

    with pytest.raises(Forbidden):
        undoing.undo(decision, moderator)


@pytest.mark.row("29")
def test_the_list_finds_a_part_of_a_name_and_takes_wildcards_as_signs(administrator, make, sign_in):
    make.account("Per Cent_100%")
    page = sign_in(administrator)

    found = page.get("/administration/accounts?q=cent_1").text
    none = page.get("/administration/accounts?q=%25ent").text

    assert "Per Cent_100%" in found
    assert "No account is like that." in none
    assert "Alex" in page.get("/administration/accounts?role=administrator").text


@pytest.mark.row("24")
@pytest.mark.parametrize("where", [None, "", "x", "Site"])
def test_where_somebody_moderates_is_never_left_open(administrator, kit, sign_in, session, where):
    fields = {} if where is None else {"where": where}

    answer = sign_in(administrator).post(
        f"/administration/accounts/{kit.id}/role", role="moderator", **fields
    )

    session.refresh(kit)
    assert (answer.status_code, kit.role) == (422, Role.ACCOUNT)


@pytest.mark.row("24")
def test_no_letter_ticked_is_not_all_letters(administrator, kit, sign_in, session):
    answer = sign_in(administrator).post(
        f"/administration/accounts/{kit.id}/role", role="moderator", where="letters"
    )

    session.expire_all()
    assert (answer.status_code, session.get(Account, kit.id).role) == (422, Role.ACCOUNT)


@pytest.fixture
def bound(kit, letter, session):
    """Kit, who moderates one letter alone."""
    roles.grant(kit, Role.MODERATOR, [letter])
    session.commit()
    return kit


@pytest.mark.row("26")
def test_a_letters_moderator_sees_nothing_of_another_letter(
    bound, letter, elsewhere, make, moderator, sign_in, session
):
    make.held(letter)
    make.held(elsewhere)
    secret = make.comment(elsewhere, author=make.account("Zelda"), source="A secret.")
    reports.report(elsewhere, make.account(), secret.number, Reason.SPAM)
    actions.remove(elsewhere, moderator, secret.number, Reason.ATTACK)
    session.commit()
    desk = sign_in(bound)

    pages = [
        desk.get(f"/moderation{query}").text
        for query in ("", "?q=reported", "?q=all", "/log", "/log?what=removals")
    ]

    assert 'Held <span class="num">(1)</span>' in pages[0]
    for page in pages:
        assert "A letter elsewhere" not in page
        assert "Zelda" not in page
        assert "A secret." not in page


@pytest.mark.row("26")
def test_a_letters_moderator_acts_there_and_nowhere_else(
    bound, letter, elsewhere, make, sign_in, session, log
):
    here, there = make.comment(letter), make.comment(elsewhere)
    desk = sign_in(bound)
    paths = [
        f"/letters/{under.slug}/comments/{comment.number}/removal"
        for under, comment in ((letter, here), (elsewhere, there))
    ]

    answers = [desk.post(path, reason="spam").status_code for path in paths]

    assert answers == [303, 404]
    assert log() == ["granted", "removed"]
    assert "Remove…" not in desk.get(f"/letters/{elsewhere.slug}").text
    assert "Restore" in desk.get(f"/letters/{letter.slug}").text


@pytest.mark.row("26")
def test_every_act_asks_where_its_moderator_decides(bound, elsewhere, make):
    comment = make.comment(elsewhere)

    for act in (
        lambda: actions.remove(elsewhere, bound, comment.number, Reason.SPAM),
        lambda: actions.lock(elsewhere, bound),
    ):
        with pytest.raises(NotFound):
            act()
    with pytest.raises(actions.CannotBan):
        actions.ban(make.account(), bound, Reason.SPAM)


@pytest.mark.row("26")
def test_a_letters_moderator_is_held_as_anybody_elsewhere(bound, make, sign_in):
    careful = make.letter(policy="before")

    sign_in(bound).comment(careful, "May I?")

    assert "May I?" not in sign_in(make.account()).get(f"/letters/{careful.slug}").text


@pytest.fixture
def demoted_while_waiting(session, sign_in):
    """Send a form as somebody who loses their role while it waits for a row that is ours."""
    if session.get_bind().dialect.name == "sqlite":
        pytest.skip("on SQLite no request reads who asks while another writes")

    def answer(account, path, take, **fields):
        browser, found = sign_in(account), []
        fields["csrf_token"] = browser.token()
        take()
        asking = threading.Thread(target=lambda: found.append(browser.post(path, **fields)))
        asking.start()
        waiting = sa.text("SELECT count(*) FROM pg_locks WHERE NOT granted")
        with session.get_bind().connect() as watching:
            while not watching.scalar(waiting):
                watching.rollback()
        roles.grant(session.get(Account, account.id), Role.ACCOUNT)
        session.commit()
        asking.join()
        return found[0].status_code

    return answer


@pytest.mark.row("23")
def test_a_request_that_waits_fails_once_its_moderator_is_demoted(
    letter, comment, moderator, demoted_while_waiting, log
):
    path = f"/letters/{letter.slug}/comments/{comment.number}/removal"

    status = demoted_while_waiting(
        moderator, path, lambda: actions.letters.tick(letter), reason="spam"
    )

    assert (status, log()) == (403, ["granted"])


def test_house_rules_that_wait_fail_once_their_publisher_is_demoted(
    make, demoted_while_waiting, log
):
    fields = {f"reason-{reason}": "1" for reason in Reason}
    fields |= {"title-1": "Be kind", "words-1": "To everybody.", "seen": "0"}

    status = demoted_while_waiting(
        make.account(role=Role.PUBLISHER),
        "/moderation/house-rules",
        lambda: pagecache.tick("site"),
        **fields,
    )

    assert (status, log()) == (403, ["granted"])


@pytest.mark.row("23")
def test_whoever_is_no_moderator_any_more_decides_nothing(letter, comment, moderator, session, log):
    """As a request has it that read who asks, and was demoted before it wrote."""
    stale = Account(id=moderator.id, role=Role.MODERATOR, name="Jordan", letters_only=False)
    roles.grant(moderator, Role.ACCOUNT)
    session.commit()

    with pytest.raises(Forbidden):
        actions.remove(letter, stale, comment.number, Reason.SPAM)


def test_whoever_is_no_publisher_any_more_writes_no_house_rules(make, session, log):
    publisher = make.account(role=Role.PUBLISHER)
    stale = Account(id=publisher.id, role=Role.PUBLISHER, name="Paula", letters_only=False)
    roles.grant(publisher, Role.MODERATOR)
    session.commit()

    with pytest.raises(Forbidden):
        houserules.write(stale, [houserules.Draft("Be kind", "")], houserules.last_decision())

    assert log() == ["granted"]
