"""An assistant that learns from the site's own decisions, tells why, and does no more than hold.

Requests only queue a look at a new comment; learning and looking are background work.
"""

from flask import Flask

from discuss.comments import screening
from discuss.comments.events import comment_edited, comment_held, comment_posted
from discuss.moderation.assistant import listening, queries, views
from discuss.moderation.events import decision_made


def init_app(app: Flask) -> None:
    """Register the page, and have new comments looked at."""
    views.init_app(app)
    screening.register(app, listening.keep_whether_on, assistant_is_on=queries.IS_ON)
    comment_posted.connect(listening.posted)
    comment_edited.connect(listening.posted)
    comment_held.connect(listening.held)
    decision_made.connect(listening.decided)
