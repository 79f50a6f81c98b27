"""Where a moderator sets the pace of a discussion, at the letter itself."""

from flask import Blueprint, Flask, request
from flask_babel import gettext as _
from werkzeug import Response

from discuss.accounts.login import moderator_here
from discuss.base.errors import Invalid
from discuss.letters import queries as letters
from discuss.moderation import boundary, scope
from discuss.moderation.slowmode import actions as slowmode

blueprint = Blueprint("slow_mode", __name__, url_prefix="/letters/<slug>")
blueprint.before_request(boundary.only_moderators)
blueprint.before_request(scope.only_here)


def init_app(app: Flask) -> None:
    """Register the view, and what the composer says of a pace."""
    app.register_blueprint(blueprint)
    app.add_template_global(slowmode.pace_in_words)
    app.add_template_global(slowmode.words, "pace_words")
    app.jinja_env.globals["paces"] = slowmode.PACES


@blueprint.post("/pace")
def set_pace(slug: str) -> Response:
    """Set a discussion's pace."""
    letter = letters.published(slug)
    pace = request.form.get("pace", -1, type=int)
    if pace not in slowmode.PACES:
        raise Invalid(_("Choose a pace."))
    grows = request.form.get("grows") == "yes"
    decision = slowmode.set_pace(letter, moderator_here(), pace, grows)
    return boundary.done(decision, f"/letters/{slug}#talk")
