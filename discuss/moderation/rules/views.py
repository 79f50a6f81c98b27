"""The page of the rules: list, add, change, switch off, try out. It answers moderators alone."""

from typing import Any

from flask import Blueprint, Flask, render_template, request
from werkzeug import Response

from discuss.accounts.login import moderator_here
from discuss.base import rendering, web
from discuss.base.errors import WORDS_STAY, NotFound, Refusal
from discuss.comments.models import LONGEST_COMMENT
from discuss.letters import queries as letters
from discuss.moderation import boundary, scope
from discuss.moderation import queries as waiting
from discuss.moderation.forms import switch
from discuss.moderation.rules import actions, forms, queries
from discuss.moderation.rules.explain import ready
from discuss.moderation.rules.models import Kind, Rule
from discuss.moderation.rules.trial import Trial, tried
from discuss.moderation.rules.wording import LISTS, NAMES, NUMBERS, summary

PAGE = "/moderation/rules"
blueprint = Blueprint("rules", __name__, url_prefix=PAGE)
blueprint.before_request(boundary.only_moderators)


def init_app(app: Flask) -> None:
    """Register the views, and the page in which a refused form comes back."""
    app.register_blueprint(blueprint)
    web.refusal_page(app, "rules.add", "rules.change", "rules.try_out")(fields_again)


@blueprint.get("")
def index() -> str:
    """List the rules."""
    found = queries.listed()
    return render_template(
        "moderation/rules/list.html",
        counts=waiting.counts(),
        rules=found,
        letters=letters.by_ids({rule.letter_id for rule in found if rule.letter_id}),
        names=NAMES,
        summary=summary,
        offered=waiting.letters_offered(),
        notice=boundary.taken_notice(),
        here=boundary.here(),
    )


@blueprint.get("/new")
def new() -> str:
    """Show the form of a new rule."""
    kind = forms.kind(request.args)
    usual = {field.name: field.usual for field in NUMBERS[kind]}
    scope.refuse_beyond(moderator_here(), forms.letter_id(request.args))
    return form_page(kind, {"letter": request.args.get("letter") or "", **usual})


@blueprint.post("")
def add() -> Response:
    """Switch a new rule on."""
    return boundary.done(actions.add(moderator_here(), rule_sent()), PAGE)


@blueprint.get("/<int:rule_id>")
def show(rule_id: int) -> str:
    """Show the form of a rule."""
    rule = queries.rule_of(rule_id)
    return form_page(rule.kind, fields_of(rule), rule_id=rule_id)


@blueprint.post("/<int:rule_id>")
def change(rule_id: int) -> Response:
    """Let a rule say something else; its kind and its letter stay."""
    rule = queries.rule_of(rule_id)
    told = actions.setting_of(
        forms.rule({**request.form.to_dict(), "kind": rule.kind, "letter": ""})
    )
    del told["is_on"]
    return boundary.done(actions.change(moderator_here(), rule_id, told), PAGE)


@blueprint.post("/<int:rule_id>/switch")
def switch_on_or_off(rule_id: int) -> Response:
    """Switch a rule off, or on again."""
    is_on = switch(request.form, "on")
    return boundary.done(actions.change(moderator_here(), rule_id, {"is_on": is_on}), PAGE)


@blueprint.post("/trial")
def try_out() -> str:
    """Show what a rule would hold; nothing is changed by that."""
    rule, sample = rule_sent(), request.form.get("sample") or ""
    rendering.check_text(sample, LONGEST_COMMENT)
    trial = tried(ready(rule), sample)
    return form_page(rule.kind, request.form, rule_id=rule_here(), trial=trial)


def rule_sent() -> Rule:
    """Read the rule of the form.

    :raises NotFound: it is for the site, or for a letter, that the moderator does not moderate.
    """
    scope.refuse_beyond(moderator_here(), forms.letter_id(request.form))
    return forms.rule(request.form)


def form_page(
    kind: Kind,
    fields: Any,
    *,
    rule_id: int | None = None,
    trial: Trial | None = None,
    refusal: Refusal | None = None,
) -> str:
    """Return the page of one rule, what was typed in its fields."""
    return render_template(
        "moderation/rules/rule.html",
        kind=kind,
        name=NAMES[kind],
        numbers=NUMBERS[kind],
        list=LISTS.get(kind),
        fields=fields,
        rule_id=rule_id,
        trial=trial,
        refusal=refusal,
    )


def fields_of(rule: Rule) -> dict[str, Any]:
    """Return a rule as its form has it."""
    letter = letters.by_ids({rule.letter_id}).get(rule.letter_id) if rule.letter_id else None
    return {**actions.setting_of(rule), "letter": letter.slug if letter else ""}


def rule_here() -> int | None:
    """Return the rule whose form was sent; nothing for that of a new one."""
    return (request.view_args or {}).get("rule_id") or request.form.get("rule_id", type=int)


def fields_again(refusal: Refusal) -> str:
    """Return the form that was refused, with what was typed."""
    kind = kind_here() if isinstance(refusal, WORDS_STAY) else None
    if kind is None:
        return web.error_page(refusal.status, refusal.title, refusal.message)
    return form_page(kind, request.form, rule_id=rule_here(), refusal=refusal)


def kind_here() -> Kind | None:
    """Return the kind of the rule whose form was sent; nothing where there is none."""
    changed = (request.view_args or {}).get("rule_id")
    try:
        return queries.rule_of(changed).kind if changed else forms.kind(request.form)
    except NotFound:
        return None
