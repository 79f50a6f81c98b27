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


def plain_conf(folder: Path, servers: str) -> Path:
    """Write a configuration without TLS, and return where it is.

    :param folder: nginx's own.
    :param servers: what to put into the block `http`.
    """
    conf = folder / "nginx.conf"
    conf.write_text(MAIN % servers)
    return conf


@contextmanager
def nginx(folder: Path, port: int, conf: Path) -> Iterator[subprocess.Popen[str]]:
    """Run nginx for as long as the block lasts.

    :param folder: its own.
    :param port: which one of its servers listens at, to wait for.
    :param conf: its configuration.
    """
    # Debian keeps it off the PATH of everybody but root.
    if (program := shutil.which("nginx", path="/usr/local/sbin:/usr/sbin:/usr/bin")) is None:
        missing("nginx-light")
    with started([program, "-e", "error.log", "-p", folder, "-c", conf], cwd=folder) as process:
        wait_until(lambda: answers(port), "nginx")
        yield process
