"""What feed readers get: letters and comments, well formed, fresh, nothing but public."""

from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest
import sqlalchemy as sa

from discuss.comments import actions
from discuss.comments.models import Comment, Reason
from discuss.letters.models import State
from discuss.moderation import actions as moderation

ATOM = "{http://www.w3.org/2005/Atom}"
THREAD = "{http://purl.org/syndication/thread/1.0}"
SITE = "http://127.0.0.1:8000"


@pytest.fixture
def letter(make):
    return make.letter()


def feed_at(reader, path):
    """Fetch a feed, and fail unless it is a whole one."""
    answer = reader.get(path)
    assert (answer.status_code, answer.mimetype) == (200, "application/atom+xml")
    feed = ElementTree.fromstring(answer.data)  # noqa: S314 - our own words
    assert feed.tag == f"{ATOM}feed"
    for element in (feed, *feed.findall(f"{ATOM}entry")):
        for needed in ("id", "title", "updated"):
            assert element.findtext(f"{ATOM}{needed}"), f"RFC 4287 wants one {needed}"
        when = datetime.fromisoformat(element.findtext(f"{ATOM}updated"))
        assert when.utcoffset() is not None
    for entry in feed.findall(f"{ATOM}entry"):
        assert entry.findtext(f"{ATOM}author/{ATOM}name")
        assert entry.find(f"{ATOM}link[@rel='alternate']").get("href").startswith(SITE)
    ids = [entry.findtext(f"{ATOM}id") for entry in feed.findall(f"{ATOM}entry")]
    assert len(ids) == len(set(ids))
    return feed


def contents(feed):
    return [entry.findtext(f"{ATOM}content") for entry in feed.findall(f"{ATOM}entry")]


def test_a_published_letter_stands_in_the_feed_whole(make, reader):
    letter = make.letter(
        ("We need <more> #Hope.", "& less."), introduction=["Why we print this."], tags=("Labour",)
    )

    feed = feed_at(reader, "/feed.atom")

    entry = next(
        entry
        for entry in feed.findall(f"{ATOM}entry")
        if entry.findtext(f"{ATOM}id") == f"{SITE}/letters/{letter.slug}"
    )
    words = entry.findtext(f"{ATOM}content")
    assert "<p><em>Why we print this.</em></p>" in words
    assert f'<p>We need &lt;more&gt; <a href="{SITE}/?tag=hope">#Hope</a>.</p>' in words
    assert "<p>&amp; less.</p>" in words
    assert "Yours,<br>A. N. Author" in words
    assert entry.find(f"{ATOM}category").get("label") == "Labour"
    assert entry.findtext(f"{ATOM}title") == letter.headline


def test_a_new_letter_is_in_the_feed_at_once_and_a_draft_never(make, reader):
    before = feed_at(reader, "/feed.atom")
    make.letter(headline="A draft", publish=False)

    make.letter(headline="Brand new")

    titles = [title.text for title in feed_at(reader, "/feed.atom").iter(f"{ATOM}title")]
    assert len(titles) == len(list(before.iter(f"{ATOM}title"))) + 1
    assert ("Brand new" in titles, "A draft" in titles) == (True, False)


def test_a_letter_s_feed_has_its_comments_newest_first(make, reader, letter):
    root = make.comment(letter, source="*First*.", author=make.account("Robin"))
    reply = make.comment(letter, root, source="Second.")

    feed = feed_at(reader, f"/letters/{letter.slug}/feed.atom")

    assert contents(feed) == ["<p>Second.</p>", "<p><em>First</em>.</p>"]
    second, first = feed.findall(f"{ATOM}entry")
    place = f"{SITE}/letters/{letter.slug}"
    assert second.findtext(f"{ATOM}id") == f"{place}/comments/{reply.number}"
    assert second.find(f"{THREAD}in-reply-to").get("ref") == f"{place}/comments/{root.number}"
    assert first.find(f"{THREAD}in-reply-to").get("ref") == place
    assert first.findtext(f"{ATOM}title") == f"Robin on {letter.headline}"


def test_a_comment_shows_in_the_feeds_at_once(make, reader, letter):
    make.comment(letter, source="Old.")
    paths = (f"/letters/{letter.slug}/feed.atom", "/comments.atom")
    before = [contents(feed_at(reader, path)) for path in paths]

    make.comment(letter, source="New.")

    for path, old in zip(paths, before, strict=True):
        assert contents(feed_at(reader, path)) == ["<p>New.</p>", *old]


def test_an_edited_comment_has_the_time_of_its_edit(make, reader, letter, session):
    comment = make.comment(letter)
    comment.posted_at = datetime(2020, 1, 1, tzinfo=UTC)
    comment.edited_at = datetime(2020, 1, 2, tzinfo=UTC)
    session.commit()

    feed = feed_at(reader, f"/letters/{letter.slug}/feed.atom")

    entry = feed.find(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}published") == "2020-01-01T00:00:00Z"
    assert entry.findtext(f"{ATOM}updated") == "2020-01-02T00:00:00Z"
    assert feed.findtext(f"{ATOM}updated") == "2020-01-02T00:00:00Z"


def test_the_feed_of_all_comments_spans_the_letters(make, reader):
    for name in ("One.", "Two.", "Three."):
        make.comment(source=name)

    found = contents(feed_at(reader, "/comments.atom"))

    assert found[:3] == ["<p>Three.</p>", "<p>Two.</p>", "<p>One.</p>"]


@pytest.mark.row("27")
def test_what_is_not_public_is_in_no_feed(make, reader, letter, session):
    author = make.account("Nobody’s business")
    removed = make.comment(letter, author=author, source="Secret removed.")
    deleted = make.comment(letter, author=author, source="Secret deleted.")
    make.held(letter, author)
    hidden = make.letter(headline="Secret letter")
    make.comment(hidden, author=author, source="Secret elsewhere.")
    moderation.remove(letter, make.moderator(), removed.number, Reason.ATTACK)
    actions.delete(letter, author, deleted.number)
    hidden.state = State.WITHDRAWN
    session.commit()

    for path in (f"/letters/{letter.slug}/feed.atom", "/comments.atom", "/feed.atom"):
        text = reader.get(path).text
        assert ("Secret" in text, "business" in text, "Buy" in text) == (False, False, False)


@pytest.mark.parametrize("slug", ["nowhere", "draft"])
def test_there_is_no_feed_of_what_is_not_published(make, reader, slug):
    make.letter(slug="draft", publish=False)

    assert reader.get(f"/letters/{slug}/feed.atom").status_code == 404


@pytest.mark.row("1", "2")
@pytest.mark.parametrize(
    "name",
    ["<script>alert(1)</script>", "]]>&amp;<![CDATA[", "\"'><x", "\u202eevil", "a\x08\ufffeb"],
)
def test_hostile_names_and_words_cannot_break_a_feed(make, reader, letter, session, name):
    comment = make.comment(letter, source="]]></content> <script>alert(1)</script> & more")
    comment.author_name, comment.account_id = name, None
    session.commit()

    feed = feed_at(reader, f"/letters/{letter.slug}/feed.atom")

    told = feed.findtext(f"{ATOM}entry/{ATOM}author/{ATOM}name")
    assert told == name.replace("\x08", "").replace("\ufffe", "")
    assert "<script" not in contents(feed)[0]


def test_somebody_who_is_nobody_any_more_has_the_usual_name(make, reader, letter, session):
    comment = make.comment(letter)
    comment.account_id = None
    session.commit()

    feed = feed_at(reader, f"/letters/{letter.slug}/feed.atom")

    assert feed.findtext(f"{ATOM}entry/{ATOM}author/{ATOM}name") == "[deleted]"


def test_an_empty_feed_is_a_feed(make, reader, letter):
    feed = feed_at(reader, f"/letters/{letter.slug}/feed.atom")

    assert contents(feed) == []


@pytest.mark.row("F17")
def test_a_chain_of_a_thousand_has_a_feed_of_its_newest(make, reader, letter, session):
    rows = [
        {
            "letter_id": letter.id,
            "number": n,
            "parent": n - 1,
            "changed": n,
            "source": str(n),
            "html": f"<p>{n}</p>",
        }
        for n in range(1, 1_001)
    ]
    session.execute(sa.insert(Comment), rows)
    letter.clock = 1_000
    session.commit()

    found = contents(feed_at(reader, f"/letters/{letter.slug}/feed.atom"))

    assert found == [f"<p>{n}</p>" for n in range(1_000, 950, -1)]


def test_a_feed_that_has_not_changed_answers_304(reader, letter):
    for path in (f"/letters/{letter.slug}/feed.atom", "/comments.atom", "/feed.atom"):
        etag = reader.get(path).headers["ETag"]

        assert reader.get(path, headers={"If-None-Match": etag}).status_code == 304


@pytest.mark.row("16")
def test_a_session_s_cookie_never_travels_with_a_public_answer(make, sign_in, letter):
    page = sign_in(make.account())

    for path in (f"/letters/{letter.slug}/feed.atom", "/comments.atom", "/feed.atom"):
        answer = page.get(path)
        assert (answer.status_code, answer.mimetype) == (200, "application/atom+xml")
        assert "no-store" in answer.headers["Cache-Control"] or "Set-Cookie" not in answer.headers
