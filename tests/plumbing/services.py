"""Programs that tests start, wait for and stop; what is missing is skipped loudly."""

import contextlib
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest
import redis

from discuss.base import bell, shared_counts

REPO_ROOT = Path(__file__).parents[2]
CORPORA = Path(os.environ.get("DISCUSS_CORPORA", REPO_ROOT.parent / "shared" / "corpora"))
GIVE_UP = 120  # seconds; only how long a broken test takes to say so

_kept_ports: list[socket.socket] = []


def missing(package: str) -> NoReturn:
    """Skip what needs a program that is not here; with CI=true that is a failure.

    :param package: Debian's name of it, which script/test installs where it may.
    """
    message = f"{package} is not installed"
    if os.environ.get("CI") == "true":
        pytest.fail(message)
    pytest.skip(message)


def free_port() -> int:
    """Return a port that the kernel gives to nobody else; for programs that cannot ask it.

    It stays bound, without listening, until this process ends: with SO_REUSEADDR at both ends the
    program may listen there all the same, and again once it was killed (Linux, socket(7)).
    """
    kept = socket.socket()
    kept.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    kept.bind(("127.0.0.1", 0))
    _kept_ports.append(kept)
    port: int = kept.getsockname()[1]
    return port


def wait_until(is_so: Callable[[], Any], what: str, seconds: float = GIVE_UP) -> Any:
    """Wait for a condition and return its value.

    :param is_so: asked again and again until what it returns is true.
    :param what: named when it never comes.
    :param seconds: the moment to give up.
    """
    end = time.monotonic() + seconds
    while not (value := is_so()):
        if time.monotonic() > end:
            pytest.fail(f"waited in vain for {what}")
        time.sleep(0.02)
    return value


def answers(port: int) -> bool:
    """Whether something listens on a port of this machine."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


@contextlib.contextmanager
def started(command: list[Any], **options: Any) -> Iterator[subprocess.Popen[str]]:
    """Run a program for as long as the block lasts, its words thrown away unless `stdout` is given.

    :param command: the program and its arguments.
    :param options: more for `subprocess.Popen`.
    """
    options = {"stdout": subprocess.DEVNULL, "stderr": subprocess.STDOUT, "text": True, **options}
    process = subprocess.Popen([str(word) for word in command], **options)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(GIVE_UP)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@pytest.fixture(autouse=True, scope="session")
def _no_settings_of_this_machine() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("DISCUSS_")]:
            patch.delenv(name)
        yield


@pytest.fixture
def redis_url(_redis_server: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """An empty Redis of the tests' own, that is waited for however busy the machine is."""
    for module in (bell, shared_counts):
        monkeypatch.setattr(module, "PATIENCE", GIVE_UP)
    with redis.Redis.from_url(_redis_server) as client:
        client.flushall()
    return _redis_server


@pytest.fixture(scope="session")
def _redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    port = free_port()
    with running_redis(port, tmp_path_factory.mktemp("redis")):
        yield f"redis://127.0.0.1:{port}/0"


@contextlib.contextmanager
def running_redis(port: int, folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Run a Redis for as long as the block lasts, for tests that kill it too.

    :param port: where it listens.
    :param folder: where it runs.
    """
    if (program := shutil.which("redis-server")) is None:
        missing("redis-server")
    options = ["--port", port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    with started([program, *options], cwd=folder) as process:
        wait_until(lambda: answers(port), "Redis")
        yield process
