"""The one-command service, run as people run it: `script/serve`, its children and its end."""

import contextlib
import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from tests.plumbing.services import REPO_ROOT, free_port, started, wait_until

pytestmark = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs Linux’s /proc")


@dataclass
class Service:
    """A running service: its parent process and what it printed so far."""

    process: subprocess.Popen
    log: Path

    @property
    def said(self):
        return self.log.read_text()

    @property
    def url(self):
        found = re.search(r" at (http://\S+)\n", self.said)
        return found and found[1]

    @property
    def children(self):
        return children_of(self.process.pid)

    @property
    def grandchildren(self):
        return set().union(*map(children_of, self.children))

    def get(self, path):
        return requests.get(self.url + path, timeout=300)

    def end(self, number):
        self.process.send_signal(number)
        return self.process.wait(300)


def children_of(pid):
    with contextlib.suppress(OSError):
        return {
            int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        }
    return set()


def is_alive(pid):
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


@pytest.fixture
def serve(data_dir, tmp_path):
    """Start the service in an empty data dir, `serve(DISCUSS_DEMO="on")`; it ends with the test."""
    with contextlib.ExitStack() as services:

        def start(**settings):
            own = {
                "DISCUSS_DATA_DIR": str(data_dir),
                "DISCUSS_PORT": "0",
                "DISCUSS_WORKERS": "2",
                "DISCUSS_DEMO": "off",
            }
            log = tmp_path / "said.txt"
            with log.open("w") as stdout:
                process = services.enter_context(
                    started(
                        [REPO_ROOT / "script" / "serve"],
                        env=os.environ | own | settings,
                        cwd=tmp_path,
                        stdin=subprocess.DEVNULL,
                        stdout=stdout,
                        start_new_session=True,
                    )
                )
            return Service(process, log)

        yield start


@pytest.fixture
def service(serve):
    service = serve()
    wait_until(lambda: service.url and len(service.children) == 3, "the service")
    return service


def test_it_serves_both_letters_and_prints_the_first_administrators_link(service):
    page = service.get("/").text

    assert service.get("/healthz").status_code == service.get("/readyz").status_code == 200
    assert page.count("/letters/corbyn-to-momentum-2020-04-03") > 0
    assert page.count("/letters/mcdonnell-to-momentum-2016-05") > 0
    link = re.search(
        rf"^Administrator: ({re.escape(service.url)}/signin/link/\S+)$", service.said, re.M
    )
    assert link
    assert requests.get(link[1], timeout=300).status_code == 200


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_when_asked_and_says_nothing(service, number):
    children = service.children
    said_before = service.said

    code = service.end(number)

    assert (code, service.said) == (0, said_before)
    assert not any(is_alive(child) for child in children)


def test_ctrl_c_reaches_every_process_and_ends_it_without_a_traceback(service):
    os.killpg(service.process.pid, signal.SIGINT)

    assert service.process.wait(300) == 0
    assert "Traceback" not in service.said


@pytest.mark.row("F1")
def test_a_child_that_dies_comes_back_however_often_and_the_site_stays(service):
    for _ in range(4):
        before = service.children
        victim = min(before)
        os.kill(victim, signal.SIGKILL)
        wait_until(lambda: len(service.children - {victim}) == 3, "a new child")  # noqa: B023

        assert service.get("/healthz").status_code == 200


def test_the_figures_are_of_the_whole_node_and_outlast_a_worker(service):
    for _ in range(20):
        assert service.get("/robots.txt").ok  # each on a connection of its own
    victim = min(service.children)
    os.kill(victim, signal.SIGKILL)
    everybody = ["parent", "jobs", "worker-1", "worker-2"]
    wait_until(lambda: victim not in service.children and taken(service) == everybody, "the new")

    said = service.get("/metrics").text

    assert 'discuss_requests_total{endpoint="pages.robots",status="200"} 20.0' in said
    deaths = re.findall(r'^discuss_process_deaths_total{process="([\w-]+)"} 1.0$', said, re.M)
    assert len(deaths) == 1
    (event,) = [json.loads(line) for line in service.said.splitlines() if line.startswith("{")]
    assert event["message"] == f"{deaths[0]} died and is started again"
    assert (event["child_pid"], event["exit_code"]) == (victim, -signal.SIGKILL)


def taken(service):
    """Return the processes that tell what memory they take, but for the one that jobs call for."""
    return [process for process in telling(service) if process != "consumer"]


def telling(service):
    """Return the processes that tell what memory they take."""
    said = service.get("/metrics").text
    return re.findall(r'^discuss_memory_bytes{process="([\w-]+)"}', said, re.M)


def test_a_consumer_of_jobs_is_there_while_there_are_jobs_and_goes_with_the_last(service):
    wait_until(lambda: "consumer" in telling(service), "who plans what is periodic")
    wait_until(lambda: "consumer" not in telling(service), "its end")

    assert (service.grandchildren, "died" in service.said) == (set(), False)


@pytest.mark.row("F1")
def test_a_consumer_of_jobs_that_dies_is_there_again(service):
    (first,) = wait_until(lambda: service.grandchildren, "the consumer")
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: service.grandchildren - {first}, "another")

    assert "jobs died and is started again" in service.said


@pytest.mark.row("F2")
def test_who_waits_for_jobs_takes_their_consumer_along(service):
    (consumer,) = wait_until(lambda: service.grandchildren, "the consumer")
    (watcher,) = (child for child in service.children if consumer in children_of(child))
    os.kill(watcher, signal.SIGKILL)

    wait_until(lambda: not is_alive(consumer), "the consumer’s end")
    assert service.get("/healthz").status_code == 200


@pytest.mark.row("F2")
def test_a_parent_that_is_killed_takes_its_children_along(service):
    children = service.children

    service.process.kill()
    service.process.wait()

    wait_until(lambda: not any(is_alive(child) for child in children), "the children’s end")
    assert len(children) == 3


@pytest.mark.row("F24")
def test_a_hang_up_starts_it_anew_and_no_request_fails(service):
    before = service.children
    done = threading.Event()
    answers = Counter()

    def read(session):
        while not done.is_set():
            answers[session.get(service.url + "/healthz", timeout=300).status_code] += 1

    def read_with_keep_alive():
        with requests.Session() as session:
            read(session)

    with ThreadPoolExecutor() as readers:
        reading = [readers.submit(read_with_keep_alive) for _ in range(3)]
        reading += [readers.submit(read, requests) for _ in range(3)]
        try:
            service.process.send_signal(signal.SIGHUP)
            wait_until(
                lambda: len(service.children) == 3 and not service.children & before,
                "the new children, and the end of the old",
                seconds=300,
            )
        finally:
            done.set()
        for reader in reading:
            reader.result()

    assert (set(answers), service.process.poll()) == ({200}, None)
    assert "Traceback" not in service.said


def test_who_is_asked_to_end_while_it_starts_anew_ends(service):
    before = service.children
    service.process.send_signal(signal.SIGHUP)
    wait_until(lambda: len(service.children - before) == 3, "the new children", seconds=300)
    children = service.children

    assert service.end(signal.SIGTERM) == 0
    assert not any(is_alive(child) for child in children)


@pytest.mark.row("F24")
def test_a_new_start_that_fails_lets_what_is_in_flight_finish(serve, tmp_path):
    name = tmp_path / "name"
    name.write_text("Open Letters")
    service = serve(DISCUSS_SITE_NAME_FILE=str(name))
    wait_until(lambda: service.url and len(service.children) == 3, "the service")
    host, port = service.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=300) as client:
        head = ("POST /signin/x HTTP/1.1", "Host: x", "Content-Length: 4", "", "a=")
        client.sendall("\r\n".join(head).encode())
        wait_until(lambda: service.get("/healthz").ok, "an answer meanwhile")
        name.unlink()
        service.process.send_signal(signal.SIGHUP)
        wait_until(lambda: "DISCUSS_SITE_NAME_FILE" in service.said, "the reason", seconds=300)
        client.sendall(b"b&")
        answer = client.recv(65536)

    assert answer.startswith(b"HTTP/1.1 ")
    assert service.process.wait(300) == 1


@pytest.mark.row("F2")
def test_a_second_start_finds_everything_as_it_was(serve, empty_database):
    first = serve(DISCUSS_DATABASE_URL=empty_database.url)
    wait_until(lambda: first.url, "the first start")
    before = letters(first)
    first.end(signal.SIGTERM)
    second = serve(DISCUSS_DATABASE_URL=empty_database.url)
    wait_until(lambda: second.url, "the second start")

    assert (len(before), letters(second)) == (2, before)
    assert "Installing" not in second.said
    on_sqlite = empty_database.url.startswith("sqlite")
    assert bool(list(empty_database.data_dir.rglob("*.db*"))) == on_sqlite


def letters(service):
    return sorted(set(re.findall(r'href="(/letters/[\w-]+)"', service.get("/").text)))


def test_demo_mode_brings_the_stand_ins(serve):
    port = free_port()
    service = serve(DISCUSS_DEMO="on", DISCUSS_DEMO_PORT=str(port))
    wait_until(lambda: service.url and len(service.children) == 4, "the service")

    address = f"http://127.0.0.1:{port}/google/.well-known/openid-configuration"
    wait_until(lambda: connects(port), "the stand-ins")
    assert (
        requests.get(address, timeout=300).json()["issuer"].startswith(f"http://127.0.0.1:{port}")
    )


def connects(port):
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
        return True
    return False


@pytest.mark.parametrize("setting", ["DISCUSS_PORT", "DISCUSS_DEMO_PORT"])
def test_a_port_that_is_taken_is_one_clear_line(serve, setting):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        service = serve(**{"DISCUSS_DEMO": "on", setting: port})

        assert service.process.wait(300) == 1

    lines = service.said.splitlines()
    assert (len(lines), port in lines[0], setting in lines[0]) == (1, True, True)


def test_two_services_never_share_a_port(serve, service):
    port = service.url.rpartition(":")[2]

    second = serve(DISCUSS_PORT=port)

    assert (second.process.wait(300), len(second.said.splitlines())) == (1, 1)


def test_every_worker_takes_its_share_of_the_readers(service):
    before = {pid: open_sockets(pid) for pid in service.children}
    with contextlib.ExitStack() as readers:
        for _ in range(40):
            reader = readers.enter_context(requests.Session())
            assert reader.get(service.url + "/healthz", timeout=300).ok

        busy = [pid for pid in before if open_sockets(pid) > before[pid]]

    assert len(busy) == 2


def open_sockets(pid):
    links = [link.readlink() for link in Path(f"/proc/{pid}/fd").iterdir()]
    return sum(str(link).startswith("socket:") for link in links)


def test_a_bad_setting_is_one_clear_line(serve):
    service = serve(DISCUSS_WORKERS="many")

    assert service.process.wait(300) == 1
    assert service.said.startswith("Discuss cannot start: DISCUSS_WORKERS is 'many';")
    assert len(service.said.splitlines()) == 1


def test_a_database_of_a_newer_release_is_one_clear_line(serve, data_dir):
    with contextlib.closing(sqlite3.connect(data_dir / "discuss.db")) as database:
        database.execute("CREATE TABLE alembic_version (version_num VARCHAR(32))")
        database.execute("INSERT INTO alembic_version VALUES ('9999')")
        database.commit()

    service = serve()

    assert service.process.wait(300) == 1
    assert (len(service.said.splitlines()), "9999" in service.said) == (1, True)


@pytest.mark.row("F5")
def test_a_database_that_does_not_answer_is_one_clear_line(serve):
    url = f"postgresql+psycopg://somebody:secret@127.0.0.1:{free_port()}/discuss"

    service = serve(DISCUSS_DATABASE_URL=url)

    assert service.process.wait(300) == 1
    assert (len(service.said.splitlines()), "secret" in service.said) == (1, False)


@pytest.mark.row("F24")
def test_a_request_in_flight_is_finished_before_the_end(service):
    host, port = service.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=300) as client:
        head = ("POST /signin/x HTTP/1.1", "Host: x", "Connection: close", "Content-Length: 4", "")
        client.sendall("\r\n".join((*head, "a=")).encode())
        wait_until(lambda: service.get("/healthz").ok, "an answer meanwhile")
        service.process.send_signal(signal.SIGTERM)
        client.sendall(b"b&")
        answer = client.recv(65536)

    assert answer.startswith(b"HTTP/1.1 ")
    assert service.process.wait(300) == 0


@pytest.mark.row("37")
def test_a_body_in_chunks_is_refused(service):
    answer = requests.post(service.url + "/signin/google", data=iter([b"a=b"]), timeout=300)

    assert answer.status_code == 411


@pytest.mark.row("F16")
def test_slow_senders_do_not_keep_readers_waiting(service):
    host, port = service.url.removeprefix("http://").split(":")
    head = "POST /signin/google HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nbody="
    with contextlib.ExitStack() as senders:
        for _ in range(60):
            sender = senders.enter_context(socket.create_connection((host, int(port)), timeout=300))
            sender.sendall(head.encode())

        assert service.get("/healthz").status_code == 200
