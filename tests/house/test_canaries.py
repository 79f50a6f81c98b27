"""What is one person's alone stands in no address, and on no page, feed, file or log of others."""

import logging
import re

import pytest

from discuss.base.logs import JsonLine
from discuss.base.sessions import COOKIELESS
from discuss.moderation.redress import notices
from tests.api.program import token_of
from tests.conftest import SITE
from tests.house.permissions import World, table, with_ways

NETWORK, MAIL = "203.0.113.77", "canary@mail.example"
NOTIFIER, NOTIFIER_MAIL = "Nora Tifier", "nora@tifier.example"
WHO = ("anybody", "reader", "author", "moderator here", "publisher", "administrator")
BY_THEIR_ADDRESS = {  # whoever has one of these has shown it
    "/moderation-alerts/<feed_token>",
    "/moderation-alerts/links/<signed>",
    "/notice/<reference>",
    "/signin/link/<name>",
}
TOLD = {
    ("the author's e-mail", "author", "/account/data"),
    ("the notifier's name", "moderator here", "/moderation/notices"),
    ("the notifier's name", "administrator", "/moderation/notices"),
    ("the notifier's e-mail", "moderator here", "/moderation/notices"),
    ("the notifier's e-mail", "administrator", "/moderation/notices"),
    *(("a link that decides", who, "/moderation-alerts/links/<signed>") for who in WHO),
    *(("a link that signs in", who, "/signin/link/<name>") for who in WHO),
}
"""What stands where it has to: a form that leads back to its own address, or where it is read."""


@pytest.fixture
def settings(settings):
    ways = with_ways(settings)
    return lambda **given: ways(access_log=True, **given)


@pytest.fixture
def world(make, people, session):
    letter, accounts = people
    accounts["author"].identities[0].email = MAIL
    world = World(make, letter, accounts["author"], None)
    world.moderator = accounts["moderator here"]
    said = notices.Notification(letter, world.number, "It threatens.", NOTIFIER, NOTIFIER_MAIL)
    world.reference = notices.notify(said, None, NETWORK)
    session.commit()
    return world


@pytest.fixture
def browsers(people, reader, sign_in):
    """Everybody's browser, all of one network."""
    _letter, accounts = people
    found = {who: reader if who == "anybody" else sign_in(accounts[who]) for who in WHO}
    for browser in found.values():
        browser.client.environ_base["REMOTE_ADDR"] = NETWORK
    return found


@pytest.fixture
def secrets(world, people, browsers):
    """By what they are; also what each browser alone knows of itself."""
    _letter, accounts = people
    found = {
        "the network": NETWORK,
        "the author's e-mail": MAIL,
        "the notifier's name": NOTIFIER,
        "the notifier's e-mail": NOTIFIER_MAIL,
        "a notice's reference": world.reference,
        "a feed's address": world.feed_token,
        "a link that decides": world.signed,
        "a link that signs in": world.name,
        "a program's token": token_of(accounts["author"]),
    }
    for who in WHO[1:]:
        client = browsers[who].client
        found[f"the form token of {who}"] = browsers[who].token().partition(".")[0]
        found[f"the cookie of {who}"] = client.get_cookie("discuss", "127.0.0.1").value
        with client.session_transaction(base_url=SITE) as kept:
            found[f"the session of {who}"] = kept["_user_id"]
    return found


def places(answer):
    """Return every address that an answer holds or leads to, as one text."""
    named = re.findall(r'(?:href|src|action|content)="([^"]*)"|<id>([^<]*)', answer.text)
    return " ".join([answer.location or "", *("".join(pair) for pair in named)])


def told(answers, secrets):
    """Return which secrets stand where: who was answered so, and by which route."""
    return {
        (name, who, rule)
        for who, rule, answer in answers
        for name, secret in secrets.items()
        if secret in answer.text or secret in places(answer)
        # One's own form carries one's own token, and no address does.
        if name != f"the form token of {who}" or secret in places(answer)
    }


@pytest.mark.row("15")
def test_no_secret_and_no_address_of_anybody_reaches_others(
    app, world, browsers, secrets, ask, caplog, monkeypatch
):
    caplog.set_level(logging.DEBUG)
    api = {"Authorization": "Bearer " + secrets["a program's token"]}

    def breaks():
        raise RuntimeError("Out of order.")

    monkeypatch.setitem(app.view_functions, "moderation.figures_page", breaks)

    answers = [
        (who, rule, browsers[who].get(world.path(rule), headers=api))
        for method, rule in table()
        for who in WHO
        if method == "GET" and (who == "author" or not rule.startswith(COOKIELESS))
    ]
    answers += [(who, "/account/data", browsers[who].post("/account/data")) for who in WHO]
    for method, rule in table():
        if method == "POST":
            answers.append(("administrator", rule, ask(method, rule, {})))
            answers.append(("nobody", rule, ask(method, rule, {"csrf_token": "x"})))

    log = "\n".join(JsonLine().format(record) for record in caplog.records)
    assert told(answers, secrets) == TOLD
    assert "Out of order." in log, "what broke is in it"
    assert {name for name, secret in secrets.items() if secret in log} == set()


@pytest.mark.row("15")
def test_no_address_that_is_a_secret_goes_along_to_the_next_page(world, reader):
    policies = {
        rule: reader.get(world.path(rule)).headers["Referrer-Policy"]
        for method, rule in table()
        if method == "GET"
    }

    assert {rule for rule, policy in policies.items() if policy == "strict-origin"} == (
        BY_THEIR_ADDRESS
    )
    # The others hold no secret, but which page somebody reads is told to no other site.
    assert set(policies.values()) == {"strict-origin", "strict-origin-when-cross-origin"}
