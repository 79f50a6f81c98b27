"""Who may send us forms, what a page may load, and how cookies travel."""

from urllib.parse import urlsplit

import flask
from flask import Flask, Response, current_app, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_wtf.csrf import CSRFError, CSRFProtect, generate_csrf
from werkzeug.middleware.proxy_fix import ProxyFix

from discuss.base.config import LOOPBACK, Settings, settings
from discuss.base.errors import NotFound, Refusal
from discuss.base.sessions import COOKIELESS, Sessions

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
SIGNED_IN_KEY = "_user_id"  # Flask-Login's name in the session
DAYS_SIGNED_IN = 30
LARGEST_REQUEST = 1024 * 1024  # bytes; 6,000 characters of Chinese in a form are 54 KB

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "font-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

_ALWAYS = (
    ("Content-Security-Policy", CONTENT_SECURITY_POLICY),
    ("X-Content-Type-Options", "nosniff"),
    # Flask-WTF wants a Referer on https posts, so never no-referrer.
    ("Referrer-Policy", "strict-origin-when-cross-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()"),
)

csrf = CSRFProtect()


class ForeignForm(Refusal):
    """A form that did not come from a page of this site, or from one of an ended session."""

    status = 403
    title = _("Not sent: the page was too old")
    default_message = _(
        "The page you sent this from is no longer valid. Your words are below: send them again."
    )


def init_app(app: Flask, settings: Settings) -> None:
    """Set cookies, limits, the forms' protection and the headers of every answer."""
    https = (settings.site_url or "").startswith("https://")
    app.config.update(
        SECRET_KEY=settings.secret(),
        SESSION_COOKIE_NAME="__Host-discuss" if https else "discuss",
        SESSION_COOKIE_SECURE=https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=DAYS_SIGNED_IN * 24 * 3600,
        SESSION_REFRESH_EACH_REQUEST=False,  # accounts renew it when they note that one was here
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        MAX_FORM_PARTS=200,
        WTF_CSRF_CHECK_DEFAULT=False,  # protect_forms() below decides when
        WTF_CSRF_TIME_LIMIT=None,  # a page may lie open for days; its words must not be lost
    )
    app.session_interface = Sessions(app)
    csrf.init_app(app)
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]  # Flask's documented way
            app.wsgi_app, x_for=count, x_proto=count, x_host=count
        )
    app.before_request(refuse_nul)
    app.before_request(one_address)
    app.before_request(protect_forms)
    app.after_request(add_headers)


def signed_by_sender(app: Flask, *endpoints: str) -> None:
    """Let calls through that carry a signature of their sender's, which their view checks.

    :param app: the application.
    :param endpoints: the views; none of them may look at the session.
    """
    app.extensions.setdefault("signed_by_sender", set()).update(endpoints)


def is_signed_in() -> bool:
    """Whether the request carries a session that names somebody; says nothing of its validity."""
    return SIGNED_IN_KEY in flask.session


def form_token() -> str:
    """Return the token that a signed-in person's forms carry."""
    token: str = generate_csrf()
    return token


def refuse_nul() -> None:
    """Refuse addresses with a NUL, which no page has and PostgreSQL takes for an error.

    The API has words of its own for each parameter, and signing in a page for each refusal.

    :raises NotFound: the path or an argument holds one.
    """
    if request.path.startswith((COOKIELESS, "/signin")):
        return
    said = (request.path, *(value for values in request.args.lists() for value in values[1]))
    if any("\0" in words for words in said):
        raise NotFound


def one_address() -> ResponseReturnValue | None:
    """Send `localhost` to the site's own address, so that cookies and sign-in have one home."""
    site = urlsplit(settings().site_url or "")
    host = urlsplit(f"//{request.host}").hostname
    if host == site.hostname or site.hostname not in LOOPBACK or host != "localhost":
        return None
    path = request.full_path if request.query_string else request.path
    return flask.redirect(f"{settings().site_url}{path}", code=308)


def protect_forms() -> None:
    """Refuse what another site's page sends.

    Signed in, by the session's token. Signed out there is no token, for the page is the same
    bytes for everybody: the browser's own word counts, `Origin` or `Sec-Fetch-Site`.
    """
    if request.method in SAFE_METHODS or request.path.startswith(COOKIELESS):
        return
    if request.endpoint in current_app.extensions.get("signed_by_sender", ()):
        return
    if is_signed_in():
        try:
            csrf.protect()
        except CSRFError as error:
            raise ForeignForm from error
    elif not from_this_site():
        raise ForeignForm


def from_this_site() -> bool:
    """Whether the browser says that a page of this site sent the request."""
    if origin := request.headers.get("Origin"):
        return origin == settings().site_url
    return request.headers.get("Sec-Fetch-Site") == "same-origin"


def keep_address(response: Response) -> Response:
    """Keep an answer's own address, which is a secret, out of the Referer of the next request.

    Not by `no-referrer`: a form's Origin would be `null` then, and be refused.
    """
    response.headers["Referrer-Policy"] = "strict-origin"
    return response


def add_headers(response: Response) -> Response:
    """Tell the browser what this answer may do, and who may keep it."""
    head = response.headers
    said = {name.lower() for name, _ in head}
    head.extend((name, value) for name, value in _ALWAYS if name.lower() not in said)
    if "cache-control" not in said:
        head["Cache-Control"] = "private, no-store"
        response.vary.add("Cookie")
    # By the site's own address, for a page that is kept goes to everybody.
    if (settings().site_url or "").startswith("https://"):
        head.setdefault("Strict-Transport-Security", "max-age=31536000")
    return response
