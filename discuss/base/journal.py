"""Every request that reaches the application: its id, how it was answered and how long it took.

Pages that the shelf answers before are not seen here: their bytes are everybody's, so they carry no
id, and the shelf counts them.
"""

import logging
import re
import secrets
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

from discuss.base import logs, metrics
from discuss.base.config import Settings
from discuss.base.metrics import Family

log = logging.getLogger("discuss.access")

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

HEADER = "X-Request-ID"
ID_OF_A_PROXY = re.compile(r"[A-Za-z0-9._~+/=:-]{8,128}", re.ASCII)  # UUIDs, nginx's, AWS's, W3C's
NOWHERE = "none"  # the endpoint of an address that leads nowhere
OTHER = "other"
STATUSES = (
    *("200", "201", "202", "204", "206", "301", "302", "303", "304", "307", "308"),
    *("400", "401", "403", "404", "405", "409", "410", "411", "413", "415", "422", "429"),
    *("500", "501", "502", "503", "504", OTHER),
)


class Journal:
    """A WSGI application around Flask's."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        self._app: Application = app.wsgi_app
        self._metrics = metrics.of(app)
        self._believes_ids = settings.trusted_proxies > 0
        self._writes_access_log = settings.access_log
        self._answered: Family  # once the endpoints are known
        self._duration: dict[str, int] = {}

    def learn_endpoints(self, names: Iterable[str]) -> None:
        """Make a place for the figures of every endpoint; only these are counted apart."""
        endpoints = (*sorted(names), NOWHERE)
        self._answered = self._metrics.counter(
            "discuss_requests_total",
            "Requests that reached the application, by what answered and with which status.",
            endpoint=endpoints,
            status=STATUSES,
        )
        self._duration = self._metrics.histogram(
            "discuss_request_seconds",
            "How long the application took for an answer.",
            "endpoint",
            endpoints,
        ).first

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request (PEP 3333)."""
        request_id = self._id_of(environ)
        began = time.perf_counter_ns()
        answer = Answer()

        def start(line: str, headers: list[tuple[str, str]], *broken: Any) -> Any:
            answer.status = line[:3]
            answer.rule = environ["werkzeug.request"].url_rule  # Flask takes it away at the end
            return start_response(line, [*headers, (HEADER, request_id)], *broken)

        with logs.about(request_id=request_id):
            try:
                return self._app(environ, start)
            finally:
                self._note(environ, answer, time.perf_counter_ns() - began)

    def _id_of(self, environ: Environ) -> str:
        if self._believes_ids:
            given: str = environ.get("HTTP_X_REQUEST_ID", "")
            if ID_OF_A_PROXY.fullmatch(given):
                return given
        return secrets.token_hex(8)

    def _note(self, environ: Environ, answer: "Answer", took: int) -> None:
        rule, status = answer.rule, answer.status
        endpoint = rule.endpoint if rule and rule.endpoint in self._duration else NOWHERE
        counted = status if status in self._answered.labels["status"] else OTHER
        self._metrics.count(self._answered.cell(endpoint, counted))
        self._metrics.observe(self._duration[endpoint], took)
        if self._writes_access_log:
            # Not the path itself: that of a one-time link is a secret.
            known = logs.facts(
                method=environ["REQUEST_METHOD"] if rule else None,
                route=rule.rule if rule else None,
                status=int(status),
                milliseconds=round(took / 1e6, 3),
            )
            log.info("answered", extra=known)


@dataclass
class Answer:
    """What became of a request."""

    status: str = "500"  # of one that breaks the application itself
    rule: Rule | None = None


def init_app(app: Flask, settings: Settings) -> None:
    """Note what reaches the application; to be called before anything else stands around it."""
    journal = Journal(app, settings)
    app.extensions["journal"] = journal
    app.wsgi_app = journal  # type: ignore[method-assign]  # Flask's documented way


def learn_endpoints(app: Flask) -> None:
    """Count every endpoint apart; to be called once all are registered."""
    journal: Journal = app.extensions["journal"]
    journal.learn_endpoints(app.view_functions)
