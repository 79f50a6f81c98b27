"""The house rules for everybody, and the page on which a publisher writes them."""

from typing import Any

from flask import Blueprint, Flask, Response, render_template, request
from flask_babel import gettext as _
from werkzeug import Response as AnyResponse

from discuss.accounts.login import account_here, current_account
from discuss.base import pagecache, web
from discuss.base.errors import WORDS_STAY, Conflict, Forbidden, Invalid, Refusal, SignInNeeded
from discuss.base.security import SAFE_METHODS, is_signed_in
from discuss.moderation import boundary, history, wording
from discuss.moderation.houserules import actions, forms
from discuss.moderation.houserules.models import LONGEST_RULE, LONGEST_TITLE, MOST_RULES
from discuss.moderation.houserules.queries import house_rules
from discuss.moderation.models import Act

PUBLIC = "/house-rules"
PAGE = "/moderation/house-rules"
blueprint = Blueprint("house_rules", __name__, url_prefix=PAGE)


def init_app(app: Flask) -> None:
    """Register the pages, and the one in which a refused form comes back."""
    app.add_url_rule(PUBLIC, "pages.rules", pagecache.public()(show))
    app.register_blueprint(blueprint)
    web.refusal_page(app, "house_rules.write")(fields_again)


def show() -> str | Response:
    """Show the rules to everybody."""
    if is_signed_in():
        return render_template("moderation/house_rules.html")
    stamp = pagecache.stamp_of("site")
    return pagecache.respond(PUBLIC, stamp, lambda: render_template("moderation/house_rules.html"))


@blueprint.before_request
def only_publishers() -> AnyResponse | None:
    """Let publishers in.

    :raises SignInNeeded: nobody is signed in, and something was to be done.
    :raises Forbidden: somebody is who is no publisher.
    """
    account = current_account()
    if account is None and request.method in SAFE_METHODS:
        return boundary.to_sign_in()
    if account is None:
        raise SignInNeeded
    if not account.is_publisher:
        raise Forbidden(_("Publishers write the house rules."))
    return None


@blueprint.get("")
def form() -> str:
    """Show the form with the rules as they are."""
    return form_page(fields_now(), notice=boundary.taken_notice())


@blueprint.post("")
def write() -> AnyResponse:
    """Let the rules say what the form says."""
    seen = request.form.get("seen", 0, type=int)
    decision = actions.write(account_here(), forms.drafts(request.form), seen)
    return boundary.done(decision, PAGE)


@blueprint.post("/undoing")
def undo() -> AnyResponse:
    """Let the rules say what they said before; moderators who publish can do so in the log, too."""
    decision = history.decision(web.number(request.form.get("decision", "")))
    if decision.act is not Act.HOUSE_RULES_SET:
        raise Invalid
    return boundary.done(actions.undo(account_here(), decision), PAGE)


def form_page(
    fields: dict[str, Any], *, notice: dict[str, str] | None = None, refusal: Refusal | None = None
) -> str:
    """Return the form, with a row more than there are rules."""
    filled = [row for row in range(1, MOST_RULES + 1) if fields.get(f"title-{row}")]
    return render_template(
        "moderation/house_rules_form.html",
        fields=fields,
        rows=range(1, min(MOST_RULES, max(filled, default=0) + 1) + 1),
        reasons=wording.NAMES,
        longest_title=LONGEST_TITLE,
        longest_rule=LONGEST_RULE,
        notice=notice or {},
        refusal=refusal,
    )


def fields_now() -> dict[str, Any]:
    """Return the rules as the form has them."""
    fields: dict[str, Any] = {"seen": actions.last_decision()}
    for rule in house_rules():
        fields[f"title-{rule.number}"] = rule.title
        fields[f"words-{rule.number}"] = rule.source
        fields |= {f"reason-{reason}": str(rule.number) for reason in rule.reasons}
    return fields


def fields_again(refusal: Refusal) -> str:
    """Return the form that was refused, with what was typed."""
    if isinstance(refusal, Conflict):
        refusal = Conflict(
            _(
                "Not saved: somebody has written the rules meanwhile. Yours are below; open the "
                "page again in another window, and put in what you want to keep."
            )
        )
    elif not isinstance(refusal, WORDS_STAY):
        return web.error_page(refusal.status, refusal.title, refusal.message)
    return form_page(request.form.to_dict(), refusal=refusal)
