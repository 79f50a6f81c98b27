"""The boundary of a request: one commit, one page for every refusal, redirects that stay home."""

import logging
import secrets
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa
from flask import Flask, Response, current_app, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from jinja2 import TemplateError
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException, InternalServerError, RequestEntityTooLarge

from discuss.base import logs
from discuss.base.db import LARGEST_NUMBER, session
from discuss.base.errors import Broken, NotFound, Refusal, TooLarge, Unavailable

log = logging.getLogger("discuss")


RefusalPage = Callable[[Refusal], Any]


def init_app(app: Flask) -> None:
    """Commit what a request did before its answer leaves, and answer what goes wrong."""
    app.extensions["refusal_pages"] = {}
    app.before_request(refuse_numbers_of_no_row)
    app.after_request(commit)
    app.register_error_handler(Refusal, refuse)
    app.register_error_handler(HTTPException, refuse_http)
    app.register_error_handler(InternalServerError, break_down)
    # Flask would write the path as well, and all that break_down() writes.
    app.log_exception = lambda exc_info: None  # type: ignore[method-assign]
    # No function of ours is a coroutine, and Flask would look at each one for each request.
    app.ensure_sync = lambda func: func  # type: ignore[method-assign]


def refusal_page(app: Flask, *endpoints: str) -> Callable[[RefusalPage], RefusalPage]:
    """Register the page that a refused form comes back in, with the words typed still in it.

    :param app: the application.
    :param endpoints: whose refusals it shows.
    """

    def register(page: RefusalPage) -> RefusalPage:
        app.extensions["refusal_pages"].update(dict.fromkeys(endpoints, page))
        return page

    return register


def refuse_numbers_of_no_row() -> None:
    """Refuse addresses with a number that the database could not even be asked for.

    :raises NotFound: the path holds one.
    """
    parts = (request.view_args or {}).values()
    if any(isinstance(part, int) and part > LARGEST_NUMBER for part in parts):
        raise NotFound


def commit(response: Response) -> Response:
    """Make what the request did durable before the answer says so."""
    session.commit()
    return response


def refuse(refusal: Refusal) -> Response:
    """Undo what the request began, and say why in the form it asked for."""
    session.rollback()
    if wants_json():
        return problem_of(refusal)
    page = current_app.extensions["refusal_pages"].get(request.endpoint)
    if isinstance(refusal, TooLarge):
        page = None  # the form was never read
    try:
        body = page(refusal) if page else None
    except sa.exc.SQLAlchemyError:  # the form reads something, and the database is what failed
        session.rollback()
        body = None
    body = body or error_page(refusal.status, refusal.title, refusal.message)
    response = make_response(body)
    response.status_code = refusal.status
    response.headers.extend(refusal.headers)
    return response


def refuse_http(error: HTTPException) -> ResponseReturnValue:
    """Show Flask's own refusals as ours; a redirect passes through."""
    if error.response is not None or error.code is None or error.code < 400:
        return error.get_response()
    if isinstance(error, RequestEntityTooLarge):
        return refuse(TooLarge())
    if error.code == NotFound.status:
        return refuse(NotFound())
    session.rollback()
    if wants_json():
        response = problem(error.code, error.name, error.description or error.name)
    else:
        page = error_page(error.code, _("That did not work"), error.description)
        response = make_response(page, error.code)
    if allow := getattr(error, "valid_methods", None):
        response.headers["Allow"] = ", ".join(sorted(allow))
    return response


def break_down(error: InternalServerError) -> Response:
    """Answer what nobody foresaw: the reader gets a reference, the log the rest."""
    cause = error.original_exception or error
    if is_database_down(cause):
        said = str(getattr(cause, "orig", cause)).partition("\n")[0]
        log.warning("database unavailable", extra=logs.facts(reason=said))
        return refuse(Unavailable())
    broken = Broken(secrets.token_hex(4))
    log.error("broke down", exc_info=cause, extra=logs.facts(reference=broken.reference))
    session.rollback()
    if wants_json():
        return problem_of(broken)
    try:
        return make_response(broken_page(broken), broken.status)
    except TemplateError:  # it may be the frame itself that broke
        return Response(f"{broken.title}. Mention {broken.reference}.\n", broken.status)


def broken_page(broken: Broken) -> str:
    """Return the page that says it is our fault."""
    return render_template(
        "base/error.html",
        status=broken.status,
        title=broken.title,
        message=_(
            "It is written down and someone will look. "
            "Nothing was posted; your words are kept on this device."
        ),
        reference=broken.reference,
    )


def is_database_down(error: BaseException) -> bool:
    """Whether the database refused, hung or is full, rather than our statement being wrong."""
    return isinstance(error, sa.exc.TimeoutError) or (
        isinstance(error, DBAPIError)
        and (error.connection_invalidated or isinstance(error, sa.exc.OperationalError))
    )


def number(given: str) -> int:
    """Return a number among an address's arguments.

    :raises NotFound: it is none, or none that the database could hold.
    """
    # Its length first: Python refuses to read thousands of digits at all.
    if given.isascii() and given.isdigit() and len(given) < 11 and int(given) <= LARGEST_NUMBER:
        return int(given)
    raise NotFound


def wants_json() -> bool:
    """Whether the request came from a program or from a script of ours."""
    if request.path.startswith("/api/"):
        return True
    best = request.accept_mimetypes.best_match(("text/html", "application/json"), "text/html")
    return best == "application/json"


def problem_of(refusal: Refusal) -> Response:
    """Return a refusal as a program reads it."""
    title, detail = str(refusal.title), refusal.message
    response = problem(refusal.status, title, detail, **refusal.details())
    response.headers.extend(refusal.headers)
    return response


def problem(status: int, title: str, detail: str, **more: Any) -> Response:
    """Return `application/problem+json` (RFC 9457).

    :param status: of HTTP.
    :param title: what kind of problem it is.
    :param detail: what to do about it.
    :param more: members beside the standard ones.
    """
    told = {"type": "about:blank", "title": title, "status": status, "detail": detail, **more}
    body = current_app.json.dumps(told) + "\n"
    return Response(body, status, mimetype="application/problem+json")


def error_page(status: int, title: object, message: object) -> str:
    """Return the page that says what went wrong and where to go on."""
    return render_template("base/error.html", status=status, title=title, message=message)


def safe_path(address: str | None) -> str | None:
    r"""Return an address when it is a path of this site, else nothing.

    Browsers read `\\` as `/` and drop tabs and line ends, so `/\\host` and `/<tab>/host` lead away.
    """
    if not address or not address.startswith("/") or address.startswith("//"):
        return None
    if "\\" in address or any(ord(sign) < 33 or ord(sign) == 127 for sign in address):
        return None
    parts = urlsplit(address)
    return None if parts.scheme or parts.netloc or parts.path.startswith("//") else address
