"""Hostile words wherever somebody can write: a moderator opens every page that shows them."""

from html.parser import HTMLParser

import pytest
import sqlalchemy as sa

from discuss.accounts.models import Role
from discuss.comments import actions as comments
from discuss.comments.models import Comment, Reason
from discuss.moderation import actions, reports
from discuss.moderation.redaction import actions as redacting
from discuss.moderation.redress import appeals, notices
from discuss.moderation.rules import actions as rules
from discuss.moderation.rules.models import Kind, Rule
from discuss.moderation.sanctions import warnings

PAYLOADS = (
    "<canary onload=canary()><script>canary()</script>\n\n"
    "<math><style><!--</style><canary onerror=canary()>-->",
    '"\'><svg onload=canary()><canary x="\n\n'
    "[x](javascript:canary()) <a href=javascript:canary()>x</a>",
    "</textarea></title></style><canary src=x onerror=canary()>\n\n"
    "{{ 7 * 191 }} {% raw %} %(canary)s \u202e<canary\tonfocus=canary() autofocus>",
)
SHOWN_TO = {
    "moderator": (
        "/moderation",
        "/moderation?q=reported",
        "/moderation?q=all",
        "/moderation?words=canary",
        "/moderation/log",
        "/moderation/figures",
        "/moderation/appeals",
        "/moderation/notices",
        "/moderation/rules",
        "/moderation/rules/{rule}",
        "/moderation/record",
        "/moderation/held/{held}/refusal",
        "/moderation/accounts/{villain}/ban",
        "/moderation/accounts/{villain}/warning",
        "/moderation/accounts/{villain}/sweep",
        "/letters/{slug}",
        "/letters/{slug}/comments/{number}/removal",
        "/letters/{slug}/comments/{number}/history",
        "/letters/{slug}/comments/{number}/redaction",
        "/letters/{slug}/comments/{number}/before",
        "/letters/{slug}/comments/{number}/report",
        "/letters/{slug}/comments/{removed}/history",
        "/letters/{slug}/comments/{removed}",
    ),
    "administrator": (
        "/administration/accounts",
        "/administration/accounts/{villain}",
    ),
    "villain": (
        "/account",
        "/account/decisions",
        "/letters/{slug}",
        "/letters/{slug}/comments/{number}?reply=1",
        "/letters/{slug}/comments/{number}/before",
    ),
}

GIVEN_BACK = (
    "/moderation/held/{held}/refusal",
    "/moderation/accounts/{villain}/ban",
    "/moderation/accounts/{villain}/warning",
    "/moderation/accounts/{villain}/sweep",
    "/moderation/rules/{rule}",
    "/letters/{slug}/comments/{number}/removal",
    "/letters/{slug}/comments/{number}/redaction",
    "/letters/{slug}/comments/{number}/report",
)
"""Forms that come back with what was typed when they are refused."""


def refused(payload):
    """Return fields that no form takes, for it lacks a reason, and has a list too long."""
    fields = dict.fromkeys(("note", "body", "length", "changed", "next", "trusted_after"), payload)
    return fields | {"words": payload * 500}


class Page(HTMLParser):
    """Collects what would run, or is an element that nobody of ours wrote."""

    def __init__(self, text):
        super().__init__()
        self.bad = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        named = dict(attrs)
        leads = [named.get(name) or "" for name in ("href", "src", "action", "formaction")]
        if (
            tag in {"canary", "math", "style", "iframe"}
            or any(name.startswith("on") for name in named)
            or any(where.strip().lower().startswith(("javascript:", "data:")) for where in leads)
            or (tag == "script" and not named.get("src"))
        ):
            self.bad.append((tag, attrs))


@pytest.fixture
def people(make, moderator, sign_in):
    villain = make.account(PAYLOADS[0][:60])
    return {
        "moderator": sign_in(moderator),
        "administrator": sign_in(make.account(role=Role.ADMINISTRATOR)),
        "villain": sign_in(villain),
    }


@pytest.mark.row("1", "2", "10", "F19")
@pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))
def test_a_moderator_opens_no_page_on_which_hostile_words_are_more(
    make, letter, moderator, people, session, payload
):
    villain = people["villain"].account
    villain.name = payload[:60]
    letter_rule = Rule(kind=Kind.WORDS, letter_id=letter.id, words=payload, is_on=False)
    rules.add(moderator, letter_rule)
    said = make.comment(letter, author=villain, source=payload)
    gone = make.comment(letter, author=villain, source=payload)
    held = make.held(letter, villain)
    held.source, held.reason, held.html = payload, payload, str(said.html)
    reports.report(letter, make.account(payload[:60]), said.number, Reason.OTHER, payload)
    comments.edit(letter, villain, said.number, f"{payload} again", None)
    redacting.redact(letter, moderator, said.number, f"{payload} less", Reason.OTHER, payload)
    removal = actions.remove(letter, moderator, gone.number, Reason.OTHER, payload)
    appeals.appeal(villain, removal, payload)
    warnings.warn(villain, moderator, Reason.OTHER, payload)
    notices.notify(
        notices.Notification(letter, said.number, payload, payload[:120], payload[:120]), None, ""
    )
    session.commit()
    named = {
        "held": held.id,
        "number": said.number,
        "removed": gone.number,
        "rule": letter_rule.id,
        "slug": letter.slug,
        "villain": villain.id,
    }

    seen = {
        path: people[who].get(path.format(**named))
        for who, paths in SHOWN_TO.items()
        for path in paths
    }

    desk = people["moderator"]
    back = {path: desk.post(path.format(**named), **refused(payload)) for path in GIVEN_BACK}

    assert {answer.status_code for answer in back.values()} == {422}
    seen_or_back = seen | {f"back {path}": answer for path, answer in back.items()}
    assert {path: answer.status_code for path, answer in seen.items()} == dict.fromkeys(seen, 200)
    assert {
        path: bad for path, answer in seen_or_back.items() if (bad := Page(answer.text).bad)
    } == {}
    assert len([path for path, answer in seen_or_back.items() if "canary(" in answer.text]) > 20
    assert not [path for path, answer in seen_or_back.items() if "1337" in answer.text]


@pytest.mark.row("14")
@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ACCOUNT])
def test_nobodys_words_are_cleaned_less_than_a_readers(make, letter, sign_in, session, role):
    accounts = make.account(), make.account(role=role)

    for browser in map(sign_in, accounts):
        for payload in PAYLOADS:
            assert browser.comment(letter, payload).status_code == 303

    session.expire_all()
    readers, theirs = (
        session.scalars(
            sa.select(Comment.html).filter_by(account_id=account.id).order_by(Comment.number)
        ).all()
        for account in accounts
    )
    assert readers == theirs
    assert Page("".join(theirs)).bad == []
