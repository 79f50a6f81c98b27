"""Alerts: a moderator's feed, links that decide once, a webhook, and figures."""

import hashlib
import hmac
import json
import re
import socket
from datetime import timedelta
from xml.etree import ElementTree

import pytest
import sqlalchemy as sa

from discuss import create_app
from discuss.accounts.models import Role
from discuss.base import clock, jobs
from discuss.comments.models import Reason
from discuss.moderation import actions, reports
from discuss.moderation.alerts import actions as alerts
from discuss.moderation.models import Act, Decision
from discuss.moderation.roles import actions as roles
from tests.make import Maker
from tests.plumbing.browser import in_threads
from tests.plumbing.databases import dispose, settings_for

ATOM = "{http://www.w3.org/2005/Atom}"
SITE = "http://127.0.0.1:8000"


@pytest.fixture
def feed(desk):
    """The path of the moderator's feed."""
    page = desk.post("/moderation/alerts/feed").text
    return re.search(rf'value="{SITE}(/moderation-alerts/[^"]+)"', page)[1]


@pytest.fixture
def links(reader, feed):
    """The paths of the links in the moderator's feed, as they are when asked for."""

    def found():
        root = ElementTree.fromstring(reader.get(feed).text)  # noqa: S314 - our own
        entries = root.iter(f"{ATOM}entry")
        hrefs = [entry.find(f"{ATOM}link").get("href") for entry in entries]
        return [href.removeprefix(SITE) for href in hrefs]

    return found


@pytest.mark.row("15")
def test_a_feed_tells_what_waits_to_whoever_knows_its_address(
    letter, comment, make, feed, reader, desk, session
):
    make.held(letter, make.account("Nicky"))
    reports.report(letter, make.account(), comment.number, Reason.SPAM)
    session.commit()

    answer = reader.get(feed)

    root = ElementTree.fromstring(answer.text)  # noqa: S314 - our own
    titles = [one.text for one in root.iter(f"{ATOM}title")]
    assert [title.split(",")[0] for title in titles[1:]] == ["Held: Nicky", "Reported: Max"]
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert feed.rsplit("/", 1)[1] not in desk.get("/moderation/alerts").text
    assert session.query(alerts.ModeratorFeed).one().digest not in answer.text


def test_a_new_address_ends_the_old_one_and_revoking_ends_both(feed, reader, desk):
    new = re.search(r"/moderation-alerts/[\w-]+", desk.post("/moderation/alerts/feed").text)[0]
    before = [reader.get(path).status_code for path in (feed, new)]

    desk.post("/moderation/alerts/feed/removal")

    assert (before, reader.get(new).status_code) == ([404, 200], 404)


@pytest.mark.row("26")
def test_a_feed_ends_with_its_moderators_role_and_keeps_to_their_letters(
    make, letter, sign_in, reader, moderator, feed, session
):
    make.held(letter)
    make.held(make.letter(headline="A letter elsewhere"))
    roles.grant(moderator, Role.MODERATOR, [letter])
    session.commit()
    bound = reader.get(feed).text
    roles.grant(moderator, Role.ACCOUNT)
    session.commit()

    assert (bound.count("<entry>"), "A letter elsewhere" in bound) == (1, False)
    assert reader.get(feed).status_code == 404


def test_a_link_shows_and_decides_once_without_a_session(
    letter, make, links, reader, moderator, log, session
):
    held_id = make.held(letter).id
    (link,) = links()

    shown = [reader.get(link) for _ in range(2)]
    unchanged = log()
    answers = [reader.post(link, act="approve").status_code for _ in range(2)]

    assert [page.status_code for page in shown] == [200, 200]
    assert ("You decide as" in shown[0].text, "Buy." in shown[0].text) == (True, True)
    assert "Set-Cookie" not in shown[0].headers
    assert (unchanged, answers, log()) == ([], [200, 410], ["approved"])
    (decision,) = session.scalars(sa.select(Decision))
    assert (decision.actor_id, decision.held_id) == (moderator.id, held_id)
    assert reader.get(link).status_code == 410


def test_a_link_removes_with_a_reason(letter, comment, make, links, reader, fresh, session):
    reports.report(letter, make.account(), comment.number, Reason.SPAM)
    session.commit()
    (link,) = links()

    refused = [reader.post(link, **fields).status_code for fields in ({}, {"act": "remove"})]
    done = reader.post(link, act="remove", reason="attack")

    assert (refused, done.status_code) == ([422, 422], 200)
    assert (fresh(comment).state, fresh(comment).removed_for) == ("removed", Reason.ATTACK)


def test_a_link_fails_once_its_moderator_is_demoted(
    letter, make, links, reader, moderator, log, session
):
    make.held(letter)
    (link,) = links()
    roles.grant(moderator, Role.ACCOUNT)
    session.commit()

    answers = reader.get(link).status_code, reader.post(link, act="approve").status_code

    assert (answers, log()) == ((403, 403), ["granted"])


def test_a_link_ends_with_the_feed_that_it_came_by(letter, make, links, reader, desk, log):
    make.held(letter)
    (link,) = links()

    desk.post("/moderation/alerts/feed/removal")

    assert (reader.post(link, act="approve").status_code, log()) == (410, [])


@pytest.mark.row("26")
def test_a_link_keeps_to_its_moderators_letters(letter, make, links, reader, moderator, session):
    make.held(letter)
    (link,) = links()
    roles.grant(moderator, Role.MODERATOR, [make.letter()])
    session.commit()

    assert [reader.get(link).status_code, reader.post(link, act="approve").status_code] == [404] * 2


def test_a_link_expires_and_cannot_be_made_by_hand(letter, make, links, reader, monkeypatch, log):
    make.held(letter)
    (link,) = links()
    monkeypatch.setattr(alerts, "VALID", timedelta(seconds=-1))
    late = reader.post(link, act="approve").status_code
    monkeypatch.undo()
    turned = {"A": "B"}.get(link[-9], "A")
    forged = [f"{link[:-9]}{turned}{link[-8:]}", link.rsplit("/", 1)[0] + "/x.y.z"]

    assert (late, [reader.post(one, act="approve").status_code for one in forged]) == (
        410,
        [410, 410],
    )
    assert log() == []


def test_a_link_written_otherwise_decides_no_second_time(letter, make, links, reader, log):
    """Base64 has bits to spare at its end: several last letters say the same."""
    make.held(letter)
    (link,) = links()
    reader.post(link, act="approve")

    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    answers = {reader.post(link[:-1] + last, act="approve").status_code for last in letters}

    assert (answers, log()) == ({410}, ["approved"])


@pytest.mark.row("13")
def test_another_sites_page_cannot_press_for_a_moderator(letter, make, links, reader, log):
    make.held(letter)
    (link,) = links()

    answer = reader.client.post(
        link, base_url=SITE, data={"act": "approve"}, headers={"Origin": "https://evil.example"}
    )

    assert (answer.status_code, log()) == (403, [])


def test_used_links_are_kept_no_longer_than_they_would_hold(
    letter, make, links, reader, session, monkeypatch
):
    make.held(letter)
    reader.post(links()[0], act="approve")
    alerts.forget_old()
    kept = session.query(alerts.UsedLink).count()
    later = clock.now() + alerts.VALID + timedelta(minutes=1)
    monkeypatch.setattr(clock, "now", lambda: later)

    alerts.forget_old()

    assert (kept, session.query(alerts.UsedLink).count()) == (1, 0)


class Hook:
    """The operator's own program, which refuses as often as it is told to."""

    def __init__(self, statuses=("200 OK",)):
        self.statuses, self.heard = list(statuses), []

    def __call__(self, environ, start_response):
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        self.heard.append((body, environ["HTTP_X_DISCUSS_SIGNATURE"]))
        status = self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]
        start_response(status, [("Location", "http://127.0.0.1:9/"), ("Content-Length", "0")])
        return [b""]


SECRET = "a secret of the operator's, long enough"


@pytest.fixture
def hooked(database):
    """Run a site whose alerts go to a program: `hooked(hook)`."""
    apps, stops = [], []

    def site(hook):
        listener = socket.create_server(("127.0.0.1", 0))
        serving = in_threads(hook, listener)
        serving.__enter__()
        stops.append((serving, listener))
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/hook?room=1"
        app = create_app(settings_for(database, webhook_url=url, webhook_secret=SECRET))
        apps.append(app)
        return app

    yield site
    for app in apps:
        dispose(app)
    for serving, listener in stops:
        serving.__exit__(None, None, None)
        listener.close()


def test_the_webhook_is_told_and_can_tell_who_told_it(hooked):
    hook = Hook()
    app = hooked(hook)
    with app.app_context():
        make = Maker()
        letter = make.letter()
        make.held(letter)
        comment = make.comment(letter)
        reports.report(letter, make.account(), comment.number, Reason.SPAM, "Words of somebody.")
        actions.session.commit()

        jobs.run_due(app)

    told = [json.loads(body) for body, _signature in hook.heard]
    assert [(one["event"], one["held"], one["reported"]) for one in told] == [
        ("held", 1, 1),
        ("reported", 1, 1),
    ]
    assert b"Words of somebody" not in hook.heard[1][0]
    for body, signature in hook.heard:
        expected = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        assert signature == f"sha256={expected}"


@pytest.mark.row("32")
@pytest.mark.parametrize("status", ["500 No", "302 Found"])
def test_what_the_webhook_does_not_take_is_sent_again_later(hooked, status, monkeypatch):
    hook = Hook([status, "200 OK"])
    app = hooked(hook)
    now = clock.now()
    with app.app_context():
        make = Maker()
        make.held(make.letter())
        jobs.run_due(app)
        first = len(hook.heard)
        jobs.run_due(app)
        again = len(hook.heard)
        monkeypatch.setattr(clock, "now", lambda: now + timedelta(minutes=5))

        jobs.run_due(app)

    assert (first, again, len(hook.heard)) == (1, 1, 2)


def test_the_figures_count_and_measure(letter, make, moderator, desk, session):
    held = make.held(letter)
    held.posted_at = clock.now() - timedelta(hours=3)
    session.commit()
    comment = make.comment(letter)
    desk.post(f"/moderation/held/{held.id}/approval")
    desk.post(f"/letters/{letter.slug}/comments/{comment.number}/removal", reason="spam")

    page = desk.get("/moderation/figures").text

    assert session.query(Decision).filter(Decision.act == Act.APPROVED).count() == 1
    assert "Jordan" in page
    assert "3 hours" in page
    assert re.search(r'<td class="num">2</td><td class="num">2</td>', page)


@pytest.mark.row("26")
def test_a_letters_moderator_has_figures_of_their_letters(
    letter, make, moderator, session, sign_in
):
    elsewhere = make.comment(make.letter())
    actions.remove(
        session.get(actions.Letter, elsewhere.letter_id), moderator, elsewhere.number, Reason.SPAM
    )
    kit = make.account("Kit")
    roles.grant(kit, Role.MODERATOR, [letter])
    session.commit()

    page = sign_in(kit).get("/moderation/figures").text

    assert "Jordan" not in page
