"""The people of docs/permissions.md, and the requests that they send."""

import pytest

from discuss.accounts.models import Role
from discuss.base.security import SAFE_METHODS
from discuss.base.sessions import COOKIELESS
from discuss.comments.models import Reason
from discuss.moderation import actions
from discuss.moderation.roles import actions as roles
from tests.api.program import Program
from tests.conftest import SITE
from tests.house.permissions import World


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

    def status(method, rule, who, *, token=True, change=None, extra=None):
        world = World(make, letter, accounts["author"], accounts.get(who))
        path, fields = world.path(rule), world.fields(rule)
        fields |= extra or {}
        if change is not None:
            name, value = change
            fields = {key: held for key, held in fields.items() if key != name}
            fields |= {} if value is None else {name: value}
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


@pytest.fixture
def ask(app, make, people, sign_in):
    """Ask as an administrator for an address of the table: `ask("GET", "/", {"tag": "x"})`.

    What is sent takes the place of what the form says; nothing leaves a field out.
    """
    _letter, accounts = people
    desk = sign_in(accounts["administrator"])
    program, token = Program.of(app, accounts["administrator"]), desk.token()
    worlds = {}

    def answer(method, rule, sent, path=None):
        if (method, rule) not in worlds:
            worlds[method, rule] = World(
                make, make.letter(), accounts["author"], accounts["administrator"]
            )
        world = worlds[method, rule]
        path = path or world.path(rule).partition("?")[0]
        if method in SAFE_METHODS:
            return desk.get(path, query_string=sent)
        fields = world.fields(rule) | sent
        fields = {name: value for name, value in fields.items() if value is not None}
        if rule.startswith(COOKIELESS):
            return program.call(method, path, json=fields)
        return desk.post(path, **{"csrf_token": token} | fields)

    return answer
