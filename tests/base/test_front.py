"""The ready pages before the application: what they answer, and when they are left alone."""

from datetime import timedelta

import pytest

from discuss.base import clock, metrics, pagecache
from discuss.comments import voting
from discuss.letters.models import State
from tests.conftest import SITE


@pytest.fixture
def letter(make, session):
    made = make.letter()
    make.comment(made, source="The first remark.")
    session.commit()
    return made


@pytest.fixture
def path(letter):
    return f"/letters/{letter.slug}"


@pytest.fixture
def entered(app):
    """The addresses that the application itself was asked for."""
    asked = []

    def listening(behind):
        def called(environ, start_response):
            asked.append(environ["PATH_INFO"])
            return behind(environ, start_response)

        return called

    pagecache.before(app, listening)
    return asked


@pytest.fixture
def ask(app):
    def ask(method, path, heads):
        with app.app_context():  # its own session, as in the world
            return app.test_client().open(path, method=method, base_url=SITE, headers=heads)

    return ask


@pytest.fixture
def get(ask):
    return lambda path, **heads: ask("GET", path, heads)


def test_a_page_that_is_ready_needs_no_application(get, path, entered):
    first, again = get(path), get(path)

    assert entered == [path]
    assert (again.status_code, again.data) == (200, first.data)
    assert dict(again.headers) == dict(first.headers)


def test_a_page_for_everybody_carries_no_id_of_a_request(get, path):
    assert ["X-Request-ID" in get(path).headers for _ in range(2)] == [False, False]
    assert "X-Request-ID" in get("/healthz").headers


def test_the_figures_tell_whether_a_page_was_ready(app, ask, get, path):
    etag = get(path).headers["ETag"]
    get(path)
    ask("HEAD", path, {})
    get(path, **{"If-None-Match": etag})

    table = metrics.of(app)
    counted = (table.shelf_miss, table.shelf_hit, table.shelf_unchanged)
    assert [table.total(cell) for cell in counted] == [1, 2, 1]


@pytest.mark.row("F26")
def test_a_comment_shows_on_the_next_page(get, path, letter, make, session):
    get(path)
    get(path)

    make.comment(letter, source="The second remark.")
    session.commit()

    assert "The second remark." in get(path).text


@pytest.mark.row("F26")
def test_a_changed_site_shows_on_the_next_page(get, path, session, entered):
    get(path)
    tag = get(path).headers["ETag"]

    pagecache.tick("site")
    session.commit()

    assert get(path).headers["ETag"] != tag
    assert len(entered) == 2


def test_a_withdrawn_letter_is_gone_at_once(get, path, letter, session):
    get(path)
    get(path)

    letter.state = State.WITHDRAWN
    session.commit()

    assert get(path).status_code == 410


def test_what_falls_due_is_looked_at_when_it_is_due(get, path, letter, session, entered):
    get(path)
    letter.due = clock.now() + timedelta(minutes=5)
    session.commit()
    get(path)
    assert len(entered) == 1

    letter.due = clock.now() - timedelta(seconds=1)
    session.commit()
    get(path)

    assert len(entered) == 2


def test_a_known_page_is_not_sent_again(get, path, entered):
    tag = get(path).headers["ETag"]

    answer = get(path, **{"If-None-Match": f'"another", {tag}'})

    assert (answer.status_code, answer.data) == (304, b"")
    assert answer.headers["ETag"] == tag
    assert "Cookie" in answer.headers["Vary"]
    assert len(entered) == 1


def test_a_reader_who_knows_the_page_makes_it_ready_for_others(get, path, app, entered):
    tag = get(path).headers["ETag"]
    app.extensions["front"]._keys.clear()  # as in a worker that has just begun

    assert get(path, **{"If-None-Match": tag}).status_code == 304
    assert get(path).status_code == 200
    assert len(entered) == 2


@pytest.mark.parametrize("encoding", ["br", "gzip"])
def test_each_encoding_is_kept(get, path, entered, encoding):
    first, again = (get(path, **{"Accept-Encoding": encoding}) for _ in range(2))

    assert again.headers["Content-Encoding"] == encoding
    assert again.data == first.data != get(path).data
    assert len(entered) == 2


def test_a_head_says_what_a_get_would(ask, get, path):
    whole = get(path)

    head = ask("HEAD", path, {})

    assert head.data == b""
    assert head.headers["Content-Length"] == str(len(whole.data))


def test_arguments_that_mean_nothing_lead_to_the_same_page(get, path, entered):
    whole = get(path)

    assert get(f"{path}?utm_source=x&fbclid=1").data == whole.data
    assert entered == [path]


def test_arguments_that_mean_something_lead_to_their_own(get, path, letter, make, session):
    make.comment(letter, source="The second remark.")
    session.commit()
    for _ in range(2):
        oldest, newest = (get(f"{path}?sort={sort}&x=1").text for sort in ("oldest", "newest"))

        assert oldest.index("The first") < oldest.index("The second")
        assert newest.index("The second") < newest.index("The first")


@pytest.mark.row("16")
def test_somebody_signed_in_gets_a_page_of_their_own(get, path, make, sign_in, entered):
    get(path)
    get(path)

    page = sign_in(make.account("Robin Reader")).get(path)

    assert "Robin Reader" in page.text
    assert "Robin Reader" not in get(path).text


def test_a_token_that_is_none_is_refused_though_the_page_is_ready(get, path, entered):
    get(path)

    get(path, Authorization="Bearer nonsense")

    assert len(entered) == 2


def test_a_missing_page_is_not_kept(get, entered):
    assert [get("/letters/nowhere").status_code for _ in range(2)] == [404, 404]
    assert len(entered) == 2


def test_votes_show_when_their_window_is_over(get, path, letter, make, session, time_machine):
    comment = make.comment(letter, source="Vote for me.")
    session.commit()
    get(path)
    voting.vote(letter, make.account(), comment.number, 1)
    session.commit()
    get(path)

    time_machine.move_to(clock.now() + timedelta(seconds=6))

    assert '<output aria-label="Score">1</output>' in get(path).text


def test_another_name_of_this_machine_still_leads_to_the_site_s_own(app, get, path):
    get(path)
    with app.app_context():
        answer = app.test_client().get(path, base_url="http://localhost:8000")

    assert (answer.status_code, answer.headers["Location"]) == (308, f"{SITE}{path}")


def test_the_heads_of_an_answer_stay_with_its_page(app, get, path, letter, make, session):
    other = f"{path}?sort=best"  # another address of the same page
    get(other)
    again = [True]

    def slow(behind):
        def called(environ, start_response):
            body = behind(environ, start_response)
            if again:  # a newer page is made before this one is sent
                again.clear()
                make.comment(letter, source="Meanwhile.")
                session.commit()
                get(other)
            return body

        return called

    pagecache.before(app, slow)
    old, new = get(path), get(path)

    assert "Meanwhile." in new.text
    assert new.headers["ETag"] != old.headers["ETag"]
    assert new.headers["Content-Length"] == str(len(new.data))
