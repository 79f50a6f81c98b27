"""Forged ID tokens: no session comes of any, and the words are not lost over it."""

import pytest
import sqlalchemy as sa

from discuss.accounts.models import Identity, SignIn
from discuss.accounts.standins import Misbehaviour
from tests.accounts.conftest import consent

FORGERIES = [
    Misbehaviour.WRONG_AUD,
    Misbehaviour.WRONG_ISS,
    Misbehaviour.WRONG_AZP,
    Misbehaviour.WRONG_AZP_ALONE,
    Misbehaviour.MISSING_AZP,
    Misbehaviour.FOREIGN_AUD_OUR_AZP,
    Misbehaviour.WRONG_NONCE,
    Misbehaviour.MISSING_NONCE,
    Misbehaviour.EXPIRED,
    Misbehaviour.ISSUED_IN_FUTURE,
    Misbehaviour.UNKNOWN_KID,
    Misbehaviour.FOREIGN_KEY,
    Misbehaviour.ALG_NONE,
    Misbehaviour.HS256_PUBLIC_KEY,
    Misbehaviour.KEY_IN_HEADER,
    Misbehaviour.JKU_HEADER,
    Misbehaviour.X5U_HEADER,
    Misbehaviour.UNKNOWN_CRIT,
    Misbehaviour.NO_ID_TOKEN,
    Misbehaviour.MISSING_SUBJECT,
]


@pytest.mark.row("19")
@pytest.mark.parametrize("provider", ["google", "oidc"])
@pytest.mark.parametrize("forgery", FORGERIES, ids=lambda forgery: forgery.name.lower())
def test_row_19_a_forged_id_token_signs_nobody_in(browser, session, standins, provider, forgery):
    reader = browser()
    way_home = consent(reader.depart(provider), "Ada")
    standins.misbehave(provider, forgery)

    answer = reader.arrive(way_home)

    assert (answer.status_code, reader.name) == (400, None)
    assert "could not be checked" in answer.text
    assert session.scalar(sa.select(sa.func.count()).select_from(SignIn)) == 0
    assert session.scalar(sa.select(sa.func.count()).where(Identity.label == "Ada")) == 0
    assert not [name for name, _ in standins.visits if name == "forged"], "no lure is followed"


def test_after_a_forgery_the_honest_provider_signs_in_again(browser, standins):
    reader = browser()
    standins.misbehave("google", Misbehaviour.UNKNOWN_KID)
    assert reader.sign_in("google").status_code == 400
    standins.behave()

    reader.sign_in("google", "Ada")

    assert reader.name == "Ada"
