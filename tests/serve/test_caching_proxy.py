"""Two people behind one caching proxy, a real one: nothing that is shared is anybody's own.

Once the proxy does what the answers say; once it keeps public answers for a second, as
deploy/nginx.conf does for operators with very many readers.
"""

import re
from contextlib import ExitStack
from dataclasses import dataclass, field

import pytest
import requests

from discuss.accounts import links
from discuss.accounts.models import Account
from discuss.base.db import session
from tests.make import Maker
from tests.plumbing.browser import served
from tests.plumbing.nginx import nginx_conf
from tests.plumbing.proxies import nginx, plain_conf
from tests.plumbing.services import free_port

pytestmark = pytest.mark.filterwarnings("ignore::urllib3.exceptions.InsecureRequestWarning")

AS_THEY_SAY = """
server {
    listen 127.0.0.1:%d;
    location / {
        proxy_pass %s;
        proxy_cache pages;
        %s
    }
}
"""
TELL = "add_header X-Cache $upstream_cache_status always;"
SECONDS = 120  # for one answer; a slow machine takes its time
HELD = "<p>Buy.</p>"  # what `make.held` makes
PATHS = ("/", "/letters/shared", "/letters/shared?sort=newest", "/signin", "/comments.atom")


@dataclass
class Person:
    """Somebody's browser, which speaks to the proxy alone."""

    url: str
    browser: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self) -> None:
        self.browser.verify = False  # nginx's certificate was made for this test
        self.browser.trust_env = False  # else the machine's own authorities count all the same

    def get(self, path: str) -> requests.Response:
        return self.browser.get(self.url + path, timeout=SECONDS)

    def token(self) -> str:
        return re.search(r'name="csrf_token" value="([^"]+)"', self.get("/").text)[1]


@pytest.fixture(params=["as the answers say", "for a second"])
def proxy(request, database, tmp_path):
    """The site behind nginx, which keeps answers: the address of nginx."""
    is_kept = request.param == "for a second"
    port = free_port()
    with ExitStack() as running:
        origin = running.enter_context(served(database, trusted_proxies=int(is_kept)))
        running.enter_context(origin.app.app_context())
        if is_kept:
            kept = f"proxy_cache pages; {TELL.rstrip(';')}"
            conf = nginx_conf(tmp_path, origin.app.extensions["settings"].port, port, kept)
            running.enter_context(nginx(tmp_path, port, conf))
            yield f"https://127.0.0.1:{port}"
        else:
            conf = plain_conf(tmp_path, AS_THEY_SAY % (port, origin.url, TELL))
            running.enter_context(nginx(tmp_path, port, conf))
            yield f"http://127.0.0.1:{port}"


@pytest.fixture
def maker(proxy):
    """Makes accounts and letters on the site behind the proxy."""
    return Maker()


@pytest.fixture
def sign_in_at(proxy):
    """Sign an account in through the proxy, by a one-time link."""

    def signed_in(account: Account) -> Person:
        origin, path = re.fullmatch(r"(http://[^/]+)(/.*)", links.make(account)).groups()
        session.commit()
        person = Person(proxy)
        answer = person.browser.post(proxy + path, headers={"Origin": origin}, timeout=SECONDS)
        assert account.name in answer.text
        return person

    return signed_in


@pytest.mark.row("16")
def test_nobody_gets_a_page_that_was_made_for_somebody_else(proxy, sign_in_at, maker):
    letter = maker.letter(slug="shared")
    maker.comment(letter, source="Said in public.")
    accounts = [maker.account("Adaline Quist"), maker.account("Benedict Rowe")]
    maker.held(letter, accounts[0])
    ada, ben = (sign_in_at(account) for account in accounts)
    private = {*(account.name for account in accounts), ada.token(), ben.token(), HELD}

    for path in PATHS:
        first, of_ada, of_ben = Person(proxy).get(path), ada.get(path), ben.get(path)
        again, of_ada_again = Person(proxy).get(path), ada.get(path)

        assert shown(private, first) == shown(private, again) == set()
        assert again.content == first.content
        assert not {"Set-Cookie", "Authorization"} & {*first.headers, *again.headers}
        assert accounts[1].name not in of_ada.text + of_ada_again.text
        assert accounts[0].name not in of_ben.text
        assert {answer.headers["X-Cache"] for answer in (of_ada, of_ben)} <= {"BYPASS", "MISS"}
    assert HELD in ada.get("/letters/shared").text
    assert HELD not in ben.get("/letters/shared").text


@pytest.mark.row("16")
def test_a_draft_on_its_way_to_the_sign_in_is_seen_by_its_browser_alone(proxy, maker):
    maker.letter(slug="shared")
    site = Person(proxy)
    writer, other = Person(proxy), Person(proxy)
    origin = re.search(r'href="(http://[^/"]+)/', site.get("/feed.atom").text)[1]

    writer.browser.post(
        f"{proxy}/letters/shared/comments",
        data={"body": "Not yet for others.", "parent": "0"},
        headers={"Origin": origin},
        timeout=SECONDS,
    )
    path = "/letters/shared"

    assert "Not yet for others." not in "".join(other.get(path).text for _ in range(3))
    assert other.get(path).content == Person(proxy).get(path).content


def test_many_readers_at_once_share_what_is_public(proxy, maker, request):
    maker.letter(slug="shared")
    asked = [Person(proxy).get("/letters/shared") for _ in range(20)]

    is_kept = "for a second" in request.node.name
    assert ("HIT" in {answer.headers["X-Cache"] for answer in asked}) is is_kept


def shown(words: set[str], answer: requests.Response) -> set[str]:
    """Return which of some words an answer holds, in its head or its body."""
    whole = answer.text + repr(answer.headers)
    return {one for one in words if one in whole}
