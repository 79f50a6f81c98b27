"""Words on their way through a sign-in: a row for a day, its random name in a cookie.

A draft is too long for a cookie itself: 6,000 characters of Chinese make 21 KB.
"""

import re
from datetime import timedelta

import sqlalchemy as sa
from flask import Response, after_this_request, render_template, request
from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from discuss.accounts.login import current_account
from discuss.accounts.models import Account
from discuss.base import clock, rendering
from discuss.base.config import settings
from discuss.base.db import session
from discuss.base.errors import TooFast
from discuss.base.ids import digest, token
from discuss.base.ratelimit import network_of
from discuss.comments import forms
from discuss.comments.forms import Remark
from discuss.comments.models import LONGEST_COMMENT, Draft
from discuss.letters import queries as letters
from discuss.letters.models import Letter

COOKIE = "discuss_drafts"
KEPT = timedelta(hours=24)
MOST = 3  # drafts of one browser on their way at once: as many tabs as one signs in from
MOST_FROM_A_NETWORK = 60  # an hour; a whole office may sign in, a flood may not fill the disk


def pack(form: MultiDict[str, str]) -> str | None:
    """Keep what a composer holds, and return the path where it is to be finished.

    :param form: as the composer sends it; one without a letter or words keeps nothing.
    """
    slug = form.get("letter") or ""
    body = form.get("body") or ""
    if not re.fullmatch(r"[a-z0-9-]{1,100}", slug):
        return None
    letter = letters.published(slug)
    parent = forms.parent_number(form)
    if body.strip():
        keep(letter, body, parent, forms.excerpt(form))
    return place(letter, parent)


def place(letter: Letter, parent: int) -> str:
    """Return the path of the composer that a draft belongs into."""
    if parent:
        return f"/letters/{letter.slug}/comments/{parent}?reply=1#write"
    return f"/letters/{letter.slug}#write"


def keep(letter: Letter, body: str, parent: int, excerpt: forms.Excerpt) -> None:
    """Store a draft and give the browser its name.

    Too long a text is kept as well: the composer shows it again with what is wrong.

    :raises TooFast: this network has stored many in the last hour.
    """
    body = rendering.normalise(body, 4 * LONGEST_COMMENT)
    network = network_of(request.remote_addr)
    hour_ago = clock.now() - timedelta(hours=1)
    stored = session.scalar(
        sa.select(sa.func.count())
        .select_from(Draft)
        .where(Draft.network == network, Draft.at > hour_ago)
    )
    if settings().pace and (stored or 0) >= MOST_FROM_A_NETWORK:
        raise TooFast(retry_after=600)
    name = token()
    session.add(
        Draft(
            digest=digest(name),
            letter_id=letter.id,
            parent=parent,
            body=body,
            network=network,
            **excerpt.columns(),
        )
    )
    session.flush()
    _set_cookie([name, *_cookie()][:MOST])


def waiting(letter: Letter, parent: int) -> Draft | None:
    """Return this browser's newest draft for a place, if it has one."""
    return next(
        (one for one in _found() if (one.letter_id, one.parent) == (letter.id, parent)), None
    )


def newest() -> Draft | None:
    """Return this browser's newest draft, wherever it belongs."""
    return next(iter(_found()), None)


def done(letter: Letter, remark: Remark) -> None:
    """Drop a draft once its words are posted."""
    if (draft := waiting(letter, remark.parent)) is not None:
        session.delete(draft)


def reserve(account: Account) -> None:
    """Let only this account find what waits in this browser: it logs out, and others may come."""
    if names := _cookie():
        _set_cookie([name if "@" in name else f"{name}@{account.id}" for name in names])


def forget_old() -> int:
    """Delete drafts older than a day; returns how many."""
    gone = session.execute(sa.delete(Draft).where(Draft.at < clock.now() - KEPT))
    return int(gone.rowcount)  # type: ignore[attr-defined]  # a CursorResult, as every DELETE's


def notice() -> Markup | None:
    """Tell somebody at the sign-in page that their words wait for them."""
    if (draft := newest()) is None:
        return None
    letter = letters.by_ids({draft.letter_id})[draft.letter_id]
    return Markup(render_template("comments/_draft_notice.html", letter=letter))  # noqa: S704 - a template’s


def unpack() -> Markup | None:
    """Return the newest draft in a composer of its own, for a sign-in that failed."""
    if (draft := newest()) is None:
        return None
    letter = letters.by_ids({draft.letter_id})[draft.letter_id]
    return _form(letter.slug, draft)


def unsent(form: MultiDict[str, str]) -> Markup | None:
    """Return the words of a form that was refused in a form of their own; reads no database."""
    slug, body = form.get("letter") or "", form.get("body") or ""
    if not body.strip() or not re.fullmatch(r"[a-z0-9-]{1,100}", slug):
        return None
    excerpt = forms.excerpt(form)
    parent = form.get("parent") or "0"
    draft = {"body": body, "parent": parent if parent.isdecimal() else "0", **excerpt.columns()}
    return _form(slug, draft)


def _form(slug: str, draft: object) -> Markup:
    html = render_template("comments/_draft_form.html", slug=slug, draft=draft)
    return Markup(html)  # noqa: S704 - a template's own output, escaped where it was printed


def _found() -> list[Draft]:
    digests = [digest(name) for name in _names()]
    if not digests:
        return []
    rows = session.scalars(
        sa.select(Draft).where(Draft.digest.in_(digests), Draft.at > clock.now() - KEPT)
    )
    return sorted(rows, key=lambda draft: digests.index(draft.digest))


def _names() -> list[str]:
    """Return the names of the drafts that are for whoever reads now."""
    if not (kept := _cookie()):
        return []
    account = current_account()
    parts = [name.partition("@") for name in kept]
    return [
        name for name, _at, owner in parts if not owner or (account and owner == str(account.id))
    ]


def _cookie() -> list[str]:
    """Return the drafts of this browser: names, each with its account behind an @ if it has one."""
    kept = request.cookies.get(COOKIE, "")
    return [name for name in kept.split(".") if re.fullmatch(r"[\w-]{22}(@\d{1,18})?", name)][:MOST]


def _set_cookie(names: list[str]) -> None:
    value = ".".join(names)
    https = (settings().site_url or "").startswith("https://")

    @after_this_request
    def set_it(response: Response) -> Response:
        response.set_cookie(
            COOKIE, value, max_age=KEPT, httponly=True, samesite="Lax", secure=https
        )
        return response
