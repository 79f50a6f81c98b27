"""What the service says of itself: one line for each event, on stderr.

Nothing personal is said: no address of a reader, no query, no cookie, no word that somebody wrote.
Only the address of the site and the first administrator's link go to stdout, for a person.
"""

import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, TextIO

from discuss.base.config import Settings

# Line ends and a terminal's commands, in words that came from outside.
_CONTROLS = {code: f"\\x{code:02x}" for code in (*range(32), *range(127, 160))}

_about: ContextVar[dict[str, str] | None] = ContextVar("about", default=None)


@contextmanager
def about(**known: str) -> Iterator[None]:
    """Have every line that is written meanwhile say what it is about.

    :param known: for example the id of a request.
    """
    before = _about.set({**(_about.get() or {}), **known})
    try:
        yield
    finally:
        _about.reset(before)


def facts(**known: Any) -> dict[str, Any]:
    """Return what a single line says beside its message: `log.info("…", extra=facts(status=200))`.

    :param known: values that JSON carries as they are.
    """
    return {"facts": known}


def init_app(settings: Settings) -> None:
    """Send what loggers say to stderr, in the form that the operator wants."""
    root = logging.getLogger()
    for old in [handler for handler in root.handlers if isinstance(handler, _Stderr)]:
        root.removeHandler(old)
    handler = _Stderr()
    wants_json = settings.log == "json" or (settings.log == "auto" and not sys.stderr.isatty())
    handler.setFormatter(JsonLine() if wants_json else TextLine())
    root.addHandler(handler)
    logging.getLogger("discuss").setLevel(logging.INFO)
    logging.captureWarnings(True)


class JsonLine(logging.Formatter):
    """An event as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        event = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            "pid": record.process,
            **_known(record),
        }
        if record.exc_info and record.exc_info[0]:
            event["traceback"] = self.formatException(record.exc_info)
        return json.dumps(event, default=str)


class TextLine(logging.Formatter):
    """An event as a person reads it."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, and a traceback below it."""
        time = datetime.fromtimestamp(record.created, UTC).strftime("%H:%M:%S")
        message = record.getMessage().translate(_CONTROLS)
        known = "".join(f" {name}={value}" for name, value in _known(record).items())
        line = f"{time} {record.levelname} {record.name}: {message}{known}"
        if record.exc_info and record.exc_info[0]:
            line += f"\n{self.formatException(record.exc_info)}"
        return line


class _Stderr(logging.StreamHandler[TextIO]):
    """Writes to what stderr is now: tests and supervisors exchange it."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> TextIO:  # type: ignore[override]  # StreamHandler has a plain attribute
        return sys.stderr


def _known(record: logging.LogRecord) -> dict[str, Any]:
    return {**(_about.get() or {}), **getattr(record, "facts", {})}
