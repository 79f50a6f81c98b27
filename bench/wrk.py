"""Reads under load: several addresses in turn, in one run, with what each request costs a server.

A machine that slows down for a while slows all of them, so ratios hold where rates don't. The load
comes from the same cores; the servers' processor time a request is what it disturbs least.
"""

import gzip
import json
import re
import statistics
import subprocess
import tempfile
from dataclasses import astuple, dataclass, field
from urllib.parse import urlsplit

import requests

from bench import machine
from bench.processes import Failed, cpu_seconds

CONNECTIONS = 32
DONE = """
function done(summary, latency, requests)
  io.write(string.format(
    "JSON {\\"requests\\": %d, \\"us\\": %d, \\"p50\\": %d, \\"p99\\": %d, \\"bad\\": %d}\\n",
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.write
    + summary.errors.timeout))
end
"""
SEVERAL = """
local paths = {%s}
function request() return wrk.format(nil, paths[math.random(#paths)]) end
"""


@dataclass(frozen=True)
class Target:
    """An address under load, and what a right answer to it is."""

    name: str
    url: str
    pids: list[int]
    headers: dict[str, str] = field(default_factory=dict)
    status: int = 200
    expect: str = ""
    others: tuple[str, ...] = ()
    """More paths of the same server; each request then takes one of all by chance."""
    connections: int = CONNECTIONS
    behind: tuple[int, ...] = ()
    """The database's processes, whose cost is told apart."""

    def check(self) -> bytes:
        """Ask once; returns the body as it came.

        :raises Failed: the answer is not what was wanted.
        """
        link = requests.get(self.url, headers=self.headers, timeout=60, stream=True)
        body: bytes = link.raw.read(decode_content=False)
        packed = link.headers.get("Content-Encoding") == "gzip"
        words = gzip.decompress(body) if packed else body
        if link.status_code != self.status or self.expect.encode() not in words:
            raise Failed(f"{self.name}: {link.status_code} {words[:300]!r}")
        return body


@dataclass(frozen=True)
class Load:
    """What one window of load told: requests a second, milliseconds, processor µs a request."""

    rate: float
    p50: float
    p99: float
    cpu: float
    behind: float
    """Processor µs a request in the database's own processes."""

    @property
    def elsewhere(self) -> str:
        """Say what the database's own processes took, where it has any."""
        return f"; and in the database {self.behind:.3g} µs" if self.behind else ""


def interleaved(*targets: Target, rounds: int, seconds: int) -> dict[str, Load]:
    """Load the targets in turn, round after round; returns the medians by their names."""
    windows: dict[str, list[Load]] = {target.name: [] for target in targets}
    for _ in range(rounds):
        for target in targets:
            target.check()
            windows[target.name].append(window(target, seconds))
    return {name: middle(loads) for name, loads in windows.items()}


def window(target: Target, seconds: int) -> Load:
    """Load one target for a while.

    :raises Failed: an answer was an error; a rate with such answers is none.
    """
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        paths = (path_of(target.url), *target.others)
        several = SEVERAL % ", ".join(json.dumps(path) for path in paths)
        script.write((several if target.others else "") + DONE)
        script.flush()
        spent, behind = cpu_seconds(target.pids), cpu_seconds(target.behind)
        told = _run(target, script.name, seconds)
        spent, behind = cpu_seconds(target.pids) - spent, cpu_seconds(target.behind) - behind
    if told["bad"]:
        raise Failed(f"{target.name}: {told['bad']} of {told['requests']} answers were errors")
    return Load(
        rate=told["requests"] / told["us"] * 1e6,
        p50=told["p50"] / 1000,
        p99=told["p99"] / 1000,
        cpu=spent / max(1, told["requests"]) * 1e6,
        behind=behind / max(1, told["requests"]) * 1e6,
    )


def middle(loads: list[Load]) -> Load:
    """Return the median of each number."""
    columns = zip(*map(astuple, loads), strict=True)
    return Load(*(statistics.median(column) for column in columns))


def path_of(url: str) -> str:
    """Return an address without its server."""
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _run(target: Target, script: str, seconds: int) -> dict[str, int]:
    options = ["-t1", f"-c{target.connections}", f"-d{seconds}s", "--timeout", "60s", "-s", script]
    for name, value in target.headers.items():
        options += ["-H", f"{name}: {value}"]
    command = [str(machine.program("wrk", "wrk")), *options, target.url]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    found = re.search(r"^JSON (.*)$", done.stdout, re.MULTILINE)
    if found is None:
        raise Failed(f"wrk at {target.name}: {done.stdout}{done.stderr}")
    told: dict[str, int] = json.loads(found[1])
    return told
