"""What no form of ours sends, and no page of ours asks for, is refused and breaks nothing.

An administrator asks: others are stopped before anything is looked at.
"""

import re

import pytest

from discuss.base.security import SAFE_METHODS
from tests.house.permissions import FORMS, table, with_ways

TALL = "9" * 19  # a number that Python reads and no column holds
ENDLESS = "9" * 5_000  # one that Python refuses to read
ODD = ("-1", TALL, ENDLESS, "١", "a\0b", "%", "'\";--", "\u202e[]")
MEGABYTE = "x" * 1_000_000
WRITES = [place for place in table() if place[0] not in SAFE_METHODS and place[1] in FORMS]
ARGUMENTS = {
    "/": "tag page",
    "/account": "next",
    "/administration/accounts": "q role before",
    "/api/v1/letters": "limit after",
    "/api/v1/letters/<slug>/comments": "top sort after limit since",
    "/data-deletion/status": "code",
    "/letters/<slug>": "sort after passage",
    "/letters/<slug>/comments/<int:number>": "sort after edit reply",
    "/letters/<slug>/comments/<int:number>/removal": "next",
    "/moderation": "q letter author why age words after",
    "/moderation/appeals": "after",
    "/moderation/log": "who what before",
    "/moderation/notices": "after",
    "/moderation/record": "what before",
    "/moderation/record.jsonl": "after",
    "/moderation/rules/new": "kind letter",
    "/notice": "about",
    "/signin": "next",
}
"""What pages read from their address."""


@pytest.fixture
def settings(settings):
    return with_ways(settings)


def broken(answers):
    """Return the answers that say that something broke, or that the site is out of breath."""
    return {what: status for what, status in answers.items() if status >= 500}


@pytest.mark.row("24", "F19")
def test_a_field_that_is_missing_odd_or_doubled_breaks_nothing(ask):
    answers = {
        f"{method} {rule} {name}={value!r:.20}": ask(method, rule, {name: value}).status_code
        for method, rule in WRITES
        for name, usual in FORMS[rule].items()
        for value in (None, "", *ODD, [usual, TALL], [TALL, usual])
    }

    assert broken(answers) == {}


@pytest.mark.row("28")
def test_an_argument_that_is_odd_breaks_nothing(ask):
    answers = {
        f"{rule}?{name}={value!r:.20}": ask("GET", rule, {name: value}).status_code
        for rule, names in ARGUMENTS.items()
        for name in names.split()
        for value in ODD
    }

    assert broken(answers) == {}


@pytest.mark.row("28")
def test_what_no_row_can_be_called_is_not_found(ask):
    answers = {
        f"{method} {rule} {number:.20}": ask(
            method, rule, {}, re.sub("<int:[a-z_]+>", number, rule).replace("<slug>", "bystander")
        ).status_code
        for method, rule in table()
        for number in (TALL, ENDLESS, str(2**31))
        if "<int:" in rule
    }

    assert set(answers.values()) == {404, 405}, answers


@pytest.mark.row("28")
@pytest.mark.parametrize("name", ["a%00b", "%ff", "'\";--", "x" * 5_000], ids=range(4))
def test_a_name_that_nothing_has_is_not_found(ask, name):
    answers = {
        f"{method} {rule}": ask(
            method,
            rule,
            {},
            re.sub("<[^>]+>", lambda found: "1" if "int" in found[0] else name, rule),
        ).status_code
        for method, rule in table()
        if re.search("<[a-z_]+>", rule)
    }

    assert set(answers.values()) <= {401, 404, 405, 410, 422}, answers


@pytest.mark.row("31")
def test_a_megabyte_in_any_field_is_refused(ask):
    answers = {
        f"{method} {rule} {name} {len(value)}": ask(method, rule, {name: value}).status_code
        for method, rule in WRITES
        for name in FORMS[rule]
        for value in (MEGABYTE, MEGABYTE[:400_000])
        if (method, name) != ("DELETE", "body")  # which PATCH alone reads
    }
    words = ask("POST", "/moderation/rules", {"kind": "words", "words": MEGABYTE[:400_000]})

    taken = {what: status for what, status in answers.items() if not 400 <= status < 500}
    assert (taken, words.status_code) == ({}, 422)
