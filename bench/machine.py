"""The machine that is measured on: what it is, the programs it needs, where things are kept."""

import os
import platform
import shutil
import socket
import sqlite3
import subprocess
from pathlib import Path

ROOT = Path(__file__).parent.parent
CACHE = Path(os.environ.get("BENCH_CACHE", ROOT / "instance" / "bench"))
"""What is kept between runs: the large databases and Isso. PostgreSQL's user must reach it."""

GIGABYTE = 1024**3


class Missing(Exception):
    """A program that a measurement needs is not on this machine."""


def program(name: str, package: str, beside_path: str = "") -> Path:
    """Return where a program is, after installing its package where that may be done.

    :param name: of the program.
    :param package: Debian's name of what brings it.
    :param beside_path: a pattern of folders where Debian keeps it off the PATH.
    :raises Missing: it is not here and cannot be installed.
    """
    if (found := _found(name, beside_path)) is None:
        _install(package)
        found = _found(name, beside_path)
    if found is None:
        raise Missing(f"{package} is not installed")
    return found.resolve()


def free_port() -> int:
    """Return a port that the kernel says is free, for programs that cannot ask it themselves."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def described() -> str:
    """Return what was measured on, in a line."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return ", ".join(
        (
            f"{len(os.sched_getaffinity(0))} cores ({_processor()})",
            f"{memory / GIGABYTE:.0f} GB",
            _system(),
            f"Python {platform.python_version()}",
            f"SQLite {sqlite3.sqlite_version}",
        )
    )


def _found(name: str, beside_path: str) -> Path | None:
    if here := shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin:/sbin"):
        return Path(here)
    folders = list(Path("/").glob(beside_path or "nowhere"))
    newest = max(folders, key=lambda folder: (len(str(folder)), str(folder)), default=None)
    return newest / name if newest else None


def _install(package: str) -> None:
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return
    print(f"Installing {package}")
    # RUNLEVEL=1: the servers of these packages are to stay off, we start our own.
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    for words in (["update"], ["install", "-y", "--no-install-recommends", package]):
        command = ["apt-get", "-q", *words]
        subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False)


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _system() -> str:
    names = platform.freedesktop_os_release()
    return f"{names.get('PRETTY_NAME', 'Linux')}, Linux {platform.release()}"
