"""Who may moderate, and what the pages of a moderator show to others: nothing.

Every address of the site, for everybody, is in docs/permissions.md.
"""

import pytest

from discuss.accounts.models import Role
from discuss.comments.models import Reason
from discuss.moderation import actions, reports
from tests.conftest import SITE

READ = (
    "/moderation",
    "/moderation?q=reported",
    "/moderation?q=all",
    "/moderation/log",
    "/moderation/held/{held}/refusal",
    "/moderation/accounts/{account}/ban",
    "/letters/{slug}/comments/{number}/removal",
    "/letters/{slug}/comments/{number}/history",
)
WRITE = {
    "/moderation/held/{held}/approval": {},
    "/moderation/held/{held}/refusal": {"reason": "spam"},
    "/moderation/reports/dismissal": {"letter": "{slug}", "number": "{number}"},
    "/moderation/selection": {"item": "held-{held}", "act": "spam"},
    "/moderation/claims": {"item": "held-{held}"},
    "/moderation/decisions/undoing": {"decision": "{decision}"},
    "/moderation/decisions/{decision}/undoing": {},
    "/moderation/accounts/{account}/ban": {"reason": "spam", "length": "day"},
    "/letters/{slug}/comments/{number}/removal": {"reason": "spam"},
    "/letters/{slug}/comments/{gone}/restoration": {},
    "/letters/{slug}/lock": {"locked": "yes"},
}


@pytest.fixture
def world(make, letter, moderator, comment, session):
    gone = make.comment(letter)
    decision = actions.remove(letter, moderator, gone.number, Reason.SPAM)
    reports.report(letter, make.account(), comment.number, Reason.SPAM)
    held = make.held(letter)
    session.commit()
    return {
        "slug": letter.slug,
        "number": comment.number,
        "gone": gone.number,
        "held": held.id,
        "account": make.account().id,
        "decision": decision.id,
    }


def filled(fields, world):
    return {name: value.format(**world) for name, value in fields.items()}


@pytest.mark.row("23")
@pytest.mark.parametrize("path", READ)
def test_pages_are_for_moderators(path, world, reader, sign_in, make, desk):
    path = path.format(**world)

    out = reader.get(path)
    account = sign_in(make.account("Sam Reader")).get(path)
    publisher = sign_in(make.account(role=Role.PUBLISHER)).get(path)

    assert (out.status_code, out.location.startswith("/signin?next=/")) == (303, True)
    assert (account.status_code, publisher.status_code) == (403, 403)
    assert "This page is for moderators" in account.text
    assert "You are signed in as Sam Reader, who is not one." in account.text
    assert desk.get(path).status_code == 200


@pytest.mark.row("23")
@pytest.mark.parametrize("path", WRITE)
def test_acts_are_for_moderators(path, world, reader, sign_in, make, moderator, desk, log, session):
    fields, path = filled(WRITE[path], world), path.format(**world)
    banned = make.account()
    actions.ban(banned, moderator, Reason.SPAM)
    session.commit()
    lines = len(log())

    answers = [
        who.post(path, **fields).status_code
        for who in (
            reader,
            sign_in(make.account()),
            sign_in(banned),
            sign_in(make.account(role=Role.PUBLISHER)),
        )
    ]

    assert (answers, len(log())) == ([401, 403, 403, 403], lines)
    told = (200, lines) if path == "/moderation/claims" else (303, lines + 1)  # it decides nothing
    assert (desk.post(path, **fields).status_code, len(log())) == told


@pytest.mark.row("13", "23")
@pytest.mark.parametrize("path", WRITE)
def test_acts_want_the_token_of_this_site(path, world, desk, log):
    fields, path = filled(WRITE[path], world), path.format(**world)
    lines = len(log())

    answers = [
        desk.client.post(path, base_url=SITE, data={**fields, **more}, headers=head).status_code
        for more, head in (
            ({}, {"Origin": SITE}),
            ({"csrf_token": "x"}, {"Origin": SITE}),
            ({}, {"Origin": "https://evil.example"}),
        )
    ]

    assert (answers, len(log())) == ([403] * 3, lines)


@pytest.mark.row("13", "23")
@pytest.mark.parametrize("path", [path for path in WRITE if path not in READ])
def test_opening_an_address_decides_nothing(path, world, desk, log):
    lines = len(log())

    answer = desk.get(path.format(**world))

    assert (answer.status_code, len(log())) == (405, lines)


@pytest.mark.row("23", "25")
def test_extra_fields_change_nothing_else(world, desk, session, fresh, comment, log):
    fields = {
        "reason": "spam",
        "actor_id": "1",
        "act": "restored",
        "undoes_id": "1",
        "at": "2001-01-01",
        "state": "deleted",
        "number": "1",
        "letter_id": "1",
        "role": "administrator",
    }

    desk.post(f"/letters/{world['slug']}/comments/{world['number']}/removal", **fields)

    assert (fresh(comment).state, log()) == ("removed", ["removed", "removed"])


@pytest.mark.row("23")
def test_the_thread_shows_a_moderators_controls_to_moderators_alone(
    world, reader, sign_in, make, desk
):
    page = f"/letters/{world['slug']}"

    shown = [
        [words in who.get(page).text for words in ("Remove…", "Restore", "Lock this discussion")]
        for who in (reader, sign_in(make.account()), desk)
    ]

    assert shown == [[False] * 3, [False] * 3, [True] * 3]
