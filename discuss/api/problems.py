"""One shape for everything that goes wrong under /api/: problem details (RFC 9457)."""

from typing import Any

from flask import Flask, Response, current_app, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException, InternalServerError, RequestEntityTooLarge

from discuss.base import web
from discuss.base.db import session
from discuss.base.errors import Invalid, Refusal, TooLarge
from discuss.base.security import COOKIELESS

METHOD_NOT_ALLOWED = 405


class NotJson(Refusal):
    """The body is not the JSON object that the call takes."""

    status = 400


class BadField(Invalid):
    """A parameter or a member of the body has a value that it cannot have."""

    def __init__(self, message: str, field: str) -> None:
        """Refuse.

        :param message: what is wrong, and what is allowed.
        :param field: the name of the parameter or member.
        """
        super().__init__(message)
        self.field = field

    def details(self) -> dict[str, Any]:
        """Name the field for a program."""
        return {"field": self.field}


def init_app(app: Flask) -> None:
    """Answer wrong methods, which are refused before any call of ours is chosen."""
    app.register_error_handler(METHOD_NOT_ALLOWED, refuse_method)


def refuse_method(error: HTTPException) -> ResponseReturnValue:
    """Answer a wrong method in the form that its address stands for."""
    return refuse_http(error) if request.path.startswith(COOKIELESS) else web.refuse_http(error)


def refuse_http(error: HTTPException) -> ResponseReturnValue:
    """Answer what Flask itself refused; a redirect passes through."""
    if error.code is None or error.code < 400:
        return error.get_response()
    if isinstance(error, RequestEntityTooLarge):
        return web.refuse(TooLarge())
    session.rollback()
    response = problem(error.code, error.name, error.description or error.name)
    if allow := getattr(error, "valid_methods", None):
        response.headers["Allow"] = ", ".join(allow)
    return response


def break_down(error: InternalServerError) -> Response:
    """Answer what nobody foresaw; the log has the rest."""
    answer = web.break_down(error)
    if answer.mimetype == "application/problem+json":
        return answer
    return problem(
        answer.status_code,
        _("Something broke on our side"),
        _("It is written down and someone will look. Nothing was changed."),
    )


def problem(status: int, title: str, detail: str) -> Response:
    """Return problem details.

    :param status: of HTTP.
    :param title: what kind of problem it is.
    :param detail: what to do about it.
    """
    told = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    response = Response(current_app.json.dumps(told))
    response.status_code = status
    response.mimetype = "application/problem+json"
    return response
