"""How files are joined, named, packed and served."""

import gzip
import re
from pathlib import Path

import brotli
import flask
import pytest
from flask import Flask
from flask.testing import FlaskClient

from discuss.base import assets
from discuss.base.assets import FOLDER, Assets


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small static folder."""
    write(tmp_path, "site.css", '@import "base/fonts.css";\n@import "base/page.css";\n')
    write(tmp_path, "base/fonts.css", '@font-face { src: url("fonts/a.woff2"); }\n')
    write(tmp_path, "base/fonts/a.woff2", "letters")
    write(tmp_path, "base/page.css", "p { color: red; }\n")
    write(tmp_path, "site.js", '// A list.\nimport "./base/one.js";\nimport "./base/two.js";\n')
    write(tmp_path, "base/one.js", "export const x = 1;\n")
    write(tmp_path, "base/two.js", 'import { x } from "./one.js";\n\nconst y = x;\n')
    return tmp_path


@pytest.fixture
def client() -> FlaskClient:
    app = Flask("site", static_folder=None)
    assets.init_app(app)
    return app.test_client()


def write(folder: Path, name: str, text: str) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def body(files: Assets, name: str) -> str:
    asset, _ = files.find(files.url(name).removeprefix(assets.PREFIX)) or pytest.fail(name)
    return asset.body.decode()


def site() -> Assets:
    return Assets()


def test_a_stylesheet_is_its_imports_in_their_order(folder: Path) -> None:
    files = Assets(folder)

    joined = body(files, "site.css")

    assert "@import" not in joined
    assert joined.index("@font-face") < joined.index("p { color: red; }")


def test_a_stylesheet_points_at_fonts_by_the_names_they_are_served_under(folder: Path) -> None:
    files = Assets(folder)

    (pointed_at,) = re.findall(r'url\("([^"]+)"\)', body(files, "site.css"))

    assert files.url("base/fonts/a.woff2") == assets.PREFIX + pointed_at


def test_scripts_share_the_first_ones_names_and_keep_their_own(folder: Path) -> None:
    joined = body(Assets(folder), "site.js")

    assert joined.startswith("const x = 1;\ntry {\n")
    assert "import" not in joined
    assert "\nconst y = x;\n} catch (error) {" in joined


def test_an_address_changes_when_its_file_changes_and_no_other_does(folder: Path) -> None:
    before = Assets(folder)

    write(folder, "base/page.css", "p { color: blue; }\n")
    after = Assets(folder)

    assert before.url("site.css") != after.url("site.css")
    assert before.url("site.js") == after.url("site.js")
    assert before.build != after.build


def test_a_changed_font_changes_the_stylesheet_that_names_it(folder: Path) -> None:
    before = Assets(folder)

    write(folder, "base/fonts/a.woff2", "other letters")

    assert before.url("site.css") != Assets(folder).url("site.css")


def test_every_worker_and_node_gives_the_same_files_the_same_addresses(folder: Path) -> None:
    one, other = Assets(folder), Assets(folder)

    assert (one.build, one.url("site.css")) == (other.build, other.url("site.css"))


def test_a_font_that_is_not_there_stops_the_start(folder: Path) -> None:
    (folder / "base/fonts/a.woff2").unlink()

    with pytest.raises(FileNotFoundError, match=r"base/fonts\.css points at base/fonts/a\.woff2"):
        Assets(folder)


def test_a_file_that_is_not_there_stops_the_start(folder: Path) -> None:
    (folder / "base/two.js").unlink()

    with pytest.raises(FileNotFoundError, match=r"two\.js"):
        Assets(folder)


def test_while_developing_a_changed_file_shows_at_the_next_request(folder: Path) -> None:
    app = Flask("site", static_folder=None)
    assets.init_app(app)
    app.extensions["assets"] = Assets(folder)
    app.debug = True
    with app.app_context():
        before = assets.asset_url("site.css")

        write(folder, "base/page.css", "p { color: green; }\n")

        assert assets.asset_url("site.css") != before


@pytest.mark.parametrize(
    ("accepts", "encoding", "unpack"),
    [
        ("gzip, deflate, br, zstd", "br", brotli.decompress),
        ("gzip, deflate", "gzip", gzip.decompress),
        ("br;q=0.1, gzip;q=0.9", "gzip", gzip.decompress),
        ("br;q=0, gzip;q=0", None, bytes),
        ("", None, bytes),
    ],
)
def test_a_file_comes_in_the_best_encoding_that_the_browser_takes(
    client: FlaskClient, accepts: str, encoding: str | None, unpack: type[bytes]
) -> None:
    url = site().url("discuss.css")

    answer = client.get(url, headers={"Accept-Encoding": accepts})

    assert answer.headers.get("Content-Encoding") == encoding
    assert unpack(answer.data).decode() == body(site(), "discuss.css")
    assert answer.headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize(
    ("name", "content_type"),
    [
        ("discuss.css", "text/css; charset=utf-8"),
        ("discuss.js", "text/javascript; charset=utf-8"),
        ("base/favicon.svg", "image/svg+xml"),
        ("base/fonts/literata-roman.woff2", "font/woff2"),
        ("base/fonts/literata-italic.woff2", "font/woff2"),
    ],
)
def test_a_file_is_kept_for_a_year_under_its_type(
    client: FlaskClient, name: str, content_type: str
) -> None:
    answer = client.get(site().url(name))

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == content_type
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_font_is_not_packed_twice(client: FlaskClient) -> None:
    url = site().url("base/fonts/literata-roman.woff2")

    answer = client.get(url, headers={"Accept-Encoding": "br, gzip"})

    assert "Content-Encoding" not in answer.headers
    assert answer.data == (FOLDER / "base/fonts/literata-roman.woff2").read_bytes()


def test_a_file_that_the_browser_has_is_not_sent_again(client: FlaskClient) -> None:
    url = site().url("discuss.js")
    br, packed = {"Accept-Encoding": "br"}, {"Accept-Encoding": "gzip"}
    etag = client.get(url, headers=br).headers["ETag"]

    again = client.get(url, headers={**br, "If-None-Match": etag})
    otherwise = client.get(url, headers={**packed, "If-None-Match": etag})

    assert (again.status_code, again.data) == (304, b"")
    assert otherwise.status_code == 200  # a strong tag names one encoding


def test_a_file_is_the_same_whoever_asks(client: FlaskClient) -> None:
    app = client.application
    app.secret_key = "for this test"

    @app.after_request
    def look_into_the_session(response: flask.Response) -> flask.Response:
        flask.session.get("anything")
        return response

    answer = client.get(site().url("base/fonts/literata-roman.woff2"))

    assert "Cookie" not in answer.headers.get("Vary", "")


def test_a_file_can_be_asked_about_without_being_fetched(client: FlaskClient) -> None:
    url = site().url("discuss.css")

    answer = client.head(url, headers={"Accept-Encoding": "gzip"})

    assert (answer.status_code, answer.data) == (200, b"")
    assert answer.headers["Content-Encoding"] == "gzip"


def test_a_file_takes_no_post(client: FlaskClient) -> None:
    assert client.post(site().url("discuss.css")).status_code == 404


def test_a_page_of_another_version_gets_todays_stylesheet_which_is_not_kept(
    client: FlaskClient,
) -> None:
    today = client.get(site().url("discuss.css"))

    other = client.get("/static/discuss-0123456789ab.css")

    assert (other.data, other.headers["Cache-Control"]) == (today.data, "no-cache")


@pytest.mark.row("11", "34")
@pytest.mark.parametrize(
    "path",
    [
        "discuss.css",
        "base/reset.css",
        "nothing-0123456789ab.css",
        "discuss-0123456789ab.py",
        "discuss-0123456789AB.css",
        "base/fonts/LICENSE-literata.txt",
        "../wsgi-0123456789ab.py",
        "..%2f..%2fetc/passwd",
        "discuss-0123456789ab.css%0a",
        "%00",
    ],
)
def test_what_is_not_a_file_of_ours_is_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(f"/static/{path}").status_code == 404
