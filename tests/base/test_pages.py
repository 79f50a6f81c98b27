"""Pages that every site has."""

import pytest

from discuss import create_app
from tests.conftest import SITE


@pytest.mark.parametrize("path", ["/privacy", "/terms", "/house-rules", "/data-deletion"])
def test_fixed_pages_are_the_same_for_everybody(reader, path):
    answer = reader.get(path)

    assert (answer.status_code, "Set-Cookie" in answer.headers) == (200, False)
    assert reader.get(path, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/robots.txt"])
def test_the_site_says_how_it_is(reader, path):
    assert reader.get(path).status_code == 200


def test_the_icon_is_found_by_those_who_ask_for_it_unnamed(reader):
    answer = reader.get("/favicon.ico", follow_redirects=True)

    assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")


def test_security_txt_names_the_contact(settings):
    app = create_app(settings(contact="safety@example.org"))

    answer = app.test_client().get("/.well-known/security.txt", base_url=SITE)

    assert "Contact: mailto:safety@example.org\n" in answer.text


def test_without_a_contact_there_is_no_security_txt(reader):
    assert reader.get("/.well-known/security.txt").status_code == 404


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/nowhere", 404),
        ("/letters/none", 404),
        ("/letters/../etc/passwd", 404),
        ("/?tag=%00", 404),
        ("/letters/%00", 404),
    ],
)
def test_what_is_not_there_is_said_plainly(reader, path, status):
    answer = reader.get(path)

    assert (answer.status_code, "There is no page at this address" in answer.text) == (status, True)


def test_the_wrong_method_names_the_right_ones(reader):
    answer = reader.post("/privacy")

    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")


@pytest.mark.row("34")
def test_a_breakdown_gives_a_reference_and_no_insides(app, reader):
    app.add_url_rule("/breaks", "breaks", lambda: 1 / 0)

    answer = reader.get("/breaks")

    assert answer.status_code == 500
    assert "If you write to us, mention" in answer.text
    assert not any(word in answer.text for word in ("Traceback", "ZeroDivision", "discuss/"))


@pytest.mark.row("11")
def test_headers_keep_the_page_to_itself(reader):
    head = reader.get("/").headers

    assert "default-src 'none'" in head["Content-Security-Policy"]
    assert head["X-Content-Type-Options"] == "nosniff"
    assert head["Referrer-Policy"] == "strict-origin-when-cross-origin"


@pytest.mark.row("30", "F15")
def test_a_body_too_large_is_refused_in_words(reader, make):
    answer = reader.comment(make.letter(), "x" * 2_000_000)

    assert (answer.status_code, "too much at once" in answer.text) == (413, True)
