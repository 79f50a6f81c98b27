"""Reading letters and their comments through the API."""

from datetime import date

import pytest
import sqlalchemy as sa

from discuss.comments import actions
from discuss.comments.models import Comment, Reason
from discuss.moderation import actions as moderation

ROW = {
    "number",
    "parent",
    "level",
    "author",
    "posted_at",
    "edited_at",
    "changed",
    "html",
    "source",
    "score",
    "reply_count",
    "state",
    "more",
}


@pytest.fixture
def grown(session, make, letter):
    """A letter whose thread has 400 comments in every shape: broad, deep, and both."""
    author = make.account()
    parents = {n: 0 if n % 9 == 1 else n - 1 - (n * 7) % min(n - 1, 11) for n in range(1, 401)}
    rows = [
        {
            "letter_id": letter.id,
            "number": n,
            "parent": parent,
            "changed": n,
            "account_id": author.id,
            "source": f"*{n}*",
            "html": f"<p><em>{n}</em></p>",
            "score": n * 13 % 7,
            "reply_count": sum(other == n for other in parents.values()),
        }
        for n, parent in parents.items()
    ]
    session.execute(sa.insert(Comment), rows)
    letter.clock = letter.comment_count = len(rows)
    session.commit()
    return parents


def test_a_program_without_a_token_reads_a_comment_as_the_contract_says(make, letter, anybody):
    author = make.account("Robin")
    root = make.comment(letter, author=author, source="I have **read** it.")
    make.comment(letter, root)

    answer = anybody.comments(letter)

    row = answer.json["comments"][0]
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    assert set(row) == ROW
    assert row["author"] == {"name": "Robin"}
    assert (row["parent"], row["level"], row["reply_count"], row["more"]) == (0, 1, 1, None)
    assert (row["html"], row["source"]) == (
        "<p>I have <strong>read</strong> it.</p>",
        "I have **read** it.",
    )
    assert (row["state"], row["score"], row["edited_at"]) == ("visible", 0, None)
    assert row["posted_at"] == root.posted_at.isoformat().replace("+00:00", "Z")
    assert answer.json["next"] is None
    assert answer.json["clock"] == letter.clock


def test_empty_parameters_count_as_left_out(make, letter, anybody):
    make.comment(letter)

    plain = anybody.get(f"/letters/{letter.slug}/comments")
    empty = anybody.get(f"/letters/{letter.slug}/comments?top=0&sort=&after=&limit=")

    assert plain.json == empty.json


@pytest.mark.parametrize("sort", ["best", "newest", "oldest"])
@pytest.mark.parametrize("limit", [1, 10, 64, 100])
def test_every_comment_is_reached_once_by_next_and_more(letter, anybody, grown, sort, limit):
    found = anybody.everything(letter, sort=sort, limit=limit)

    assert {number: row["parent"] for number, row in found.items()} == grown
    assert all(row["source"] == f"*{number}*" for number, row in found.items())


def test_a_parent_always_comes_before_its_replies_with_the_level_told(letter, anybody, grown):
    rows = anybody.comments(letter, sort="newest").json["comments"]

    level = {0: 0}
    for row in rows:
        level[row["number"]] = level[row["parent"]] + 1
        assert row["level"] == level[row["number"]]


def test_top_gives_the_replies_of_one_comment(make, letter, anybody):
    root = make.comment(letter)
    reply = make.comment(letter, root)
    make.comment(letter, source="Another root.")

    rows = anybody.comments(letter, top=root.number).json["comments"]

    assert [(row["number"], row["level"]) for row in rows] == [(reply.number, 1)]


def test_a_more_or_next_is_read_in_its_own_order_without_naming_it(letter, anybody, grown):
    first = anybody.comments(letter, sort="newest", limit=10).json

    named = anybody.comments(letter, sort="newest", after=first["next"]).json
    unnamed = anybody.comments(letter, after=first["next"]).json

    assert named == unnamed


@pytest.mark.parametrize("limit", [1, 7, 100])
def test_since_0_lists_every_comment_once_by_its_last_change(letter, anybody, grown, limit):
    rows = list(anybody.changes(letter, limit=limit))

    assert {row["number"]: row["parent"] for row in rows} == grown
    assert len(rows) == len(grown)
    assert [row["changed"] for row in rows] == sorted(row["changed"] for row in rows)


def test_since_a_clock_lists_what_changed_after_it(make, letter, anybody, session):
    author = make.account()
    old = make.comment(letter, author=author, source="Old.")
    make.comment(letter, source="Not touched.")
    seen = anybody.comments(letter).json["clock"]
    new = make.comment(letter, source="New.")
    actions.edit(letter, author, old.number, "Edited.", None)
    session.commit()

    answer = anybody.comments(letter, since=seen).json

    assert [row["number"] for row in answer["comments"]] == [new.number, old.number]
    assert answer["comments"][1]["edited_at"]
    assert anybody.comments(letter, since=answer["clock"]).json["comments"] == []


def test_comments_that_changed_in_one_tick_are_all_listed_across_pages(
    letter, anybody, grown, session
):
    letter.clock += 1
    session.execute(
        sa.update(Comment)
        .where(Comment.letter_id == letter.id, Comment.number.between(10, 19))
        .values(changed=letter.clock)
    )
    session.commit()

    rows = list(anybody.changes(letter, since=400, limit=3))

    assert [row["number"] for row in rows] == list(range(10, 20))


def test_more_in_a_list_of_changes_leads_to_replies_that_the_answer_lacks(make, letter, anybody):
    root = make.comment(letter)
    reply = make.comment(letter, root)

    apart = anybody.comments(letter, since=0, limit=1).json["comments"][0]
    together = anybody.comments(letter, since=0).json["comments"][0]

    rows = anybody.comments(letter, top=root.number, after=apart["more"]).json["comments"]
    assert [row["number"] for row in rows] == [reply.number]
    assert together["more"] is None


@pytest.mark.row("27")
def test_tombstones_say_that_they_are_and_nothing_else(make, letter, anybody, session):
    author = make.account("Pat of the secret words")
    removed = make.comment(letter, author=author, source="Secret one.")
    deleted = make.comment(letter, author=author, source="Secret two.")
    make.comment(letter, removed)
    make.comment(letter, deleted)
    moderation.remove(letter, make.moderator(), removed.number, Reason.ATTACK)
    actions.delete(letter, author, deleted.number)
    session.commit()

    listed = anybody.comments(letter)
    changes = anybody.comments(letter, since=0)
    one = anybody.get(f"/letters/{letter.slug}/comments/{removed.number}")

    states = {row["number"]: row["state"] for row in listed.json["comments"]}
    assert (states[removed.number], states[deleted.number]) == ("removed", "deleted")
    for answer in (listed, changes, one):
        assert "ecret" not in answer.text
    for row in listed.json["comments"]:
        if row["state"] != "visible":
            assert (row["html"], row["source"], row["author"]) == ("", "", {"name": "[deleted]"})


@pytest.mark.row("27")
def test_what_waits_for_a_moderator_is_in_no_list(make, letter, anybody):
    make.held(letter)

    assert anybody.comments(letter).json["comments"] == []
    assert anybody.comments(letter, since=0).json["comments"] == []


def test_a_deleted_comment_with_nothing_under_it_is_listed_among_the_changes_alone(
    make, letter, anybody, session
):
    author = make.account()
    comment = make.comment(letter, author=author)
    actions.delete(letter, author, comment.number)
    session.commit()

    assert anybody.comments(letter).json["comments"] == []
    assert [row["state"] for row in anybody.changes(letter)] == ["deleted"]


@pytest.mark.row("28")
@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=ten", "limit"),
        ("limit=٣", "limit"),
        ("limit=-1", "limit"),
        ("top=-1", "top"),
        ("top=2147483648", "top"),
        ("top=1e3", "top"),
        ("since=x", "since"),
        ("since=99999999999999999999", "since"),
        ("since=0&top=3", "top"),
        ("since=0&after=b1.2", "after"),
        ("sort=worst", "sort"),
        ("sort=score;drop table comments", "sort"),
        ("after=nonsense", "after"),
        ("sort=best&after=n5", "after"),
        ("after=b1", "after"),
        ("after=c1.1", "after"),
        ("after=o99999999999", "after"),
        ("after=o9999999999", "after"),
        ("after=' or 1=1 --", "after"),
        ("after=%00", "after"),
        ("since=0&after=c1", "after"),
        ("since=0&after=c9999999999.1", "after"),
    ],
)
def test_a_parameter_that_makes_no_sense_is_refused_by_name(letter, anybody, query, field):
    answer = anybody.get(f"/letters/{letter.slug}/comments?{query}")

    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    assert (answer.json["status"], answer.json["field"]) == (422, field)


@pytest.mark.row("24")
@pytest.mark.parametrize(
    "query", ["limit=1&limit=1000", "limit=1&since=&top=", "unknown=1&limit=1"]
)
def test_doubled_emptied_and_unknown_parameters_give_nothing_more(make, letter, anybody, query):
    for _ in range(2):
        make.comment(letter)

    answer = anybody.get(f"/letters/{letter.slug}/comments?{query}")

    assert (answer.status_code, len(answer.json["comments"])) == (200, 1)


def test_replies_of_a_comment_that_never_was_are_not_found(make, letter, anybody):
    elsewhere = make.comment(make.letter())
    for _ in range(3):
        make.comment(elsewhere and letter)

    assert anybody.comments(letter, top=999).status_code == 404
    assert anybody.get(f"/letters/{letter.slug}/comments/999").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/letters/nowhere",
        "/letters/nowhere/comments",
        "/letters/%00/comments",
        "/letters/%ed%a0%80/comments",
        "/letters/' or 1=1/comments",
        "/nothing",
        "/letters/nowhere/comments/99999999999999999999",
        "/letters/nowhere/comments/-1",
        "/api/v2/letters",
    ],
)
def test_what_is_not_there_is_not_found_in_json(anybody, path):
    answer = anybody.get(path)

    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")


def test_a_draft_is_not_found_and_not_listed(make, anybody):
    draft = make.letter(publish=False)

    assert anybody.get(f"/letters/{draft.slug}").status_code == 404
    assert anybody.comments(draft).status_code == 404
    assert draft.slug not in anybody.get("/letters").text


def test_a_wrong_method_is_told_which_are_right(letter, anybody):
    answer = anybody.call("PUT", f"/letters/{letter.slug}/comments")

    assert (answer.status_code, answer.mimetype) == (405, "application/problem+json")
    assert {"GET", "POST"} <= set(answer.headers["Allow"].split(", "))


def test_a_page_of_the_site_is_still_a_page_when_its_method_is_wrong(letter, reader):
    answer = reader.get(f"/letters/{letter.slug}/comments")

    assert (answer.status_code, answer.mimetype) == (405, "text/html")


def test_an_unchanged_list_answers_304_until_the_letter_s_clock_ticks(make, letter, anybody):
    make.comment(letter)
    path = f"/letters/{letter.slug}/comments"
    etag = anybody.get(path).headers["ETag"]

    same = anybody.get(path, headers={"If-None-Match": etag})
    make.comment(letter)
    other = anybody.get(path, headers={"If-None-Match": etag})

    assert (same.status_code, same.data) == (304, b"")
    assert (other.status_code, len(other.json["comments"])) == (200, 2)


def test_the_letters_are_listed_newest_first_page_by_page(make, anybody, session):
    dates = (None, date(2016, 5, 1), date(2020, 4, 3), date(2016, 5, 1), None)
    made = [make.letter(sent_on=on, precision=on and "month") for on in dates]

    listed, after = [], ""
    while after is not None:
        page = anybody.get("/letters", query_string={"limit": 1, "after": after}).json
        listed += [letter["slug"] for letter in page["letters"]]
        after = page["next"]

    expected = [made[n].slug for n in (2, 3, 1, 4, 0)]
    assert [slug for slug in listed if slug != "bystander"] == expected
    assert anybody.get("/letters").json["letters"][1]["sent"] == "2016-05"


def test_the_list_of_letters_answers_304_until_something_in_it_changes(make, letter, anybody):
    etag = anybody.get("/letters").headers["ETag"]

    same = anybody.get("/letters", headers={"If-None-Match": etag})
    make.comment(letter)
    other = anybody.get("/letters", headers={"If-None-Match": etag})

    assert (same.status_code, other.status_code) == (304, 200)
    assert letter.slug in other.text


@pytest.mark.row("28")
@pytest.mark.parametrize("after", ["x", ".", "2020-13-45.1", "2020-01-01.99999999999", "%00"])
def test_a_cursor_that_is_none_lists_no_letters(anybody, after):
    assert anybody.get(f"/letters?after={after}").status_code == 422


def test_a_letter_is_told_whole(make, anybody):
    letter = make.letter(("First.", "Second."), tags=("Labour",))

    told = anybody.get(f"/letters/{letter.slug}").json

    assert [part["text"] for part in told["paragraphs"]] == ["First.", "Second."]
    assert (told["closing"], told["signed_name"]) == ("Yours,", "A. N. Author")
    assert (told["tags"], told["is_open"]) == (["Labour"], True)
    assert told["url"].endswith(f"/letters/{letter.slug}")


def test_a_hundred_comments_cost_as_many_statements_as_ten(letter, anybody, grown, session):
    told = []
    sa.event.listen(session.get_bind(), "before_cursor_execute", lambda *given: told.append(given))

    anybody.comments(letter, limit=10)
    few = len(told)
    anybody.comments(letter, limit=100)

    assert len(told) - few == few
