"""Whole pages for readers without a session, kept under the clock of what they show.

A stored page is right exactly while its clocks are. They are read before the page is rendered:
words that arrive meanwhile then stand under an older clock, and the next reader renders again.
`front` answers from the shelf before the application is entered; what it does not know comes here.
"""

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from flask import Flask, Response, current_app, request
from werkzeug.datastructures import ImmutableMultiDict

from discuss.base import replicas
from discuss.base.pagecache.front import PAGE, Front
from discuss.base.pagecache.parts import Parts
from discuss.base.pagecache.shelf import Flights, Page, Shelf
from discuss.base.pagecache.stamps import Clock, Source, Stamp, read, stamp_of, tick, value_of

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

__all__ = [
    "Clock",
    "Front",
    "Parts",
    "Source",
    "Stamp",
    "before",
    "init_app",
    "public",
    "read",
    "respond",
    "stamp_of",
    "tick",
    "value_of",
]

Given = ParamSpec("Given")
Answer = TypeVar("Answer")


def public(*names: str) -> Callable[[Callable[Given, Answer]], Callable[Given, Answer]]:
    """Mark a view whose page is the same for every reader without a session.

    Other arguments of its address mean nothing, so a tracking parameter makes no second page; the
    view does not even see them.

    :param names: the arguments that it reads.
    """

    def mark(view: Callable[Given, Answer]) -> Callable[Given, Answer]:
        @functools.wraps(view)
        def trimmed(*args: Given.args, **kwargs: Given.kwargs) -> Answer:
            request.args = ImmutableMultiDict(
                (name, value) for name, value in request.args.items(multi=True) if name in names
            )
            return view(*args, **kwargs)

        trimmed.reads = frozenset(names)  # type: ignore[attr-defined]  # for the front
        return trimmed

    return mark


def respond(
    key: str, stamp: Stamp, render: Callable[[], str], mimetype: str = "text/html"
) -> Response:
    """Answer a reader without a session from the shelf, or with 304 when nothing changed.

    :param key: the page's address with the arguments that matter.
    :param stamp: every clock that the page shows.
    :param render: makes the page when the shelf has none that is right.
    :param mimetype: of the page.
    """
    etag = f"{current_app.extensions['build']}-{stamp.text}"
    response = Response(mimetype=mimetype)
    response.set_etag(etag, weak=True)  # one tag for every encoding, so it cannot be a strong one
    has_session = current_app.config["SESSION_COOKIE_NAME"] in request.cookies
    # Flask renews a session's cookie with every answer, so that answer is nobody else's.
    response.headers["Cache-Control"] = f"{'private' if has_session else 'public'}, no-cache"
    response.vary.update(("Accept-Encoding", "Cookie"))
    if request.if_none_match.contains_weak(etag):
        response.status_code = 304
        return response
    page = _right_page(key, etag, stamp, render, mimetype)
    encoding = page.encoding(request.headers.get("Accept-Encoding", ""))
    response.data = page.body(encoding)
    if encoding != "identity":
        response.headers["Content-Encoding"] = encoding
    request.environ[PAGE] = (key, page, encoding)
    return response


def _right_page(
    key: str, etag: str, stamp: Stamp, render: Callable[[], str], mimetype: str
) -> Page:
    shelf: Shelf = current_app.extensions["shelf"]
    flights: Flights = current_app.extensions["renderings"]
    if (page := shelf.find(key)) is not None and page.etag == etag:
        return page
    with flights.alone(key):
        if (page := shelf.find(key)) is None or page.etag != etag:
            page = Page(replicas.rendered(render, stamp), etag, stamp, mimetype)
            shelf.keep(key, page)
    return page


def before(app: Flask, layer: "Callable[[WSGIApplication], WSGIApplication]") -> Front:
    """Put a WSGI layer between the ready pages and the application.

    :param layer: makes it around the application.
    :returns: the whole, which answers requests.
    """
    front: Front = app.extensions["front"]
    front.behind = layer(front.behind)
    return front


def init_app(app: Flask) -> None:
    """Give the application its shelf, and let that answer before the application is entered."""
    shelf = app.extensions["shelf"] = Shelf()
    app.extensions["renderings"] = Flights()
    app.extensions["front"] = Front(app, shelf)
    app.wsgi_app = app.extensions["front"]  # type: ignore[method-assign]  # Flask's documented way
