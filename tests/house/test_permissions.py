"""Every route for everybody: docs/permissions.md is walked cell by cell, on real data.

A route without a row fails here, and so does a row without a route. An address in the table is the
route's own; `World` knows what stands in its brackets, `FORMS` what its form sends.
"""

import re
from functools import cached_property

import pytest

from discuss.accounts import links
from discuss.accounts.models import Role
from discuss.base.security import COOKIELESS, SAFE_METHODS
from discuss.comments.models import Reason
from discuss.moderation import actions, alerts, mutes, redacting, reports, roles, warnings
from tests.api.program import Program
from tests.conftest import SITE
from tests.plumbing.services import REPO_ROOT

DOCUMENT = REPO_ROOT / "docs" / "permissions.md"
COLUMNS = (
    "anybody",
    "banned",
    "reader",
    "author",
    "moderator elsewhere",
    "moderator here",
    "moderator of all",
    "publisher",
    "administrator",
)
BODY = {"body": "Some words.", "parent": "0", "key": ""}
FORMS = {
    "/letters/<slug>/comments": BODY,
    "/letters/<slug>/comments/<int:number>/text": {"body": "Other words."},
    "/letters/<slug>/comments/<int:number>/vote": {"value": "up"},
    "/letters/<slug>/comments/<int:number>/report": {"reason": "spam"},
    "/letters/<slug>/comments/<int:number>/removal": {"reason": "spam"},
    "/letters/<slug>/lock": {"locked": "yes"},
    "/letters/<slug>/comments/<int:number>/redaction": {"body": "Less.", "reason": "private"},
    "/letters/<slug>/comments/<int:number>/branch-lock": {"locked": "yes"},
    "/moderation/held/<int:held_id>/refusal": {"reason": "spam"},
    "/moderation/reports/dismissal": {"letter": "{slug}", "number": "{reported}"},
    "/moderation/accounts/<int:account_id>/ban": {"reason": "spam", "length": "day"},
    "/moderation/accounts/<int:account_id>/warning": {"reason": "spam"},
    "/moderation/accounts/<int:account_id>/sweep": {"reason": "spam", "length": "none"},
    "/moderation-alerts/links/<signed>": {"act": "approve"},
    "/administration/accounts/<int:account_id>/role": {"role": "publisher"},
    "/account/name": {"name": "{new_name}"},
    "/api/v1/letters/<slug>/comments": {"body": "Some words."},
    "/api/v1/letters/<slug>/comments/<int:number>": {"body": "Other words.", "reason": "spam"},
}
"""What a form, or a call, sends beside its token."""
QUERIES = {"/data-deletion/status": "?code=unknown"}
NUMBERS = {
    "/letters/<slug>/comments/<int:number>/restoration": "gone",
    "/letters/<slug>/comments/<int:number>/before": "redacted",
}
"""Which comment an address is about, where it is not the author's in the thread."""


def table():
    """Return the document's rows: method and address to a status for each column."""
    rows = re.findall(r"^\| (\w+) \| `([^`]+)` \| (.+) \|$", DOCUMENT.read_text(), re.M)
    return {(method, rule): cells.split(" | ") for method, rule, cells in rows}


class World:
    """What an address may be about; each thing is made when it is first wanted."""

    def __init__(self, make, letter, author, actor):
        self.make, self.letter, self.author, self.actor = make, letter, author, actor
        self.moderator = make.moderator()

    @cached_property
    def slug(self):
        return self.letter.slug

    @cached_property
    def number(self):
        return self.make.comment(self.letter, author=self.author).number

    @cached_property
    def gone(self):
        self.removal  # noqa: B018 - makes it
        return self._removed.number

    @cached_property
    def removal(self):
        self._removed = self.make.comment(self.letter, author=self.author)
        decision = actions.remove(self.letter, self.moderator, self._removed.number, Reason.SPAM)
        actions.session.commit()
        return decision.id

    @cached_property
    def reported(self):
        comment = self.make.comment(self.letter, author=self.author)
        reports.report(self.letter, self.make.account(), comment.number, Reason.SPAM)
        actions.session.commit()
        return comment.number

    @cached_property
    def redacted(self):
        comment = self.make.comment(self.letter, author=self.author)
        redacting.redact(self.letter, self.moderator, comment.number, "Less.", Reason.PRIVATE)
        actions.session.commit()
        return comment.number

    @cached_property
    def held_id(self):
        return self.make.held(self.letter, self.author).id

    @cached_property
    def account_id(self):
        """Somebody with a comment, whom the author mutes."""
        account = self.make.account()
        self.make.comment(self.letter, author=account)
        mutes.mute(self.author, account.id)
        actions.session.commit()
        return account.id

    @cached_property
    def warning_id(self):
        warnings.warn(self.author, self.moderator, Reason.SPAM)
        actions.session.commit()
        return warnings.open_warnings(self.author)[-1].id

    @cached_property
    def feed_token(self):
        made = alerts.make_feed(self.moderator)
        actions.session.commit()
        return made

    @cached_property
    def signed(self):
        return alerts.sign(alerts.Matter(self.moderator.id, held_id=self.held_id))

    @cached_property
    def decision_id(self):
        return self.removal

    @cached_property
    def identity_id(self):
        return self.author.identities[0].id

    @cached_property
    def name(self):
        made = links.make(self.make.account()).rsplit("/", 1)[-1]
        actions.session.commit()
        return made

    provider = "twitter"  # the first step to it asks nobody else's machine

    @cached_property
    def new_name(self):
        return f"Somebody {self.make.account().id}"

    def path(self, rule):
        def thing(found):
            wanted = NUMBERS.get(rule, found[1]) if found[1] == "number" else found[1]
            return str(getattr(self, wanted))

        return re.sub(r"<(?:\w+:)?(\w+)>", thing, rule) + QUERIES.get(rule, "")

    def fields(self, rule):
        return {
            name: re.sub(r"{(\w+)}", lambda found: str(getattr(self, found[1])), value)
            for name, value in FORMS.get(rule, {}).items()
        }


@pytest.fixture
def settings(settings):
    """One person's many requests in a row are no crowd here; two providers have their buttons."""
    ways = {
        f"{provider}_client_{what}": "x"
        for provider in ("twitter", "facebook")
        for what in ("id", "secret")
    }
    return lambda **given: settings(pace=False, **ways, **given)


@pytest.fixture
def people(make, session):
    """An account for each column but the first, a letter, and another one."""
    letter, other = make.letter(), make.letter()
    found = {name: make.account() for name in ("banned", "reader", "author")}
    found["publisher"] = make.account(role=Role.PUBLISHER)
    found["moderator of all"] = make.moderator()
    found["administrator"] = make.account(role=Role.ADMINISTRATOR)
    for name, under in (("moderator elsewhere", other), ("moderator here", letter)):
        found[name] = make.account()
        roles.grant(found[name], Role.MODERATOR, [under])
    actions.ban(found["banned"], found["moderator of all"], Reason.SPAM)
    session.commit()
    return letter, found


@pytest.fixture
def cell(app, make, people, reader, sign_in):
    """Send a request as a column's person: `cell("GET", "/", "author")`; returns the status."""
    letter, accounts = people
    browsers = {name: sign_in(account) for name, account in accounts.items()}
    browsers["anybody"] = reader

    def status(method, rule, who, *, token=True):
        world = World(make, letter, accounts["author"], accounts.get(who))
        path, fields = world.path(rule), world.fields(rule)
        if rule.startswith(COOKIELESS):
            program = Program.of(app, accounts.get(who) if token else None)
            body = {"json": fields} if method not in SAFE_METHODS else {}
            return program.call(method, path, **body).status_code
        if method in SAFE_METHODS:
            return browsers[who].get(path).status_code
        if token:
            return browsers[who].post(path, **fields).status_code
        with app.app_context():
            return browsers[who].client.post(path, base_url=SITE, data=fields).status_code

    return status


def test_every_route_has_a_row_and_every_row_a_route(app):
    routes = {
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }

    assert set(table()) == routes


@pytest.mark.parametrize(("method", "rule"), table())
def test_each_person_gets_what_the_table_says(cell, method, rule):
    told = dict(zip(COLUMNS, table()[method, rule], strict=True))

    found = {who: str(cell(method, rule, who)) for who in COLUMNS}

    assert found == told


@pytest.mark.parametrize(
    ("method", "rule"), [place for place in table() if place[0] not in SAFE_METHODS]
)
def test_without_the_token_nobody_gets_anything(app, cell, method, rule):
    signed = {
        one.rule
        for one in app.url_map.iter_rules()
        if one.endpoint in app.extensions["signed_by_sender"]
    }
    refused = 401 if rule.startswith(COOKIELESS) else 400 if rule in signed else 403

    found = {who: cell(method, rule, who, token=False) for who in COLUMNS}

    assert found == dict.fromkeys(COLUMNS, refused)
