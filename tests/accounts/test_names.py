"""Display names: hostile text made harmless, and nobody taken for a moderator."""

import html
import json
import os
import re
import unicodedata
from pathlib import Path

import pytest

from discuss.accounts import names
from discuss.accounts.models import Account, Role
from discuss.accounts.standins import Misbehaviour
from tests.accounts.conftest import PROVIDERS

CORPORA = Path(
    os.environ.get("DISCUSS_CORPORA", Path(__file__).resolve().parents[3] / "shared" / "corpora")
)
NAUGHTY = CORPORA / "naughty" / "blns.json"


@pytest.mark.row("2", "4", "F19")
@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("  Ada \t Lovelace\n", "Ada Lovelace"),
        ("Ada\x00\x1b[31m", "Ada[31m"),
        ("\u202eadA\u202c \u2066x\u2069", "adA x"),
        ("A\u200bd\u200da\ufeff\u00ad\u2060", "Ada"),
        ("Ada\u3164\u115f\u2800\ufe0f\U000e0041", "Ada"),
        ("Ada\ud800", "Ada"),
        ("Ada\ue000\uffff", "Ada"),
        ("e\u0301", "é"),
        ("Z" + "\u0335" * 5000, "Z\u0335\u0335"),
        ("n" * 1_000_000, "n" * 60),
        ("𝔸" * 61, "𝔸" * 60),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("محمد", "محمد"),
        ("Nguyễn Văn Ân", "Nguyễn Văn Ân"),
        ("山田太郎", "山田太郎"),
        ("🦊", "🦊"),
        ("\u200b\u202e\u3164", ""),
        ("...", ""),
        ("", ""),
    ],
    ids=range(19),
)
def test_a_name_keeps_what_can_be_seen_and_stays_in_its_line(typed, name):
    assert names.cleaned(typed) == name
    assert names.cleaned(name) == name


@pytest.mark.row("F19")
@pytest.mark.skipif(not NAUGHTY.exists(), reason="the corpora are not beside the repository")
def test_no_naughty_string_leaves_anything_invisible_or_long():
    for string in json.loads(NAUGHTY.read_text()):
        name = names.cleaned(string)

        assert len(name) <= 60
        assert not {"Cc", "Cf", "Cs", "Co"} & {unicodedata.category(sign) for sign in name}
        assert names.cleaned(name) == name == unicodedata.normalize("NFC", name)


TWINS = [
    "Jordan", "JORDAN", "jordan ", "Jоrdаn", "Ｊｏｒｄａｎ", "J o r d a n", "Jördan", "J0rdan",
    "Jordan.", "Jo\u200brdan", "𝐉𝐨𝐫𝐝𝐚𝐧", "J\u043erd\u0251n", "Jor\u202edan",
]  # fmt: skip


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.PUBLISHER, Role.ADMINISTRATOR])
def test_a_newcomer_who_looks_like_a_moderator_is_told_apart(make, role):
    make.account("Jordan", role)

    for twin in TWINS:
        name = names.given(twin, "00ff00ff")

        assert name.endswith(" (reader)"), twin
        assert not names.is_like_a_moderators(name)


def test_other_names_stay_as_they_are(make):
    make.moderator("Jordan")

    for name in ("Morgan", "Jordana", "Gordon", "Jor", "約翰"):
        assert names.given(name, "00ff00ff") == name


def test_a_moderators_long_name_leaves_room_to_tell_apart(make):
    make.moderator("x" * 60)

    name = names.given("x" * 60, "00ff00ff")

    assert (len(name), names.is_like_a_moderators(name)) == (60, False)


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("fault", [Misbehaviour.EMPTY_NAME, Misbehaviour.MISSING_NAME])
def test_who_has_no_name_gets_one(browser, standins, provider, fault):
    standins.misbehave(provider, fault)
    reader, again = browser(), browser()

    reader.sign_in(provider, "Ada")
    again.sign_in(provider, "Ada")

    assert re.fullmatch(r"Reader \d{4}|ada", reader.name), "X and WordPress.com have user names"
    assert reader.name == again.name


@pytest.mark.row("2")
@pytest.mark.parametrize("provider", PROVIDERS)
def test_row_2_a_hostile_name_is_text_on_every_page(browser, standins, provider):
    standins.misbehave(provider, Misbehaviour.HOSTILE_NAME)
    reader = browser()

    reader.sign_in(provider)

    page = reader.get("/account").text
    assert html.escape('"><img src=x onerror=alert(1)>').replace("&quot;", "&#34;") in page
    assert "<img" not in page
    assert not re.search("[\u202e\u2066\x00]", page)


@pytest.mark.row("31", "F9")
@pytest.mark.parametrize("provider", PROVIDERS)
def test_row_f9_a_name_of_a_megabyte_is_a_short_one_or_refused(browser, standins, provider):
    standins.misbehave(provider, Misbehaviour.HUGE_NAME)
    reader = browser()

    answer = reader.sign_in(provider)

    assert answer.status_code == 400, "the answer is over 256 KB"


def test_a_provider_cannot_change_the_name_of_somebody_who_is_here(browser, session, standins):
    reader = browser()
    reader.sign_in("google", "Ada")
    standins.tell("google", name="Mallory")

    browser().sign_in("google", "Ada")

    assert reader.name == "Ada"
    assert session.query(Account).filter_by(name="Mallory").count() == 0
