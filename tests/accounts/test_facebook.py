"""What Facebook calls when somebody removes the site there: signed by it, or refused."""

import base64
import json

import pytest
import sqlalchemy as sa

from discuss.accounts.models import Identity, Leaving, SignIn
from discuss.accounts.standins import signed_request, standin_settings
from tests.accounts.conftest import SITE
from tests.plumbing.databases import SECRET

PATHS = ("/auth/facebook/data-deletion", "/auth/facebook/deauthorize")


@pytest.fixture
def secret(standins):
    return standin_settings(standins.address, SECRET)["facebook_client_secret"]


@pytest.fixture
def ada(browser):
    reader = browser()
    reader.sign_in("facebook", "Ada")
    return reader


@pytest.fixture
def call(browser):
    """Post a signed request as Facebook does; here with an Origin, see the last test."""

    def post(path, request, **head):
        head = head or {"Origin": SITE}
        return browser().open(path, method="POST", data={"signed_request": request}, headers=head)

    return post


def facebooks(session):
    return session.scalar(sa.select(sa.func.count()).where(Identity.provider == "facebook"))


def test_who_has_no_other_way_in_leaves_and_can_ask_how_far_it_is(ada, call, secret, session):
    answer = call(PATHS[0], signed_request(secret, "Ada"))

    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    code = answer.json["confirmation_code"]
    assert answer.json["url"] == f"{SITE}/data-deletion/status?code={code}"
    page = ada.get(answer.json["url"].removeprefix(SITE))
    assert "Under way." in page.text
    assert ada.name is None, "signed out at once"
    assert session.scalars(sa.select(Leaving)).one().account_id is not None


def test_who_has_another_way_in_keeps_the_account_without_facebook(ada, call, secret, session):
    ada.link("google", "Ada")

    answer = call(PATHS[0], signed_request(secret, "Ada"))

    page = ada.get(answer.json["url"].removeprefix(SITE))
    assert "Deleted." in page.text
    assert facebooks(session) == 0
    ada.sign_in("google", "Ada")
    assert ada.name == "Ada"


def test_somebody_unknown_has_nothing_to_delete(call, secret, browser):
    answer = call(PATHS[0], signed_request(secret, "Nobody"))

    assert "Deleted." in browser().get(answer.json["url"].removeprefix(SITE)).text


def test_an_unknown_code_is_said_to_be_unknown(browser):
    page = browser().get("/data-deletion/status?code=<b>x")

    assert "We know no code <code>&lt;b&gt;x</code>" in page.text


def test_who_takes_the_permission_back_is_signed_out(ada, call, secret, session):
    answer = call(PATHS[1], signed_request(secret, "Ada"))

    assert (answer.status_code, ada.name, facebooks(session)) == (204, None, 1)
    assert session.scalar(sa.select(Identity.email).where(Identity.provider == "facebook")) is None


@pytest.mark.parametrize("path", PATHS)
def test_an_unsigned_call_changes_nothing(ada, call, secret, session, path):
    good = signed_request(secret, "Ada")
    signature, payload = good.split(".")
    other = base64.urlsafe_b64encode(json.dumps({"user_id": "1"}).encode()).decode().rstrip("=")
    forged = [
        "", ".", "x", "x.y", payload, f"{signature}.", f".{payload}", f"{signature}.{other}",
        f"{signature[:-1]}.{payload}", f"é.{payload}", f"{signature}.é", "A" * 100_000,
        f"{signature}={'=' * 5}.{payload}x", signed_request("another secret", "Ada"),
        signed_request("", "Ada"), signed_request(secret, "Ada", algorithm="none"),
        signed_request(secret, "Ada", user_id=None), signed_request(secret, "Ada", user_id=["1"]),
    ]  # fmt: skip

    for request in forged:
        assert call(path, request).status_code == 400, request[:80]

    assert ada.name == "Ada"
    assert session.scalar(sa.select(sa.func.count()).select_from(SignIn)) == 1


@pytest.mark.parametrize("path", PATHS)
def test_facebooks_server_sends_neither_cookie_nor_origin(ada, call, secret, path):
    answer = call(path, signed_request(secret, "Ada"), Accept="*/*")

    assert answer.status_code in {200, 204}
