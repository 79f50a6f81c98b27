"""Sign-ins are counted by provider and by how they ended."""

from discuss.accounts import links
from discuss.base import metrics
from tests.accounts.conftest import SITE, consent


def figures(app):
    table = metrics.of(app)
    sign_ins = table.families["discuss_sign_ins_total"]
    counts = {values: table.total(cell) for values, cell in sign_ins.cells()}
    return {values: count for values, count in counts.items() if count}


def test_sign_ins_are_counted_by_how_they_end(app, browser):
    browser().sign_in("google", "Ada")
    browser().sign_in("google", "Grace")
    reader = browser()
    reader.arrive(consent(reader.depart("facebook"), answer="deny"))
    browser().get("/signin/twitter/callback?code=x&state=forged")
    browser().get("/signin/nobody/callback")

    assert figures(app) == {
        ("google", "signed_in"): 2,
        ("facebook", "declined"): 1,
        ("twitter", "failed"): 1,
    }


def test_a_one_time_link_counts_as_a_way_in(app, session, make, browser):
    address = links.make(make.account())
    session.commit()

    browser().post(address.removeprefix(SITE), csrf_token="")

    assert figures(app) == {("link", "signed_in"): 1}
