"""Reports, the queue, removals and restorations, bans, locks, and the log of it all."""

from flask import Flask

from discuss.accounts import takeaway
from discuss.accounts.events import account_gone
from discuss.comments import screening
from discuss.comments.events import comment_deleted
from discuss.moderation import (
    appeals,
    chain,
    commands,
    desk_views,
    figures,
    holding,
    houserules,
    listening,
    record_views,
    redacting,
    redaction_views,
    redress_queries,
    redress_views,
    role_views,
    rules,
    screens,
    slowmode,
    slowmode_views,
    thread_views,
    views,
)
from discuss.moderation.events import comment_reported
from discuss.moderation.rules import reported

__all__ = ["commands", "figures", "init_app"]  # importing registers commands and jobs


def init_app(app: Flask) -> None:
    """Register the views and the screens."""
    chain.init_app(app)
    screening.register(app, screens.banned)
    screening.register(app, slowmode.keep_pace)
    rules.init_app(app)
    houserules.init_app(app)
    views.init_app(app)
    thread_views.init_app(app)
    record_views.init_app(app)
    slowmode_views.init_app(app)
    role_views.init_app(app)
    redaction_views.init_app(app)
    redress_views.init_app(app)
    desk_views.init_app(app)
    takeaway.register(app, "moderation", redress_queries.everything_asked_by)
    comment_deleted.connect(holding.forget_deleted)
    comment_deleted.connect(redacting.forget_deleted)
    comment_deleted.connect(appeals.forget_deleted)
    account_gone.connect(listening.gone)
    comment_reported.connect(reported.hold_reported)
    comment_reported.connect(slowmode.grow)
