"""The assistant's page: switch it, and see how good it is. It answers administrators alone."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Flask, render_template, request
from flask_babel import gettext as _
from werkzeug import Response

from discuss.accounts.login import account_here
from discuss.base import web
from discuss.base.config import settings
from discuss.base.errors import Invalid, Refusal
from discuss.moderation import boundary, forms
from discuss.moderation import queries as waiting
from discuss.moderation.assistant import actions, queries
from discuss.moderation.assistant.models import (
    LEAST_OF_A_KIND,
    LEAST_THRESHOLD,
    MOST_THRESHOLD,
)
from discuss.moderation.changes import Setting

PAGE = "/moderation/assistant"
blueprint = Blueprint("assistant", __name__, url_prefix=PAGE)
blueprint.before_request(boundary.only_administrators)


def init_app(app: Flask) -> None:
    """Register the page, and what comes back of its form."""
    app.register_blueprint(blueprint)
    web.refusal_page(app, "assistant.change")(fields_again)


@blueprint.get("")
def index() -> str:
    """Show what the assistant may do, what it learned from, and how good it is."""
    setting = queries.assistant()
    return page({name: getattr(setting, name) for name in actions.OFF})


@blueprint.post("")
def change() -> Response:
    """Say what the assistant may do."""
    return boundary.done(actions.change(account_here(), asked(request.form)), PAGE)


def asked(form: Mapping[str, Any]) -> Setting:
    """Return what the form says.

    :raises Invalid: the threshold is none.
    """
    threshold = str(form.get("threshold") or "")
    is_number = threshold.isascii() and threshold.isdigit() and len(threshold) < 4
    if not is_number or not LEAST_THRESHOLD <= int(threshold) <= MOST_THRESHOLD:
        raise Invalid(
            _(
                "Choose a threshold from %(least)s to %(most)s.",
                least=LEAST_THRESHOLD,
                most=MOST_THRESHOLD,
            )
        )
    return {
        "is_on": forms.ticked(form, "is_on"),
        "may_hold": forms.ticked(form, "may_hold"),
        "threshold": int(threshold),
    }


def page(fields: Mapping[str, Any], refusal: Refusal | None = None) -> str:
    """Return the page with what its form says."""
    setting, known = queries.assistant(), queries.knowledge()
    is_enough = known is not None and known.is_enough
    return render_template(
        "moderation/assistant.html",
        counts=waiting.counts(),
        setting=setting,
        known=known,
        outcomes=queries.outcomes(known, setting.threshold) if known and is_enough else [],
        fields=fields,
        akismet=bool(settings().akismet_key),
        least=LEAST_THRESHOLD,
        most=MOST_THRESHOLD,
        least_of_a_kind=LEAST_OF_A_KIND,
        refusal=refusal,
        notice=boundary.taken_notice(),
        here=PAGE,
    )


def fields_again(refusal: Refusal) -> str:
    """Return the form that was refused, with what was typed."""
    if not isinstance(refusal, Invalid):
        return web.error_page(refusal.status, refusal.title, refusal.message)
    return page(request.form, refusal)
