"""Routes compiled once for all applications of a run; else they take 40 ms of every test."""

from collections.abc import Callable
from typing import Any

from werkzeug.routing import Rule

_compile: Any = Rule._compile_builder
_compiled: dict[Any, Callable[..., tuple[str, str]]] = {}


def _compile_once(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
    # The rule that the compiled function is bound to tells it everything else.
    key = (tuple(rule._trace), tuple((rule.defaults or {}).items()), append_unknown)
    if key not in _compiled:
        _compiled[key] = _compile(rule, append_unknown)
    return _compiled[key]


Rule._compile_builder = _compile_once  # type: ignore[assignment,method-assign]
