"""The public record over HTTP: a page for people, a file for programs; open to everybody."""

import json
from typing import Any

import flask
from flask import Blueprint, Flask, Response, render_template, request

from discuss.base import pagecache, web
from discuss.base.errors import NotFound
from discuss.base.security import is_signed_in
from discuss.moderation import chain, wording
from discuss.moderation.publicrecord import figures, plots
from discuss.moderation.publicrecord import lines as publicrecord

JSON_LINES = "application/jsonl"

blueprint = Blueprint("record", __name__, url_prefix="/moderation")


def init_app(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(blueprint)
    app.add_template_global(wording.public_line)
    app.add_template_global(wording.office_name)
    app.add_template_global(publicrecord.to_line)


@blueprint.get("/record")
@pagecache.public("what", "before")
def record() -> Response:
    """Show what was decided, newest first."""
    kind, before = request.args.get("what") or None, line_asked("before")
    if kind is not None and kind not in publicrecord.KINDS:
        raise NotFound

    is_first = not before and kind is None

    def render() -> str:
        return render_template(
            "moderation/record.html",
            page=publicrecord.page(kind, before or None),
            kind=kind,
            kinds=wording.KINDS,
            head=chain.head(),
            plots=plots.plots(figures.months()) if is_first else [],
        )

    stamp = publicrecord.stamp()
    if is_signed_in():
        return flask.make_response(render())
    return pagecache.respond(f"/moderation/record?{kind or ''}&{before}", stamp, render)


@blueprint.get("/record.jsonl")
@pagecache.public("after")
def record_as_lines() -> Response:
    """Hand out a thousand lines of the record for a program to verify, the oldest first."""
    after = line_asked("after")

    def render() -> str:
        return "".join(f"{as_line(told)}\n" for told in publicrecord.as_told(after))

    stamp = publicrecord.stamp()
    if is_signed_in():
        return Response(render(), mimetype=JSON_LINES)
    return pagecache.respond(f"/moderation/record.jsonl?{after}", stamp, render, JSON_LINES)


def as_line(told: dict[str, Any]) -> str:
    """Return a line as it was hashed, its hash among the rest."""
    return json.dumps(told, sort_keys=True, separators=(",", ":"))


def line_asked(name: str) -> int:
    """Return a line's number from the address, 0 where it has none.

    :raises NotFound: it is none that the database could hold.
    """
    return web.number(request.args.get(name) or "0")
