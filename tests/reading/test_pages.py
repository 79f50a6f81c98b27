"""The public pages as anybody gets them: the same bytes for all, right under their clock."""

import contextlib
import gzip
import re

import brotli
import pytest
import sqlalchemy as sa

from discuss.accounts.models import Role
from discuss.base.db import session as db_session
from discuss.comments import actions
from discuss.comments.forms import Excerpt
from discuss.comments.models import Reason
from discuss.letters.models import State
from discuss.moderation import actions as moderation
from tests.conftest import SITE, Reader


@pytest.fixture
def letter(make):
    return make.letter(("First #Hope paragraph.", "Second & <last>."), hashtags=("Hope",))


def test_a_letter_is_printed_with_numbered_paragraphs(reader, letter):
    text = reader.get(f"/letters/{letter.slug}").text

    assert 'id="p1"' in text
    assert "Second &amp; &lt;last&gt;." in text
    assert '<a href="/?tag=hope">#Hope</a>' in text


@pytest.mark.parametrize(("words", "told"), [(1, "1 minute"), (340, "1 minute"), (350, "2 minute")])
def test_a_letter_says_how_many_minutes_it_takes_with_its_introduction(reader, make, words, told):
    letter = make.letter(("word " * (words // 2),), introduction=["word " * (words - words // 2)])

    assert f"<span>{told} read</span>" in reader.get(f"/letters/{letter.slug}").text


def test_the_list_counts_comments_as_they_come_and_go(reader, letter, make, session):
    def counted():
        found = re.search(rf'{letter.slug}#talk">(\d+ comments?)<', reader.get("/").text)
        return found[1]

    before = counted()
    comment = make.comment(letter)
    after = counted()
    moderation.remove(letter, make.moderator(), comment.number, Reason.SPAM)
    session.commit()

    assert (before, after, counted()) == ("0 comments", "1 comment", "0 comments")


def test_a_signed_out_page_is_the_same_bytes_for_everybody(app, letter, make):
    make.comment(letter)
    readers = [Reader(app.test_client()) for _ in range(2)]

    pages = [one.get(f"/letters/{letter.slug}") for one in readers]

    assert pages[0].data == pages[1].data
    assert pages[0].headers["ETag"] == pages[1].headers["ETag"]
    assert "Set-Cookie" not in pages[0].headers
    assert re.search(r'name="csrf_token" value=""', pages[0].text)
    assert re.search(r'name="key" value=""', pages[0].text)


def test_a_page_asked_for_again_unchanged_costs_no_bytes(reader, letter, make):
    first = reader.get(f"/letters/{letter.slug}")

    again = reader.get(f"/letters/{letter.slug}", headers={"If-None-Match": first.headers["ETag"]})
    make.comment(letter)
    after = reader.get(f"/letters/{letter.slug}", headers={"If-None-Match": first.headers["ETag"]})

    assert (again.status_code, again.data, after.status_code) == (304, b"", 200)


@pytest.mark.parametrize(
    ("encoding", "unpack"), [("gzip", gzip.decompress), ("br", brotli.decompress)]
)
def test_a_page_travels_packed(reader, letter, encoding, unpack):
    plain = reader.get(f"/letters/{letter.slug}")

    packed = reader.get(f"/letters/{letter.slug}", headers={"Accept-Encoding": encoding})

    assert packed.headers["Content-Encoding"] == encoding
    assert unpack(packed.data) == plain.data
    assert "Accept-Encoding" in packed.headers["Vary"]


@pytest.mark.row("F26")
def test_a_new_comment_is_on_the_next_page_that_anybody_reads(reader, letter, make):
    reader.get(f"/letters/{letter.slug}")

    make.comment(letter, source="Just now.")

    assert "Just now." in reader.get(f"/letters/{letter.slug}").text


@pytest.mark.row("F26")
def test_a_page_rendered_while_a_comment_lands_is_not_kept_as_new(app, letter, make, reader):
    """The clock is read before the page: what lands meanwhile stands under the older clock."""
    path = f"/letters/{letter.slug}"
    before = reader.get(path).headers["ETag"]
    make.comment(letter, source="Landed.")

    after = reader.get(path)

    assert (after.headers["ETag"] != before, "Landed." in after.text) == (True, True)


@pytest.mark.row("16")
def test_a_page_for_somebody_is_never_shared(sign_in, make, letter):
    page = sign_in(make.account("Robin Reader"))

    answer = page.get(f"/letters/{letter.slug}")

    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "Commenting as" in answer.text
    assert "Robin Reader" in answer.text


@pytest.mark.row("16")
def test_a_reader_after_somebody_signed_in_sees_nothing_of_them(sign_in, make, letter, reader):
    sign_in(make.account("Robin Reader")).get(f"/letters/{letter.slug}")

    answer = reader.get(f"/letters/{letter.slug}")

    assert "Robin Reader" not in answer.text


def test_a_changed_name_shows_everywhere_at_once(sign_in, make, letter, reader):
    author = make.account("Before Name")
    make.comment(letter, author=author)
    path = f"/letters/{letter.slug}"
    assert "Before Name" in reader.get(path).text

    sign_in(author).post("/account/name", name="After Name")

    assert "After Name" in reader.get(path).text
    assert "Before Name" not in reader.get(path).text


def test_a_tracking_parameter_makes_no_second_page(app, letter, reader):
    shelf = app.extensions["shelf"]
    reader.get(f"/letters/{letter.slug}")
    kept = len(shelf)

    reader.get(f"/letters/{letter.slug}?utm_source=x&fbclid=y&sort=nonsense")

    assert len(shelf) == kept


@contextlib.contextmanager
def statements():
    """Collect what the database is asked meanwhile."""
    engine, seen = db_session.get_bind(), []

    def note(_connection, _cursor, statement, *_rest):
        seen.append(statement)

    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)


@pytest.mark.row("F18")
def test_a_page_takes_the_same_statements_at_10_and_at_1000_comments(app, make, sign_in):
    from tests.comments.test_walk import grow

    author, counts = make.account(), []
    page = sign_in(make.account())
    page.get("/house-rules")  # a worker keeps them
    for size in (10, 1_000):
        letter = make.letter()
        grow(letter, {n: (0 if n % 2 else n - 1, 0) for n in range(1, size + 1)}, author)
        with statements() as seen:
            page.get(f"/letters/{letter.slug}")
        counts.append(len(seen))

    assert counts[0] == counts[1]


def test_a_page_asks_three_things_about_a_reader_who_has_nothing_of_their_own_there(
    app, make, sign_in
):
    letter = make.letter()
    make.comment(letter)
    page = sign_in(make.account())
    page.get(f"/letters/{letter.slug}")  # what all share is kept

    with statements() as seen:
        page.get(f"/letters/{letter.slug}")

    assert [re.search(r"FROM (\w+)", asked)[1] for asked in seen] == ["clocks", "signins", "bans"]


def test_a_draft_letter_is_not_found_and_a_withdrawn_one_is_gone(make, reader):
    draft = make.letter(publish=False)
    withdrawn = make.letter(state=State.WITHDRAWN)

    assert reader.get(f"/letters/{draft.slug}").status_code == 404
    assert reader.get(f"/letters/{withdrawn.slug}").status_code == 410


def test_the_list_shows_published_letters_alone_and_tags_narrow_it(make, reader):
    make.letter(headline="About peace", tags=("Peace",))
    make.letter(headline="About bread", tags=("Bread and roses",))
    make.letter(headline="Not yet", publish=False)

    everything = reader.get("/").text
    bread = reader.get("/?tag=bread-and-roses").text

    assert ("About peace" in everything, "Not yet" in everything) == (True, False)
    assert ("About bread" in bread, "About peace" in bread) == (True, False)
    assert reader.get("/?tag=nothing-has-this").status_code == 404


def test_a_comment_s_page_shows_it_in_its_context(make, reader, letter):
    root = make.comment(letter, source="The root.")
    middle = make.comment(letter, root, source="The middle.")
    make.comment(letter, middle, source="The answer.")

    text = reader.get(f"/letters/{letter.slug}/comments/{middle.number}").text

    assert all(words in text for words in ("The root.", "The middle.", "The answer."))
    assert f'id="c-{middle.number}"' in text


@pytest.mark.parametrize("path", ["9999", "0", "99999999999", "-1", "x"])
def test_a_comment_that_never_was_is_not_found(reader, letter, path):
    assert reader.get(f"/letters/{letter.slug}/comments/{path}").status_code == 404


@pytest.mark.row("28")
@pytest.mark.parametrize("query", ["after=x", "after=b1", "after=b1.1'--", "sort=oldest&after=n3"])
def test_a_hostile_cursor_is_not_found(reader, letter, query):
    assert reader.get(f"/letters/{letter.slug}?{query}").status_code == 404


def test_a_passage_shows_how_many_comments_it_has(make, reader, letter):
    make.comment(letter, source="About **this**.", excerpt=Excerpt(1, "First"))

    text = reader.get(f"/letters/{letter.slug}").text

    assert re.search(
        r'class="pin".*?<span>1<span class="sr-n"> comment</span></span><q>About this\.', text
    )


def test_an_open_page_hears_of_what_can_be_read_whenever_it_began(make, reader, letter):
    comment = make.comment(letter)
    gone = make.comment(letter, author=(author := make.account()))
    actions.delete(letter, author, gone.number)
    db_session.commit()

    answers = [reader.get(f"/letters/{letter.slug}/newer{since}") for since in ("", "?since=1")]

    assert [answer.json["newest"] for answer in answers] == [[comment.number]] * 2
    assert answers[0].headers["ETag"] == answers[1].headers["ETag"]


def test_own_comment_has_edit_and_delete_and_no_vote(make, sign_in, letter):
    author = make.account()
    make.comment(letter, author=author)

    text = sign_in(author).get(f"/letters/{letter.slug}").text

    assert ("?edit=1" in text, ">Delete<" in text, "Vote up" in text) == (True, True, False)


def test_a_moderator_s_comment_carries_the_badge(make, reader, letter):
    make.comment(letter, author=make.account(role=Role.MODERATOR))

    assert '<span class="badge">Moderator</span>' in reader.get(f"/letters/{letter.slug}").text


def test_localhost_leads_to_the_site_s_own_address(reader):
    answer = reader.client.get("/letters/x?sort=newest", base_url="http://localhost:8000")

    assert (answer.status_code, answer.location) == (308, f"{SITE}/letters/x?sort=newest")
