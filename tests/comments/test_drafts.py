"""Write first, sign in after: words that travel, and come back to the very place."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from discuss.base import clock
from discuss.comments import drafts
from discuss.comments.models import Comment, Draft
from tests.conftest import SITE


@pytest.fixture
def letter(make):
    return make.letter()


def test_words_of_a_stranger_are_kept_and_lead_to_sign_in(make, reader, letter, session):
    answer = reader.comment(letter, "My words.", key="", csrf_token="")

    assert answer.status_code == 303
    assert answer.location == f"/signin?next=/letters/{letter.slug}%23write"
    assert session.scalars(sa.select(Draft.body)).all() == ["My words."]
    assert session.scalar(own_comments(letter)) == 0, "signing in never publishes"


def test_a_provider_s_button_keeps_the_words_of_the_same_form(reader, letter, session, provider):
    reader.post(f"/signin/{provider}", letter=letter.slug, body="On my way.", parent="0")

    assert session.scalars(sa.select(Draft.body)).all() == ["On my way."]


def test_the_words_are_in_the_composer_after_sign_in(make, sign_in, reader, letter):
    reader.comment(letter, "Kept <b>words</b> & signs.")
    page = sign_in(make.account())
    carry_cookie(reader, page)

    text = page.get(f"/letters/{letter.slug}").text

    assert "Kept &lt;b&gt;words&lt;/b&gt; &amp; signs.</textarea>" in text
    assert "Nothing is posted until you press the button." in text


def test_a_reply_s_words_come_back_under_what_they_answer(make, sign_in, reader, letter):
    parent = make.comment(letter)
    answer = reader.comment(letter, "An answer.", parent=parent.number)
    page = sign_in(make.account())
    carry_cookie(reader, page)

    there = page.get(f"/letters/{letter.slug}/comments/{parent.number}?reply=1").text

    assert f"/letters/{letter.slug}/comments/{parent.number}?reply%3D1%23write" in answer.location
    assert "An answer.</textarea>" in there
    assert "An answer." not in page.get(f"/letters/{letter.slug}").text


def test_somebody_who_changes_the_account_keeps_their_words(make, sign_in, letter):
    page = sign_in(make.account())

    answer = page.post("/signin", letter=letter.slug, body="Not as this one.", parent="0")

    assert answer.location == f"/signin?next=/letters/{letter.slug}%23write"
    assert "Not as this one.</textarea>" in page.get(f"/letters/{letter.slug}").text


def test_who_logs_out_with_words_waiting_is_the_only_one_to_find_them(
    make, sign_in, reader, letter
):
    ada, bo = make.account(), make.account()
    reader.comment(letter, "Ada’s own.")
    page = sign_in(ada)
    carry_cookie(reader, page)
    page.post("/signout")

    found = {}
    for account in (bo, ada):
        after = sign_in(account)
        carry_cookie(page, after)
        found[account.name] = "Ada’s own.</textarea>" in after.get(f"/letters/{letter.slug}").text

    assert found == {bo.name: False, ada.name: True}
    assert "Ada’s own." not in page.get("/signin").text


def test_posting_the_words_drops_the_draft(make, sign_in, reader, letter, session):
    reader.comment(letter, "Kept.")
    page = sign_in(make.account())
    carry_cookie(reader, page)

    page.comment(letter, "Kept.")

    assert session.scalar(sa.select(sa.func.count()).select_from(Draft)) == 0


def test_three_drafts_travel_at_once(make, sign_in, reader):
    letters = [make.letter() for _ in range(3)]
    for letter in letters:
        reader.comment(letter, f"For {letter.slug}.")
    page = sign_in(make.account())
    carry_cookie(reader, page)

    found = [
        f"For {one.slug}.</textarea>" in page.get(f"/letters/{one.slug}").text for one in letters
    ]

    assert found == [True, True, True]


def test_the_longest_chinese_draft_survives(make, sign_in, reader, letter):
    words = "説" * 6_000
    reader.comment(letter, words)
    page = sign_in(make.account())
    carry_cookie(reader, page)

    assert words in page.get(f"/letters/{letter.slug}").text


def test_a_draft_is_gone_after_a_day(make, sign_in, reader, letter, session):
    reader.comment(letter, "Yesterday’s.")
    session.execute(sa.update(Draft).values(at=clock.now() - timedelta(hours=25)))
    session.commit()
    page = sign_in(make.account())
    carry_cookie(reader, page)

    assert "Yesterday’s." not in page.get(f"/letters/{letter.slug}").text
    assert drafts.forget_old() == 1


def test_nobody_reads_another_browser_s_draft(make, sign_in, reader, letter):
    reader.comment(letter, "Private.")

    assert "Private." not in sign_in(make.account()).get(f"/letters/{letter.slug}").text


@pytest.mark.row("13")
@pytest.mark.parametrize(
    "headers",
    [{}, {"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}],
    ids=["nothing said", "foreign origin", "cross-site", "null"],
)
def test_another_site_cannot_send_a_form(reader, letter, session, headers):
    with reader.client.application.app_context():
        answer = reader.client.post(
            f"/letters/{letter.slug}/comments",
            base_url=SITE,
            data={"body": "Forged."},
            headers=headers,
        )

    assert answer.status_code == 403
    assert session.scalar(sa.select(sa.func.count()).select_from(Draft)) == 0


def test_a_network_cannot_fill_the_disk_with_drafts(reader, letter, session):
    codes = {reader.comment(letter, f"Flood {n}.").status_code for n in range(62)}

    assert codes == {303, 429}
    assert session.scalar(sa.select(sa.func.count()).select_from(Draft)) == 60


@pytest.fixture
def provider():
    return "google"


@pytest.fixture
def settings(settings):
    return lambda **given: settings(
        **{
            "google_client_id": "x",
            "google_client_secret": "y",
            "google_issuer": "http://127.0.0.1:9",
            **given,
        }
    )


def carry_cookie(giver, taker):
    kept = giver.client.get_cookie(drafts.COOKIE, domain="127.0.0.1")
    taker.client.set_cookie(drafts.COOKIE, kept.value, domain="127.0.0.1")


def own_comments(letter):
    return (
        sa.select(sa.func.count())
        .select_from(Comment)
        .where(Comment.letter_id == letter.id, Comment.number > 0)
    )
