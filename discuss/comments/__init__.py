"""Threads: post, reply, edit, quote, vote."""

from flask import Flask

from discuss.accounts import takeaway
from discuss.accounts.events import account_gone, account_renamed
from discuss.accounts.luggage import Luggage
from discuss.comments import actions, commands, drafts, jobs, listening, queries, screening, views
from discuss.comments.events import comment_posted
from discuss.letters.events import letter_added

__all__ = ["init_app", "jobs"]  # importing the jobs makes them known


def init_app(app: Flask) -> None:
    """Register the views, the commands, the screens, and what the floors below ask for."""
    screening.init_app(app)
    views.init_app(app)
    commands.init_app(app)
    listening.init_app(app)
    comment_posted.connect(listening.posted)
    letter_added.connect(actions.open_thread)
    account_renamed.connect(listening.shown_differently)
    account_gone.connect(listening.gone)
    takeaway.register(app, "comments", queries.everything_of)
    app.extensions["luggage"] = Luggage(
        pack=drafts.pack,
        notice=drafts.notice,
        unpack=drafts.unpack,
        unsent=drafts.unsent,
        reserve=drafts.reserve,
    )
