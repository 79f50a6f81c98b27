"""Akismet is asked in the background, may hold and nothing more, and learns from moderators."""

import socket
from datetime import timedelta
from urllib.parse import parse_qsl

import pytest
import sqlalchemy as sa

from discuss import create_app
from discuss.base import clock, config, jobs
from discuss.base.db import session
from discuss.comments.models import Comment, HeldComment, Reason, State
from discuss.moderation import actions, holding, undoing
from discuss.moderation.models import Decision, Office
from discuss.moderation.queue.opinions import Judge, Opinion
from tests.make import Maker
from tests.plumbing.browser import in_threads
from tests.plumbing.databases import dispose, settings_for

SPAM = "Buy my casino."


class Akismet:
    """A stand-in that takes for spam what has a casino in it, and fails as often as it is told."""

    def __init__(self):
        self.heard, self.failures, self.help = [], 0, ""

    def __call__(self, environ, start_response):
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])).decode()
        fields = dict(parse_qsl(body, keep_blank_values=True))
        self.heard.append((environ["PATH_INFO"], fields))
        status, self.failures = ("500 No", self.failures - 1) if self.failures else ("200 OK", 0)
        said = b"true" if "casino" in fields["comment_content"] else b"false"
        headers = [("X-akismet-debug-help", self.help)] if self.help else []
        said = b"invalid" if self.help else said
        start_response(status, [("Content-Length", str(len(said))), *headers])
        return [said]

    def paths(self):
        """Return what was asked and told, in order."""
        return [path for path, _fields in self.heard]


@pytest.fixture
def akismet():
    return Akismet()


@pytest.fixture
def asking(database, akismet):
    """A site that asks Akismet."""
    listener = socket.create_server(("127.0.0.1", 0))
    with in_threads(akismet, listener):
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        app = create_app(settings_for(database, akismet_key="k", akismet_url=url))
        with app.app_context():
            yield app
        dispose(app)
    listener.close()


def waiting():
    """Return what waits."""
    session.expire_all()
    return session.scalars(sa.select(HeldComment).where(HeldComment.refused_at.is_(None))).all()


def test_what_it_takes_for_spam_waits_and_the_reason_says_so(asking, akismet):
    make = Maker()
    letter = make.letter()
    comment = make.comment(letter, author=make.account("Max"), source=SPAM)

    jobs.run_due(asking)

    (held,) = waiting()
    assert (held.source, held.reason) == (SPAM, "Akismet takes it for spam.")
    line = session.scalars(sa.select(Decision)).one()
    assert (line.office, line.actor_id) == (Office.RULE, None)
    ((path, fields),) = akismet.heard
    assert path == "/1.1/comment-check"
    assert fields == {
        "api_key": "k",
        "blog": "http://127.0.0.1:8000",
        "user_ip": "",
        "user_agent": "",
        "comment_type": "comment",
        "comment_author": "Max",
        "comment_content": SPAM,
        "permalink": f"http://127.0.0.1:8000/letters/{letter.slug}",
        "blog_charset": "UTF-8",
    }
    undoing.undo(line, make.moderator())
    assert session.get_one(Comment, (letter.id, comment.number)).state is State.VISIBLE


def test_what_it_takes_for_none_stays_with_a_note_for_moderators(asking):
    make = Maker()
    comment = make.comment(source="Well said.")

    jobs.run_due(asking)

    opinion = session.scalars(sa.select(Opinion)).one()
    assert (waiting(), opinion.judge, opinion.number) == ([], Judge.AKISMET, comment.number)
    assert opinion.score == 0


def test_it_is_asked_again_when_it_failed(asking, akismet, monkeypatch):
    akismet.failures = 1
    now = clock.now()
    Maker().comment(source=SPAM)
    jobs.run_due(asking)
    assert waiting() == []
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(minutes=5))

    jobs.run_due(asking)

    assert (len(akismet.heard), len(waiting())) == (2, 1)


def test_an_answer_that_is_none_changes_nothing_and_is_not_asked_for_again(asking, akismet):
    akismet.help = "Invalid API key"
    Maker().comment(source=SPAM)

    jobs.run_due(asking)

    assert (waiting(), jobs.backlog().failing) == ([], 0)


def test_moderators_are_not_asked_about(asking, akismet):
    make = Maker()
    make.comment(make.letter(), author=make.moderator(), source=SPAM)

    jobs.run_due(asking)

    assert akismet.heard == []


def test_it_is_told_where_moderators_see_it_otherwise(asking, akismet):
    make = Maker()
    letter, moderator = make.letter(), make.moderator()
    missed = make.comment(letter, source="Pills, cheap.")
    make.comment(letter, source=SPAM)
    jobs.run_due(asking)

    removal = actions.remove(letter, moderator, missed.number, Reason.SPAM)
    holding.approve(waiting()[0].id, moderator)
    session.commit()
    jobs.run_due(asking)
    told = [(path, fields["comment_content"]) for path, fields in akismet.heard[2:]]

    assert told == [("/1.1/submit-spam", "Pills, cheap."), ("/1.1/submit-ham", SPAM)]
    undoing.undo(session.merge(removal), moderator)
    session.commit()
    jobs.run_due(asking)
    assert akismet.paths()[-1] == "/1.1/submit-ham"


def test_it_is_not_told_what_it_said_itself_nor_of_what_it_never_saw(asking, akismet):
    make = Maker()
    letter, moderator = make.letter(), make.moderator()
    make.comment(letter, source=SPAM)
    jobs.run_due(asking)
    unseen = make.comment(letter, author=moderator, source="Unseen.")

    holding.refuse_held(waiting()[0].id, moderator, Reason.SPAM)
    actions.remove(letter, moderator, unseen.number, Reason.SPAM)
    session.commit()
    jobs.run_due(asking)

    assert akismet.paths() == ["/1.1/comment-check"]


def test_the_privacy_page_tells_it_where_a_key_is_set(asking, reader):
    with_key = asking.test_client().get("/privacy", base_url="http://127.0.0.1:8000").text

    assert "Akismet, a service of Automattic" in with_key
    assert "Akismet" not in reader.get("/privacy").text


def test_the_key_goes_over_https_alone():
    with pytest.raises(config.BadSetting, match="DISCUSS_AKISMET_URL must be https://"):
        config.load(akismet_url="http://rest.akismet.com")
