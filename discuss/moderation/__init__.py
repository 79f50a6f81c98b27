"""Reports, the queue, removals and restorations, bans, locks, and the log of it all."""

from flask import Flask

from discuss.accounts import takeaway
from discuss.accounts.events import account_gone
from discuss.comments import screening
from discuss.comments.events import comment_deleted, comment_held
from discuss.moderation import (
    alert_views,
    alerts,
    appeals,
    assistant,
    chain,
    commands,
    desk_views,
    figures,
    holding,
    houserules,
    listening,
    mute_views,
    mutes,
    opinions,
    record_views,
    redacting,
    redaction_views,
    redress_queries,
    redress_views,
    role_views,
    rules,
    scope,
    screens,
    slowmode,
    slowmode_views,
    sweep_views,
    thread_views,
    views,
    warning_views,
    warnings,
    webhook,
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
    warning_views.init_app(app)
    mute_views.init_app(app)
    alert_views.init_app(app)
    takeaway.register(app, "warnings", warnings.everything_of)
    sweep_views.init_app(app)
    assistant.init_app(app)
    app.add_template_filter(opinions.opinion_line)
    takeaway.register(app, "moderation", redress_queries.everything_asked_by)
    takeaway.register(app, "mutes", mutes.everything_of)
    comment_deleted.connect(holding.forget_deleted)
    comment_deleted.connect(redacting.forget_deleted)
    comment_deleted.connect(appeals.forget_deleted)
    comment_deleted.connect(opinions.forget_deleted)
    account_gone.connect(listening.gone)
    account_gone.connect(warnings.forget)
    account_gone.connect(mutes.forget)
    account_gone.connect(alerts.forget)
    account_gone.connect(scope.forget)
    account_gone.connect(opinions.forget)
    comment_held.connect(webhook.held)
    comment_reported.connect(webhook.reported)
    comment_reported.connect(reported.hold_reported)
    comment_reported.connect(slowmode.grow)
