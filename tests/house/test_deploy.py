"""The examples in deploy/ and docs/operations.md: what they name exists, and nginx does as told."""

import os
import re
import shutil
import subprocess
import threading

import pytest
import requests
from werkzeug.serving import make_server

from discuss import create_app
from discuss.base.config import Settings
from tests.plumbing.nginx import CONF, nginx_conf
from tests.plumbing.services import REPO_ROOT, answers, free_port, missing, started, wait_until

pytestmark = pytest.mark.filterwarnings("ignore:Unverified HTTPS")

DEPLOY = CONF.parent
OPERATIONS = REPO_ROOT / "docs" / "operations.md"
HOST = "letters.example.org"  # in the examples
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")


@pytest.mark.parametrize("path", [*DEPLOY.iterdir(), OPERATIONS], ids=lambda path: path.name)
def test_every_setting_named_is_one(path):
    declared = {f"DISCUSS_{name.upper()}" for name in Settings.model_fields}
    named = set(re.findall(r"DISCUSS_[A-Z_]+[A-Z]", path.read_text()))

    assert {name for name in named if name.removesuffix("_FILE") not in declared} == set()


def test_every_figure_is_documented_and_every_documented_one_exists(reader):
    said = reader.get("/metrics").text
    made = {
        *re.findall(r"^# TYPE (\w+)", said, re.M),
        "discuss_process_deaths_total",
    }  # the parent's

    documented = re.findall(r"^\| `(discuss_\w+)[{`]", OPERATIONS.read_text(), re.M)

    assert sorted(documented) == sorted(made)


def test_the_image_has_what_the_service_is_made_of():
    dockerfile = (DEPLOY / "Dockerfile").read_text()
    copied = set(re.findall(r"^COPY ([\w.]+) ", dockerfile, re.M))
    let_in = set(re.findall(r"^!(\S+)", (DEPLOY / "Dockerfile.dockerignore").read_text(), re.M))

    assert copied == let_in
    assert {"discuss", "migrations", "static", "templates", "wsgi.py"} <= copied
    assert all((REPO_ROOT / name).exists() for name in copied)


def test_the_unit_is_one_that_systemd_understands(tmp_path):
    if (program := shutil.which("systemd-analyze")) is None:
        pytest.skip("systemd-analyze is not installed")
    for name in ("discuss.service", "discuss.socket"):
        text = (DEPLOY / name).read_text()
        here = {"/opt/discuss/.venv/bin/python": "/bin/sh", "/opt/discuss": "/", "User=discuss": ""}
        for installed, instead in here.items():
            text = text.replace(installed, instead)
        (tmp_path / name).write_text(text)

    found = subprocess.run(
        [program, "verify", *tmp_path.iterdir()], capture_output=True, text=True, check=False
    )

    assert (found.returncode, found.stderr) == (0, "")


def test_the_caddyfile_is_one_that_caddy_understands(tmp_path):
    if (program := shutil.which("caddy")) is None:
        pytest.skip("caddy is not installed")
    own = {"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path)}
    caddyfile = tmp_path / "Caddyfile"
    text = (DEPLOY / "Caddyfile").read_text()
    caddyfile.write_text(text.replace("/var/log/caddy", str(tmp_path)))

    found = subprocess.run(
        [program, "validate", "--adapter", "caddyfile", "--config", caddyfile],
        env=os.environ | own,
        capture_output=True,
        text=True,
        check=False,
    )

    assert found.returncode == 0, found.stderr


@pytest.fixture(params=["proxy_cache off", "proxy_cache pages"], ids=["as-is", "with-cache"])
def site(request, settings, make, tmp_path):
    """The application behind nginx; returns what asks it for pages."""
    if NGINX is None:
        missing("nginx-light")
    app = create_app(settings(trusted_proxies=1, site_url=f"https://{HOST}"))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    port = free_port()
    conf = nginx_conf(tmp_path, server.port, port, request.param)
    try:
        with started([NGINX, "-p", tmp_path, "-c", conf]):
            wait_until(lambda: answers(port), "nginx")
            yield Site(f"https://127.0.0.1:{port}")
    finally:
        server.shutdown()
        server.server_close()


class Site:
    """A browser at nginx's address."""

    def __init__(self, address):
        self.address = address

    def get(self, path, **headers):
        return requests.get(
            self.address + path,
            headers={"Host": HOST, **{name.replace("_", "-"): headers[name] for name in headers}},
            verify=False,  # noqa: S501  # its certificate was made for this test
            timeout=60,
        )


def test_behind_nginx_pages_are_packed_and_revalidated(site):
    page = site.get("/letters/bystander", Accept_Encoding="br")
    again = site.get("/letters/bystander", Accept_Encoding="br", If_None_Match=page.headers["ETag"])

    assert (page.status_code, page.headers["Content-Encoding"]) == (200, "br")
    assert again.status_code == 304
    assert page.headers["Strict-Transport-Security"].startswith("max-age=")
    assert {"Cookie", "Accept-Encoding"} <= set(re.split(", *", page.headers["Vary"]))
    plain = site.get("/letters/bystander", Accept_Encoding="identity")
    assert "Content-Encoding" not in plain.headers


def test_behind_nginx_nobody_reads_the_figures_or_claims_an_address(site):
    assert site.get("/metrics").status_code == 404
    assert site.get("/metrics", X_Forwarded_For="127.0.0.1").status_code == 404
    assert site.get("//metrics").status_code == 404
    assert site.get("/%6detrics").status_code == 404


def test_behind_nginx_every_request_has_nginxs_id(site):
    ids = {
        site.get("/robots.txt", X_Request_ID="chosen-by-a-reader", Cookie=f"x={n}").headers[
            "X-Request-ID"
        ]
        for n in range(3)
    }

    assert len(ids) == 3
    assert all(re.fullmatch(r"[0-9a-f]{32}", one) for one in ids)


@pytest.mark.row("16")
def test_behind_nginx_nothing_is_kept_that_was_for_one_person(site):
    first = site.get("/signin", X_Request_ID="")
    second = site.get("/signin", X_Request_ID="")

    assert "no-store" in first.headers["Cache-Control"]
    assert first.headers["X-Request-ID"] != second.headers["X-Request-ID"]
