"""Reports, the queue, removals and restorations, bans, locks, and the log of it all."""

from flask import Flask

from discuss.accounts import takeaway
from discuss.accounts.events import account_gone
from discuss.comments import screening
from discuss.comments.events import comment_deleted, comment_held, comment_withdrawn
from discuss.moderation import (
    actions,
    assistant,
    chain,
    holding,
    houserules,
    jobs,
    listening,
    rules,
    scope,
    screens,
    thread_views,
    views,
)
from discuss.moderation.alerts import actions as alerts
from discuss.moderation.alerts import views as alert_views
from discuss.moderation.alerts import webhook
from discuss.moderation.events import comment_reported
from discuss.moderation.muting import actions as mutes
from discuss.moderation.muting import views as mute_views
from discuss.moderation.publicrecord import figures
from discuss.moderation.publicrecord import views as record_views
from discuss.moderation.queue import opinions
from discuss.moderation.redaction import actions as redacting
from discuss.moderation.redaction import views as redaction_views
from discuss.moderation.redress import appeals, desk_views
from discuss.moderation.redress import queries as redress_queries
from discuss.moderation.redress import views as redress_views
from discuss.moderation.roles import commands
from discuss.moderation.roles import views as role_views
from discuss.moderation.rules import reported
from discuss.moderation.sanctions import sweep_views, warning_views, warnings
from discuss.moderation.slowmode import actions as slowmode
from discuss.moderation.slowmode import views as slowmode_views

__all__ = ["commands", "figures", "init_app", "jobs"]  # importing registers commands and jobs


def init_app(app: Flask) -> None:
    """Register the views and the screens."""
    chain.init_app(app)
    screening.register(app, screens.banned, is_banned=actions.IS_BANNED)
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
    comment_withdrawn.connect(opinions.forget_withdrawn)
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
