"""WordPress.com: an integer for an ID, a verified address, errors of its own."""

import requests

from discuss.accounts.standins import Person


def test_a_profile_has_an_integer_for_an_id(site):
    there = site("wordpress")

    told = there.profile(there.token("Ada Lovelace")).json()

    assert told["ID"] == Person("wordpress", "Ada Lovelace").number
    assert told["display_name"] == "Ada Lovelace"
    assert (told["email"], told["email_verified"]) == ("ada.lovelace@example.com", True)


def test_pkce_is_not_required(site):
    there = site("wordpress")
    code = there.code(code_challenge=None, code_challenge_method=None)

    assert there.exchange(code, code_verifier=None).status_code == 200


def test_a_wrong_secret_is_told_so(site):
    there = site("wordpress")

    answer = there.exchange(there.code(), client_secret="guessed")

    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_client")


def test_a_profile_needs_a_token(site):
    there = site("wordpress")

    assert there.profile("made-up").json()["error"] == "invalid_token"
    assert requests.get(there.profile_url, timeout=30).json()["error"] == "authorization_required"
