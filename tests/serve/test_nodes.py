"""Several machines as one site: two nodes, a proxy before them, PostgreSQL with a replica, Redis.

All of it is real and on this machine: two services with data dirs of their own, nginx, servers of
the tests' own. What is killed is killed with SIGKILL, and comes back before the next test.
"""

import os
import re
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from uuid import uuid4

import pytest
import requests

from discuss import create_app
from discuss.accounts import actions as accounts
from discuss.accounts import links
from discuss.base import jobs
from discuss.base.db import session
from discuss.comments.jobs import delete_words
from discuss.letters import queries as letters
from tests.make import Maker
from tests.plumbing.clusters import Cluster, catch_up, cluster, replica_of
from tests.plumbing.databases import SECRET, Database, dispose, new_postgresql, settings_for
from tests.plumbing.proxies import nginx, plain_conf
from tests.plumbing.services import REPO_ROOT, answers, free_port, running_redis, wait_until

SLUG = "the-letter"
ROUNDS = 12
WRITERS = 4
POSTS = 15  # of each writer
SECONDS = 120  # for one answer; a slow machine takes its time

SERVERS = """
upstream nodes {
    server 127.0.0.1:%d max_fails=1 fail_timeout=1s;
    server 127.0.0.1:%d max_fails=1 fail_timeout=1s;
}
server {
    listen 127.0.0.1:%d;
    location / { proxy_pass http://nodes; }
}
"""


@dataclass
class Node:
    """One machine of the site: a service with a data dir and a port of its own."""

    port: int
    environment: dict[str, str]
    process: subprocess.Popen | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "discuss.serve"],
            env=os.environ | self.environment | {"DISCUSS_PORT": str(self.port)},
            cwd=REPO_ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def wait(self) -> None:
        wait_until(lambda: answers(self.port), "a node")
        # The port is open before the database is ready; who comes meanwhile waits in its queue.
        requests.get(f"{self.url}/readyz", timeout=SECONDS).raise_for_status()

    def kill(self) -> None:
        assert self.process
        self.process.kill()
        self.process.wait()


@dataclass
class Installation:
    """The whole site, and somebody who may post."""

    url: str
    nodes: list[Node]
    replica: Cluster
    primary: Cluster
    redis: "RestartableRedis"
    make: Maker
    token: str
    bodies: "count[int]" = field(default_factory=count)

    def body(self) -> str:
        """Return words that nobody has said yet."""
        return f"remark-{next(self.bodies)}-ends"

    def post(self, url: str, body: str, key: str = "") -> int:
        """Post a comment; returns its number once it is acknowledged."""
        answer = requests.post(
            f"{url}/api/v1/letters/{SLUG}/comments",
            json={"body": body, "parent": 0, "key": key},
            headers={"Authorization": f"Bearer {self.token}"},
            timeout=SECONDS,
        )
        answer.raise_for_status()
        return int(answer.json()["number"])

    def page(self, url: str) -> str:
        """Return the letter's page as anybody sees it, the newest comments first."""
        answer = requests.get(f"{url}/letters/{SLUG}?sort=newest", timeout=SECONDS)
        answer.raise_for_status()
        return answer.text

    def comments(self, url: str) -> Counter:
        """Return every comment of the letter by number and words, and how often it is there."""
        found: Counter = Counter()
        after = ""
        while after is not None:
            answer = requests.get(
                f"{url}/api/v1/letters/{SLUG}/comments",
                params={"since": 0, "after": after},
                timeout=SECONDS,
            ).json()
            found.update((one["number"], plain(one["html"])) for one in answer["comments"])
            after = answer["next"]
        return found


@dataclass
class RestartableRedis:
    """A Redis at one port, however often it is killed."""

    port: int
    folder: Path

    def __post_init__(self) -> None:
        self._runs = ExitStack()
        self.start()

    def start(self) -> None:
        self.process = self._runs.enter_context(running_redis(self.port, self.folder))

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def end(self) -> None:
        self._runs.close()


@pytest.fixture(scope="module")
def site(postgresql_cluster, tmp_path_factory) -> Iterator[Installation]:
    """The whole installation, once for this file."""
    with ExitStack() as running:
        yield installation(running, postgresql_cluster, tmp_path_factory.mktemp("site"))


def installation(running: ExitStack, primary: Cluster, folder: Path) -> Installation:
    """Start everything; it ends with the stack."""
    database = Database(new_postgresql(primary.url), folder)
    replica = running.enter_context(cluster(*replica_of(primary)))
    redis = RestartableRedis(free_port(), folder)
    running.callback(redis.end)
    port, *ports = free_port(), free_port(), free_port()
    url = f"http://127.0.0.1:{port}"
    environment = {
        "DISCUSS_DATABASE_URL": database.url,
        "DISCUSS_REPLICA_URLS": replica.url_of(database.url),
        "DISCUSS_REDIS_URL": f"redis://127.0.0.1:{redis.port}/0",
        "DISCUSS_SECRET_KEY": SECRET,
        "DISCUSS_SITE_URL": url,
        "DISCUSS_TRUSTED_PROXIES": "1",
        "DISCUSS_WORKERS": "2",
        "DISCUSS_DEMO": "off",
        "DISCUSS_PACE": "off",  # one person posts as fast as they can
    }
    nodes = [
        Node(port, environment | {"DISCUSS_DATA_DIR": str(folder / str(port))}) for port in ports
    ]
    for node in nodes:
        node.start()
        running.callback(node.kill)
    for node in nodes:
        node.wait()
    running.enter_context(nginx(folder, port, plain_conf(folder, SERVERS % (*ports, port))))
    app = create_app(
        settings_for(database, site_url=url, redis_url=environment["DISCUSS_REDIS_URL"])
    )
    running.callback(dispose, app)
    running.enter_context(app.app_context())
    make = Maker()
    make.letter(slug=SLUG)
    token = accounts.make_token(make.account())
    session.commit()
    catch_up(replica, primary)
    return Installation(url, nodes, replica, primary, redis, make, token)


def plain(html: str) -> str:
    return re.sub("<[^>]+>", "", html).strip()


@contextmanager
def eager_readers(site: Installation, said: list[str]) -> Iterator[list[str]]:
    """Keep both nodes rendering; yields what somebody should have seen and did not."""
    missed: list[str] = []
    ends = threading.Event()

    def read(url: str) -> None:
        while not ends.is_set():
            newest = said[-1]
            if newest not in site.page(url):
                missed.append(newest)

    threads = [threading.Thread(target=read, args=(node.url,)) for node in site.nodes]
    for thread in threads:
        thread.start()
    try:
        yield missed
    finally:
        ends.set()
        for thread in threads:
            thread.join()


@pytest.mark.row("F26")
@pytest.mark.parametrize("replica_is", ["up to date", "minutes behind"])
def test_what_one_node_acknowledged_is_on_the_next_page_of_the_other(site, replica_is):
    said = [site.body()]
    site.post(site.nodes[0].url, said[0])
    if replica_is == "minutes behind":
        site.replica.ask("SELECT pg_wal_replay_pause()")

    with eager_readers(site, said) as missed:
        for turn in range(ROUNDS):
            here, there = site.nodes[turn % 2], site.nodes[1 - turn % 2]
            body = site.body()
            number = site.post(here.url, body)
            said.append(body)
            assert body in site.page(there.url)
            address = f"{there.url}/letters/{SLUG}/comments/{number}"
            assert requests.get(address, timeout=SECONDS).status_code == 200

    site.replica.ask("SELECT pg_wal_replay_resume()")
    assert missed == []
    assert visitors_of(site.replica) > 0


def visitors_of(replica: Cluster) -> int:
    return replica.ask(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
    )


def test_who_signs_in_at_one_node_is_signed_in_at_the_other_until_they_log_out(site):
    here, there = site.nodes
    account = site.make.account("Noor of two nodes")
    path = links.make(account).removeprefix(site.url)
    session.commit()
    browser = requests.Session()
    browser.headers["Origin"] = site.url

    browser.post(here.url + path, timeout=SECONDS)
    page = browser.get(f"{there.url}/letters/{SLUG}", timeout=SECONDS).text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
    out = browser.post(f"{there.url}/signout", data={"csrf_token": token}, timeout=SECONDS)
    page_later = browser.get(f"{here.url}/letters/{SLUG}", timeout=SECONDS).text

    assert account.name in page
    assert out.ok
    assert account.name not in page_later


@pytest.mark.row("F1")
def test_a_node_that_is_killed_costs_no_acknowledged_comment_and_doubles_none(site):
    acknowledged: dict[str, int] = {}
    before = site.comments(site.url)

    def write() -> None:
        for _ in range(POSTS):
            body, key = site.body(), uuid4().hex
            while body not in acknowledged:
                try:
                    acknowledged[body] = site.post(site.url, body, key)
                except requests.RequestException:
                    continue  # as a program does: the same words under the same key again

    writers = [threading.Thread(target=write) for _ in range(WRITERS)]
    for writer in writers:
        writer.start()
    wait_until(lambda: len(acknowledged) > WRITERS * POSTS / 4, "some comments")
    site.nodes[0].kill()
    wait_until(lambda: len(acknowledged) > WRITERS * POSTS / 2, "more comments without the node")
    site.nodes[0].start()
    for writer in writers:
        writer.join()
    site.nodes[0].wait()

    expected = Counter({(number, body): 1 for body, number in acknowledged.items()})
    for node in site.nodes:
        assert site.comments(node.url) - before == expected


@pytest.mark.row("F8")
def test_redis_that_is_killed_costs_nothing(site):
    leaver = site.make.comment(letters.published(SLUG), source="Words that go.").account_id
    site.redis.kill()

    jobs.enqueue(delete_words, leaver)
    session.commit()

    for node in site.nodes:
        body = site.body()
        site.post(node.url, body)
        assert body in site.page(site.url)
    wait_until(lambda: "Words that go." not in site.page(site.url), "the job")
    site.redis.start()


def test_a_replica_that_is_killed_costs_nothing(site):
    site.replica.stop("immediate")

    for node in site.nodes * 5:
        body = site.body()
        site.post(node.url, body)
        assert all(body in site.page(one.url) for one in site.nodes)

    site.replica.start()
    catch_up(site.replica, site.primary)
