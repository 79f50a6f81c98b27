"""Facebook: version, fragment, shape of errors, the proof of the secret, deletion requests."""

import base64
import hashlib
import hmac
import json

import pytest
import requests

from discuss.accounts.standins import Person, signed_request


def proof(there, token):
    return hmac.new(there.client[1].encode(), token.encode(), hashlib.sha256).hexdigest()


def error_of(answer):
    assert answer.status_code == 400
    assert set(answer.json()["error"]) >= {"message", "type", "code", "fbtrace_id"}
    return answer.json()["error"]


def test_the_way_back_has_facebook_s_fragment(site):
    location, _ = site("facebook").answer({"name": "Ada", "answer": "allow"})

    assert location.geturl().endswith("#_=_")


def test_a_refusal_has_facebook_s_reason(site):
    _, back = site("facebook").answer({"answer": "deny"})

    assert back["error_reason"] == "user_denied"


def test_a_code_is_exchanged_by_get_too(site):
    there = site("facebook")
    query = {
        "client_id": there.client[0],
        "client_secret": there.client[1],
        "redirect_uri": there.callback,
        "code": there.code(code_challenge=None, code_challenge_method=None),
    }

    answer = requests.get(there.token_url, params=query, timeout=30)

    assert (answer.status_code, answer.json()["token_type"]) == (200, "bearer")


def test_a_used_code_is_an_error_of_facebook_s_shape(site):
    there = site("facebook")
    code = there.code()
    there.exchange(code)

    error = error_of(there.exchange(code))

    assert (error["type"], error["code"]) == ("OAuthException", 100)


def test_a_profile_has_the_fields_asked_for(site):
    there = site("facebook")
    token = there.token("Ada")
    shown = {"appsecret_proof": proof(there, token)}

    plain = there.profile(token, **shown).json()
    whole = there.profile(token, fields="id,name,email", **shown).json()

    assert set(plain) == {"id", "name"}
    assert whole == plain | {"email": "ada@example.com"}
    assert whole["id"] == Person("facebook", "Ada").subject


def test_an_address_that_was_not_granted_is_not_told(site):
    there = site("facebook")
    token = there.token(scope="public_profile")

    answer = there.profile(token, fields="id,name,email", appsecret_proof=proof(there, token))

    assert set(answer.json()) == {"id", "name"}


@pytest.mark.parametrize("wrong", [None, "", "0" * 64, "proof of another token", "\u00e9"])
def test_a_profile_needs_the_proof_of_the_app_s_secret(site, wrong):
    there = site("facebook")
    token = there.token()
    if wrong == "proof of another token":
        wrong = proof(there, there.token())

    error = error_of(there.profile(token, appsecret_proof=wrong))

    assert (error["type"], error["code"]) == ("GraphMethodException", 100)


def test_a_profile_needs_a_token(site):
    there = site("facebook")

    assert error_of(there.profile("made-up"))["code"] == 190
    assert error_of(requests.get(there.profile_url, timeout=30))["code"] == 2500


@pytest.mark.parametrize("path", ["/me", "/v1.0/me", "/dialog/oauth"])
def test_an_address_without_the_version_is_refused(standins, path):
    assert error_of(requests.get(f"{standins.address}/facebook{path}", timeout=30))["code"] == 2500


def test_a_deletion_request_is_signed_with_the_app_s_secret():
    signature, payload = signed_request("secret", "Ada", issued_at=1).split(".")

    told = json.loads(base64.urlsafe_b64decode(payload + "=="))
    signed = hmac.digest(b"secret", payload.encode(), hashlib.sha256)
    assert base64.urlsafe_b64decode(signature + "=") == signed
    assert (told["algorithm"], told["issued_at"]) == ("HMAC-SHA256", 1)
    assert told["user_id"] == Person("facebook", "Ada").subject
