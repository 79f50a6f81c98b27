"""What a hostile issuer may write into its own documents: discovery and keys."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from joserfc.jwk import ECKey, OctKey, RSAKey

from discuss import create_app
from discuss.accounts import roundtrip
from discuss.accounts.errors import ProviderConfused
from tests.accounts.conftest import Browser
from tests.plumbing.databases import dispose

GOOD = {"authorization_endpoint": "/authorize", "token_endpoint": "/token", "jwks_uri": "/jwks"}


class Issuer:
    """An issuer that serves whatever a test puts into it."""

    def __init__(self):
        issuer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                issuer.asked.append(self.path)
                status, body, head = issuer.answers.get(self.path, (404, b"", {}))
                self.send_response(status)
                for name, value in head.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.answers, self.asked = {}, []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def put(self, path, document, status=200, **head):
        body = document if isinstance(document, bytes) else json.dumps(document).encode()
        self.answers[path] = status, body, head

    def discovery(self, **changed):
        whole = {"issuer": self.address}
        whole |= {name: self.address + path for name, path in GOOD.items()}
        found = {name: value for name, value in (whole | changed).items() if value is not None}
        self.put("/.well-known/openid-configuration", found)


@pytest.fixture
def issuer():
    issuer = Issuer()
    yield issuer
    issuer.server.shutdown()
    issuer.server.server_close()


@pytest.fixture
def site(settings, issuer):
    app = create_app(settings(google_issuer=issuer.address))
    yield app
    dispose(app)


@pytest.fixture
def client(site):
    return site.extensions["services"]["google"].client


@pytest.mark.parametrize(
    "changed",
    [
        {"issuer": "https://evil.example"},
        {"issuer": None},
        {"issuer": ["x"]},
        {"authorization_endpoint": None},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": "data:text/html,x"},
        {"authorization_endpoint": "http://evil.example/authorize"},
        {"authorization_endpoint": "//evil.example"},
        {"authorization_endpoint": "http://[evil"},
        {"authorization_endpoint": {"a": 1}},
        {"token_endpoint": 17},
        {"token_endpoint": "file:///etc/passwd"},
        {"jwks_uri": ""},
        {"userinfo_endpoint": "ftp://x"},
    ],
    ids=str,
)
def test_a_bad_discovery_document_is_refused_and_not_kept(site, issuer, client, changed):
    issuer.discovery(**changed)
    reader = Browser(site)

    answer = reader.post("/signin/google")

    assert (answer.status_code, "could not be checked" in answer.text) == (400, True)
    assert "evil" not in answer.text
    issuer.discovery()
    assert reader.post("/signin/google").status_code == 200, "a good one is taken at once"


@pytest.mark.parametrize(
    "body",
    [b"", b"null", b"[" * 100_000, b'{"a":' * 50_000, b"\xff\xfe\x00", b"1" * 5000, b'"x"'],
    ids=range(7),
)
def test_a_document_that_is_none_is_refused(site, issuer, body):
    issuer.put("/.well-known/openid-configuration", body)

    assert Browser(site).post("/signin/google").status_code == 400


def test_a_good_document_of_more_than_a_quarter_megabyte_is_refused(site, issuer):
    issuer.discovery(padding="x" * 256 * 1024)

    assert Browser(site).post("/signin/google").status_code == 400


@pytest.mark.row("32")
def test_a_redirect_is_not_followed(site, issuer):
    issuer.put("/.well-known/openid-configuration", b"", 302, Location=f"{issuer.address}/other")

    assert Browser(site).post("/signin/google").status_code == 400
    assert "/other" not in issuer.asked


def test_a_document_cannot_reach_into_our_client(site, issuer, client):
    issuer.discovery(
        verify=False, proxies={"http": "http://evil.example"}, client_id="other", jwks={"keys": []},
        id_token_signing_alg_values_supported=["none", "HS256"], authorize_url="http://evil",
        scope="x",
    )  # fmt: skip

    page = Browser(site).post("/signin/google")

    assert (page.status_code, "client_id=standin-google" in page.text) == (200, True)
    assert client.server_metadata["id_token_signing_alg_values_supported"] == [
        "RS256",
        "PS256",
        "ES256",
    ]
    assert not {"verify", "proxies", "client_id", "jwks", "scope"} & set(client.server_metadata)


def test_an_issuer_is_the_same_with_and_without_its_last_slash(site, issuer):
    issuer.discovery(issuer=f"{issuer.address}/")

    assert Browser(site).post("/signin/google").status_code == 200


def test_a_client_proves_itself_in_a_way_that_the_issuer_takes(site, issuer, client):
    issuer.discovery(token_endpoint_auth_methods_supported=["client_secret_post"])

    assert client.load_server_metadata()["token_endpoint_auth_method"] == "client_secret_post"


def test_odd_keys_beside_a_good_one_do_no_harm(issuer, client):
    good = RSAKey.generate_key(2048, {"kid": "good"}).as_dict(private=False)
    odd = [
        {"kty": "XYZ", "kid": "odd"},
        {"kty": "OKP", "crv": "X448", "x": "AA"},
        OctKey.generate_key().as_dict(),
        ECKey.generate_key("P-256").as_dict(private=False) | {"use": "enc"},
        "a text",
        None,
        {"kty": ["RSA"]},
    ]
    issuer.discovery()
    issuer.put("/jwks", {"keys": [*odd, good]})

    assert [key["kid"] for key in client.fetch_jwk_set()["keys"]] == ["good"]


@pytest.mark.parametrize(
    "document",
    [[], "x", {}, {"keys": {}}, {"keys": [{"kty": "RSA"}]}, {"keys": [{"kty": "RSA", "n": 1}]},
     {"keys": [{"kty": "RSA", "n": "AQAB", "e": "!"}]}, {"keys": [{"kty": "EC", "crv": "P-257"}]},
     {"keys": [{"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"}]}],
    ids=range(9),
)  # fmt: skip
def test_keys_that_are_none_are_not_kept(site, issuer, client, document):
    issuer.discovery()
    issuer.put("/jwks", document)

    with (
        pytest.raises(ProviderConfused),
        roundtrip.one_family(site.extensions["services"]["google"].provider),
        site.app_context(),
    ):
        client.fetch_jwk_set()

    assert "jwks" not in client.server_metadata


def test_an_unreachable_issuer_does_not_stop_the_start(settings):
    app = create_app(settings(google_issuer="http://127.0.0.1:1"))

    page = Browser(app).get("/signin")

    dispose(app)
    assert (page.status_code, "Continue with Google" in page.text) == (200, True)
