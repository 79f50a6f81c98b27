"""deploy/nginx.conf on this machine: ports from the kernel, files in a folder of the test."""

import datetime
import os
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.plumbing.services import REPO_ROOT, free_port

CONF = REPO_ROOT / "deploy" / "nginx.conf"


def nginx_conf(folder: Path, upstream: int, port: int, cache: str) -> Path:
    """Return a configuration that includes deploy/nginx.conf, with this machine's addresses."""
    certificate, key = self_signed(folder)
    own = {
        "server 127.0.0.1:8000;": f"server 127.0.0.1:{upstream};",
        "listen 80;": f"listen 127.0.0.1:{free_port()};",
        "listen [::]:80;": "",
        "listen 443 ssl http2;": f"listen 127.0.0.1:{port} ssl http2;",
        "listen [::]:443 ssl http2;": "",
        "/etc/letsencrypt/live/letters.example.org/fullchain.pem": str(certificate),
        "/etc/letsencrypt/live/letters.example.org/privkey.pem": str(key),
        "/var/cache/nginx/discuss": str(folder / "cache"),
        "/var/log/nginx/discuss.log": str(folder / "access.log"),
        "proxy_cache off;": f"{cache};",
    }
    text = CONF.read_text()
    for installed, here in own.items():
        assert installed in text
        text = text.replace(installed, here)
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;\n" if os.geteuid() == 0 else ""
    conf = folder / "nginx.conf"
    conf.write_text(
        f"daemon off;\nworker_processes 1;\n{user}pid {folder}/pid;\n"
        f"error_log {folder}/error.log;\n"
        f"events {{}}\nhttp {{\n{temporary}{text}\n}}\n"
    )
    return conf


def self_signed(folder: Path) -> tuple[Path, Path]:
    """Make a certificate and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "letters.example.org")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    paths = folder / "certificate.pem", folder / "key.pem"
    paths[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return paths
