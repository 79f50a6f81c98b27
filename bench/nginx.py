"""Serves given bytes from disk by nginx, packed beforehand: the limit that we are held against."""

import contextlib
import gzip
import os
from collections.abc import Iterator
from pathlib import Path

from bench import machine
from bench.processes import started, wait_until
from bench.service import WORKERS
from bench.wrk import Target

PAGE = "page.html"
CONFIGURATION = """
{user}
worker_processes {workers};
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
  types {{ text/html html; }}
  access_log off;
  sendfile on;
  tcp_nopush on;
  open_file_cache max=100;
  keepalive_requests 1000000000;
  gzip_static on;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{ listen 127.0.0.1:{port} reuseport; root {folder}; }}
}}
"""


@contextlib.contextmanager
def serving(packed: bytes, folder: Path) -> Iterator[Target]:
    """Serve a page for as long as the block lasts.

    :param packed: the page as another server sends it, in gzip.
    :param folder: an empty one.
    """
    (folder / f"{PAGE}.gz").write_bytes(packed)
    (folder / PAGE).write_bytes(gzip.decompress(packed))
    port = machine.free_port()
    user = "user root;" if os.geteuid() == 0 else ""  # the folder is ours alone
    file = folder / "nginx.conf"
    file.write_text(CONFIGURATION.format(user=user, folder=folder, port=port, workers=WORKERS))
    program = machine.program("nginx", "nginx")
    command = [program, "-c", file, "-p", folder, "-e", folder / "error.log", "-g", "daemon off;"]
    with started(command, folder / "said.txt") as process:
        url = f"http://127.0.0.1:{port}/{PAGE}"
        target = Target("nginx", url, [process.pid], {"Accept-Encoding": "gzip"})
        wait_until(lambda: _answers(target), f"nginx, see {folder}")
        yield target


def _answers(target: Target) -> bool:
    with contextlib.suppress(OSError):
        return bool(target.check())
    return False
