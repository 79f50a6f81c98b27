"""The administrator's pages: who is here, who may do what, and under which letters."""

import flask
from flask import Blueprint, Flask, render_template, request
from flask_babel import gettext as _
from werkzeug import Response

from discuss.accounts.login import account_here
from discuss.accounts.models import Account, Role
from discuss.base.db import session
from discuss.base.errors import Invalid, NotFound
from discuss.base.web import refusal_page
from discuss.letters import queries as letters
from discuss.letters.models import Letter
from discuss.moderation import boundary, forms, queries, wording
from discuss.moderation.roles import actions as roles
from discuss.moderation.roles import people
from discuss.moderation.views import place_asked

blueprint = Blueprint("administration", __name__, url_prefix="/administration")
blueprint.before_request(boundary.only_administrators)


def init_app(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(blueprint)
    app.jinja_env.globals["role_names"] = wording.ROLES
    refusal_page(app, "administration.grant")(
        lambda refusal: render_template("moderation/role.html", account=None, refusal=refusal)
    )


@blueprint.get("/accounts")
def accounts() -> str:
    """List accounts, the newest first, with their roles."""
    words, role = request.args.get("q", "").strip()[:100], None
    if asked := request.args.get("role"):
        role = forms.role(asked)
    page = people.found(words, role, place_asked("before"))
    return render_template(
        "moderation/accounts.html",
        counts=queries.counts(),
        page=page,
        words=words,
        role=role,
        letters=people.letters_by_moderator(page.accounts),
        notice=boundary.taken_notice(),
        here=boundary.here(),
    )


@blueprint.get("/accounts/<int:account_id>")
def role_form(account_id: int) -> str:
    """Show what an account may do, and the form that changes it."""
    account = the_account(account_id)
    return render_template(
        "moderation/role.html",
        account=account,
        may=account.id != account_here().id,
        letters=people.all_letters(),
        bound=roles.letters_kept(account) or [],
        next=boundary.way_back(""),
    )


@blueprint.post("/accounts/<int:account_id>/role")
def grant(account_id: int) -> Response:
    """Give an account a role, a moderator's under given letters where some are chosen."""
    role = forms.role(request.form.get("role"))
    under = chosen_letters() if role is Role.MODERATOR else []
    decision = roles.grant(the_account(account_id), role, under, by=account_here())
    return boundary.done(decision, flask.url_for("administration.accounts"))


def the_account(account_id: int) -> Account:
    """Return an account.

    :raises NotFound: there is none, or it was deleted.
    """
    account = session.get(Account, account_id)
    if account is None or not account.name:
        raise NotFound
    return account


def chosen_letters() -> list[Letter]:
    """Return the letters that somebody is to moderate; none are the whole site's.

    :raises Invalid: neither that nor a letter was chosen.
    """
    if (where := request.form.get("where")) == "site":
        return []
    if where != "letters":  # a field that got lost must not mean all
        raise Invalid(_("Choose where: on the whole site, or under given letters."))
    slugs = forms.some(request.form.getlist("letter"))
    found = [letters.by_slug(slug) for slug in slugs]
    if None in found:
        raise NotFound
    return [letter for letter in found if letter is not None]
