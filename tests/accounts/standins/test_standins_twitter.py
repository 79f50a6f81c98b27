"""X: PKCE and the Basic header are required, the profile needs its scopes."""

import pytest

from discuss.accounts.standins import Misbehaviour

EMAIL = {"user.fields": "confirmed_email"}


def test_a_profile_is_wrapped_in_data(site):
    there = site("twitter")

    answer = there.profile(there.token("Ada Lovelace"))

    data = answer.json()["data"]
    assert (data["name"], data["username"], data["id"].isdigit()) == (
        "Ada Lovelace",
        "ada_lovelace",
        True,
    )


@pytest.mark.parametrize(
    "wrong", [{"code_challenge": None, "code_challenge_method": None}, {"state": None}]
)
def test_pkce_and_a_state_are_required(site, wrong):
    page = site("twitter").page(**wrong)

    assert (page.status_code, "refused the request" in page.text) == (400, True)


def test_a_code_lives_for_thirty_seconds(site, watch):
    there = site("twitter")
    code = there.code()
    watch.turn(29)

    assert there.exchange(code).status_code == 200


def test_a_secret_among_the_parameters_is_none(site):
    there = site("twitter")
    code = there.code()
    in_form = {"client_id": there.client[0], "client_secret": there.client[1]}

    answer = there.exchange(code, basic=("nobody", "nothing"), **in_form)

    assert (answer.status_code, answer.json()["error"]) == (401, "unauthorized_client")


@pytest.mark.parametrize("scope", ["users.read", "tweet.read", "users.email", ""])
def test_a_profile_needs_both_scopes(site, scope):
    there = site("twitter")

    answer = there.profile(there.token(scope=scope))

    assert (answer.status_code, answer.json()["title"]) == (403, "Forbidden")


def test_a_profile_needs_a_token(site):
    answer = site("twitter").profile("made-up")

    assert (answer.status_code, answer.json()["title"]) == (401, "Unauthorized")


def test_a_token_grows_old(site, watch):
    there = site("twitter")
    token = there.token()
    watch.turn(3600)

    assert there.profile(token).status_code == 401


def test_an_address_needs_its_scope_and_its_field(site):
    there = site("twitter")
    with_scope, without = there.token(), there.token(scope="users.read tweet.read")

    asked = there.profile(with_scope, **EMAIL).json()["data"]
    not_asked = there.profile(with_scope).json()["data"]
    not_granted = there.profile(without, **EMAIL).json()["data"]

    assert asked["confirmed_email"] == "ada.lovelace@example.com"
    assert "confirmed_email" not in not_asked | not_granted


def test_too_many_reads_are_refused_until_a_time(site, standins, watch):
    there = site("twitter")
    token = there.token()
    standins.misbehave("twitter", Misbehaviour.RATE_LIMITED)

    answer = there.profile(token)

    assert answer.status_code == 429
    assert int(answer.headers["x-rate-limit-reset"]) == int(watch().timestamp()) + 900


def test_an_owner_without_credit_is_refused(site, standins):
    there = site("twitter")
    token = there.token()
    standins.misbehave("twitter", Misbehaviour.NO_CREDIT)

    answer = there.profile(token)

    assert (answer.status_code, answer.json()["title"]) == (402, "CreditsDepleted")
