"""nginx as it stands in front of a site, on a port from the kernel."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.plumbing.services import answers, missing, started, wait_until

MAIN = """
user root;  # else its workers could not write here; without effect unless root starts it
daemon off;
worker_processes 1;
pid nginx.pid;
error_log error.log;
events {}
http {
    access_log off;
    client_body_temp_path bodies;
    proxy_temp_path answers;
    fastcgi_temp_path unused;
    uwsgi_temp_path unused;
    scgi_temp_path unused;
    proxy_cache_path cached keys_zone=pages:1m;
    proxy_http_version 1.1;
    proxy_set_header Host $http_host;
    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    proxy_set_header X-Forwarded-Proto $scheme;
    proxy_set_header X-Forwarded-Host $http_host;
    %s
}
"""


@contextmanager
def nginx(folder: Path, port: int, servers: str) -> Iterator[subprocess.Popen[str]]:
    """Run nginx for as long as the block lasts.

    :param folder: its own.
    :param port: which one of the servers listens at, to wait for.
    :param servers: what to put into the block `http` of its configuration.
    """
    # Debian keeps it off the PATH of everybody but root.
    if (program := shutil.which("nginx", path="/usr/local/sbin:/usr/sbin:/usr/bin")) is None:
        missing("nginx")
    (folder / "nginx.conf").write_text(MAIN % servers)
    command = [program, "-e", "error.log", "-p", folder, "-c", "nginx.conf"]
    with started(command, cwd=folder) as process:
        wait_until(lambda: answers(port), "nginx")
        yield process
