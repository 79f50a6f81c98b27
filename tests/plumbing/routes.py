"""Routes compiled once for all applications of a run; else they take 40 ms of every test."""

from typing import Any

from werkzeug.routing import Rule

_compile: Any = Rule.compile
_compiled: dict[Any, dict[str, Any]] = {}

BUILDERS = ("_build", "_build_unknown")  # bound to their rule, which tells them everything else
COMPILED = ("_parts", "_trace", "_converters", "arguments")  # read alone from here on


def _compile_once(rule: Rule) -> None:
    key = (
        rule.rule,
        rule.subdomain,
        rule.host,
        rule.map.host_matching,
        rule.merge_slashes,
        tuple((rule.defaults or {}).items()),
        tuple(rule.map.converters.items()),
    )
    if key not in _compiled:
        _compile(rule)
        _compiled[key] = {name: getattr(rule, name) for name in COMPILED} | {
            name: getattr(rule, name).__func__ for name in BUILDERS
        }
        return
    for name, value in _compiled[key].items():
        setattr(rule, name, value.__get__(rule) if name in BUILDERS else value)


Rule.compile = _compile_once  # type: ignore[method-assign]
