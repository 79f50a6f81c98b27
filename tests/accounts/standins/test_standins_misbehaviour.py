"""Each switch does what its name says, and none stays on."""

import base64
import json
import threading

import pytest
import requests
from joserfc import jwt
from joserfc.jwk import KeySet

from discuss.accounts.standins import Misbehaviour

WRONG_CLAIMS = {
    Misbehaviour.WRONG_AUD: ("aud", "somebody-else"),
    Misbehaviour.WRONG_AZP: ("aud", ["standin-google", "somebody-else"]),
    Misbehaviour.WRONG_AZP_ALONE: ("azp", "somebody-else"),
    Misbehaviour.MISSING_AZP: ("azp", None),
    Misbehaviour.FOREIGN_AUD_OUR_AZP: ("azp", "standin-google"),
    Misbehaviour.WRONG_NONCE: ("nonce", "somebody-else"),
    Misbehaviour.MISSING_NONCE: ("nonce", None),
    Misbehaviour.MISSING_SUBJECT: ("sub", None),
    Misbehaviour.UNVERIFIED_EMAIL: ("email_verified", False),
    Misbehaviour.NO_EMAIL: ("email", None),
    Misbehaviour.EMPTY_NAME: ("name", ""),
    Misbehaviour.MISSING_NAME: ("name", None),
    Misbehaviour.HUGE_NAME: ("name", "n" * 1_000_000),
    Misbehaviour.WRONG_TYPES: ("email", 17),
}
FORGED_HEADERS = {
    Misbehaviour.UNKNOWN_KID: ("alg", "RS256"),
    Misbehaviour.FOREIGN_KEY: ("alg", "RS256"),
    Misbehaviour.ALG_NONE: ("alg", "none"),
    Misbehaviour.HS256_PUBLIC_KEY: ("alg", "HS256"),
    Misbehaviour.KEY_IN_HEADER: ("jwk", dict),
    Misbehaviour.JKU_HEADER: ("jku", str),
    Misbehaviour.X5U_HEADER: ("x5u", str),
    Misbehaviour.UNKNOWN_CRIT: ("crit", ["discuss-unknown"]),
}
ADDRESSES = ("discovery", "jwks", "token", "profile")


def call(there, address):
    if address == "token":
        return there.exchange(there.code())
    if address == "profile":
        return there.profile(there.token())
    path = {"discovery": "/.well-known/openid-configuration", "jwks": "/jwks"}[address]
    return requests.get(f"{there.issuer}{path}", timeout=30)


def opened(id_token):
    header, claims, _ = id_token.split(".")
    return tuple(json.loads(base64.urlsafe_b64decode(part + "==")) for part in (header, claims))


def is_signed_by_the_published_key(there, id_token):
    keys = KeySet.import_key_set(call(there, "jwks").json())
    try:
        jwt.decode(id_token, keys, algorithms=["RS256"])
    except Exception:
        return False
    return True


@pytest.mark.parametrize("misbehaviour", WRONG_CLAIMS)
def test_a_claim_is_wrong_under_a_good_signature(site, standins, misbehaviour):
    there = site("google")
    standins.misbehave("google", misbehaviour)

    id_token = there.exchange(there.code()).json()["id_token"]

    name, value = WRONG_CLAIMS[misbehaviour]
    assert opened(id_token)[1].get(name) == value
    if misbehaviour is not Misbehaviour.HUGE_NAME:  # joserfc itself will not read that much
        assert is_signed_by_the_published_key(there, id_token)


def test_an_issuer_and_times_are_wrong(site, standins, watch):
    there = site("google")
    now = int(watch().timestamp())
    seen = {}
    for wrong in ("WRONG_ISS", "EXPIRED", "ISSUED_IN_FUTURE"):
        standins.misbehave("google", Misbehaviour[wrong])
        seen[wrong] = opened(there.exchange(there.code()).json()["id_token"])[1]

    assert seen["WRONG_ISS"]["iss"] != there.issuer
    assert seen["EXPIRED"]["exp"] == now - 3600
    assert seen["ISSUED_IN_FUTURE"]["iat"] == now + 3600


@pytest.mark.parametrize("misbehaviour", FORGED_HEADERS)
def test_a_signature_is_forged(site, standins, misbehaviour):
    there = site("google")
    standins.misbehave("google", misbehaviour)

    id_token = there.exchange(there.code()).json()["id_token"]

    name, value = FORGED_HEADERS[misbehaviour]
    found = opened(id_token)[0][name]
    assert isinstance(found, value) if isinstance(value, type) else found == value
    assert not is_signed_by_the_published_key(there, id_token)


def test_a_forged_header_lures_to_an_address_whose_visits_are_counted(standins):
    requests.get(f"{standins.address}/forged/jwks", timeout=30)

    assert standins.visits["forged", "jwks"] == 1


def test_a_rotated_key_is_published_at_once(site, standins):
    there = site("google")
    before = call(there, "jwks").json()
    standins.misbehave("google", Misbehaviour.ROTATED_KEY)

    id_token = there.exchange(there.code()).json()["id_token"]

    assert call(there, "jwks").json() != before
    assert is_signed_by_the_published_key(there, id_token)


def test_the_token_endpoint_forgets_the_id_token_or_refuses_a_good_code(site, standins):
    there = site("google")

    standins.misbehave("google", Misbehaviour.NO_ID_TOKEN)
    assert "id_token" not in call(there, "token").json()
    standins.misbehave("google", Misbehaviour.TOKEN_ERROR)
    assert call(there, "token").json()["error"] == "invalid_grant"


def test_another_issuer_answers(site, standins):
    there = site("google")
    standins.misbehave("google", Misbehaviour.WRONG_ISS_IN_ANSWER)

    assert there.answer({"name": "Ada", "answer": "allow"})[1]["iss"] != there.issuer


@pytest.mark.parametrize(
    ("provider", "key", "name"),
    [("twitter", "id", "name"), ("wordpress", "ID", "display_name"), ("google", "sub", "name")],
)
def test_a_profile_misbehaves_in_the_provider_s_own_names(site, standins, provider, key, name):
    there = site(provider)

    def told():
        answer = call(there, "profile").json()
        return answer.get("data", answer)

    standins.misbehave(provider, Misbehaviour.MISSING_SUBJECT, Misbehaviour.HOSTILE_NAME)
    hostile = told()
    standins.misbehave(provider, Misbehaviour.WRONG_TYPES)
    mistyped = told()

    assert key not in hostile
    assert "<script>" in hostile[name]
    assert (mistyped[key], mistyped[name]) == ([["1"]], {"first": "Ada"})


def test_any_field_can_be_told(site, standins):
    standins.tell("wordpress", display_name="<b>", picture="javascript:alert(1)", email=None)

    told = call(site("wordpress"), "profile").json()

    assert (told["display_name"], told["picture"]) == ("<b>", "javascript:alert(1)")
    assert "email" not in told


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_answers_rubbish(site, standins, address):
    there = site("google")
    answers = {}
    for fault in ("500", "HTML", "LIST", "HUGE", "BOMB"):
        standins.behave()
        honest = call(there, address).json()
        standins.misbehave("google", Misbehaviour[f"{address.upper()}_{fault}"])
        answers[fault] = call(there, address)

    assert answers["500"].status_code == 500
    assert answers["HTML"].text.startswith("<!doctype html>")
    assert isinstance(answers["LIST"].json(), list)
    assert len(answers["HUGE"].content) > 50_000_000
    assert int(answers["BOMB"].headers["Content-Length"]) < 1_000_000 < len(answers["BOMB"].content)
    assert answers["HUGE"].json().keys() == honest.keys() | {"padding"}


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_closes_the_connection(site, standins, address):
    there = site("google")
    standins.misbehave("google", Misbehaviour[f"{address.upper()}_CLOSES"])

    with pytest.raises(requests.ConnectionError):
        call(there, address)


@pytest.mark.parametrize("fault", ["LATE", "DRIPS"])
def test_a_late_answer_waits_for_its_release(site, standins, fault):
    there = site("twitter")
    token = there.token()
    answers = []
    standins.misbehave("twitter", Misbehaviour[f"PROFILE_{fault}"])
    caller = threading.Thread(target=lambda: answers.append(there.profile(token)))

    caller.start()
    while not standins.visits["twitter", "profile"]:
        caller.join(0.01)
    assert not answers
    standins.release()
    caller.join()

    assert answers[0].status_code == 200


def test_good_behaviour_comes_back(site, standins):
    there = site("google")
    standins.misbehave("google", Misbehaviour.TOKEN_500)
    standins.tell("google", name="Somebody else")
    assert there.exchange(there.code()).status_code == 500

    standins.behave()

    claims = opened(there.exchange(there.code("Ada")).json()["id_token"])[1]
    assert claims["name"] == "Ada"


def test_one_provider_s_misbehaviour_is_not_another_s(site, standins):
    standins.misbehave("google", Misbehaviour.TOKEN_500)

    assert call(site("oidc"), "token").status_code == 200
