"""Google and the plain issuer: discovery, honest ID tokens, scopes."""

import pytest
import requests
from joserfc import jwt
from joserfc.jwk import KeySet

EITHER = pytest.mark.parametrize("provider", ["google", "oidc"])


def claims_of(there, answer):
    keys = KeySet.import_key_set(requests.get(f"{there.issuer}/jwks", timeout=30).json())
    return jwt.decode(answer.json()["id_token"], keys, algorithms=["RS256"]).claims


@EITHER
def test_discovery_names_every_address(site, provider):
    there = site(provider)

    found = requests.get(f"{there.issuer}/.well-known/openid-configuration", timeout=30).json()

    assert found["issuer"] == there.issuer
    assert found["authorization_endpoint"] == there.authorize_url
    assert found["token_endpoint"] == there.token_url
    assert found["jwks_uri"] == f"{there.issuer}/jwks"
    assert found["id_token_signing_alg_values_supported"] == ["RS256"]


@EITHER
def test_the_way_back_names_the_issuer(site, provider):
    there = site(provider)

    for answer in ("allow", "deny"):
        assert there.answer({"name": "Ada", "answer": answer})[1]["iss"] == there.issuer


@EITHER
def test_an_id_token_says_who_it_is_to_us_alone(site, provider, watch):
    there = site(provider)

    claims = claims_of(there, there.exchange(there.code("Ada Lovelace")))

    now = int(watch().timestamp())
    client = f"standin-{provider}"
    assert (claims["iss"], claims["aud"], claims["azp"]) == (there.issuer, client, client)
    assert (claims["iat"], claims["exp"], claims["nonce"]) == (now, now + 3600, "a nonce")
    assert (claims["name"], claims["sub"].isdigit()) == ("Ada Lovelace", True)
    assert (claims["email"], claims["email_verified"]) == ("ada.lovelace@example.com", True)


def test_each_claim_needs_its_scope(site):
    there = site("google")

    bare = claims_of(there, there.exchange(there.code(scope="openid")))
    none = there.exchange(there.code(scope="email profile")).json()

    assert not {"name", "email", "email_verified"} & bare.keys()
    assert "id_token" not in none


def test_a_client_may_show_its_secret_in_the_header(site):
    there = site("google")
    in_header = {"basic": there.client, "client_id": None, "client_secret": None}

    assert there.exchange(there.code(), **in_header).status_code == 200


def test_a_wrong_client_is_told_so(site):
    there = site("google")

    answer = there.exchange(there.code(), client_secret="guessed")

    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


def test_only_codes_are_exchanged(site):
    there = site("google")

    answer = there.exchange(there.code(), grant_type="password")

    assert (answer.status_code, answer.json()["error"]) == (400, "unsupported_grant_type")


def test_userinfo_says_the_same_to_a_bearer(site):
    there = site("google")

    known, unknown = there.profile(there.token("Ada")), there.profile("made-up")

    assert (known.status_code, known.json()["name"]) == (200, "Ada")
    assert unknown.status_code == 401
