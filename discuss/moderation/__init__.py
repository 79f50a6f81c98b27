"""Reports, the queue, removals and restorations, bans, locks, and the log of it all."""

from flask import Flask

from discuss.comments import screening
from discuss.comments.events import comment_deleted
from discuss.moderation import holding, screens, thread_views, views


def init_app(app: Flask) -> None:
    """Register the views and the screens."""
    screening.register(app, screens.banned)
    views.init_app(app)
    thread_views.init_app(app)
    comment_deleted.connect(holding.forget_deleted)
