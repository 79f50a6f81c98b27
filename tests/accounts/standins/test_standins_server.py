"""The process of the demo: serves, tells what is wrong in a line, stops when told to."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests

REPO_ROOT = Path(__file__).resolve().parents[3]


def start(tmp_path, *arguments):
    return subprocess.Popen(
        [sys.executable, "-m", "discuss.accounts.standins", *arguments],
        cwd=REPO_ROOT,
        env=os.environ | {"DISCUSS_DATA_DIR": str(tmp_path), "DISCUSS_SECRET_KEY": "a secret"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def wait_for(process, url):
    while process.poll() is None:
        try:
            return requests.get(url, timeout=30)
        except requests.ConnectionError:
            time.sleep(0.05)  # between two looks; what ends the wait is an answer or an exit
    raise AssertionError(process.stdout.read())


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
def test_the_process_serves_until_it_is_told_to_stop(tmp_path, told):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    process = start(tmp_path, "--site", "http://127.0.0.1:8000", "--port", str(port))

    found = wait_for(process, f"{address}/google/.well-known/openid-configuration").json()
    process.send_signal(told)
    output, _ = process.communicate()

    assert found["issuer"] == f"{address}/google"
    assert (process.returncode, output) == (0, "")


def test_the_process_refuses_a_site_off_loopback_in_one_line(tmp_path):
    process = start(tmp_path, "--site", "https://letters.example", "--port", "1")

    output, _ = process.communicate()

    assert process.returncode == 1
    assert output.count("\n") == 1
    assert "only on loopback" in output


def test_a_port_that_is_taken_is_said_without_a_traceback(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        process = start(tmp_path, "--site", "http://127.0.0.1:8000", "--port", str(port))
        output, _ = process.communicate()

    assert process.returncode == 1
    assert str(port) in output
    assert "Traceback" not in output
