"""Reading stays linear: twice the text, about twice the work."""

import importlib
import pkgutil
import re
import sys
from collections.abc import Iterator
from re import _constants as sre  # type: ignore[attr-defined] # how a pattern reads itself
from re import _parser as reader  # type: ignore[attr-defined]
from types import FrameType
from typing import Any

import pytest

from discuss.letters import parsing
from discuss.letters.parsing import NotALetter, parse

LINE = "We met in the hall last week and spoke about what the town needs in winter.\n"
SHAPES = {
    "wrapped.txt": LINE,
    "paragraphs.txt": LINE + "\n",
    "closings.txt": "Yours,\nAda Bell\n",
    "names.txt": "Ada Bell\n\n",
    "one-line.txt": "click here #hall “ ",
    "blank.txt": "\n",
    "wrapped.md": LINE,
    "colons.md": "name: value\n",
    "quotations.eml": "> We met.\nAda wrote:\n",
    "marks.eml": "-- \n",
}


def steps(data: bytes, name: str) -> int:
    """Count the lines of the parser that one reading runs."""
    count = 0

    def trace(frame: FrameType, event: str, _arg: Any) -> Any:
        nonlocal count
        count += event == "line"
        return trace if "letters/parsing" in frame.f_code.co_filename else None

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        parse(data, name)
    except NotALetter:
        pass
    finally:
        sys.settrace(before)
    return count


def patterns() -> Iterator[tuple[str, re.Pattern[Any]]]:
    """Return every pattern of the parser."""
    for info in pkgutil.iter_modules(parsing.__path__, f"{parsing.__name__}."):
        for name, value in vars(importlib.import_module(info.name)).items():
            for found in value if isinstance(value, tuple) else (value,):
                if isinstance(found, re.Pattern):
                    yield f"{info.name}.{name}", found


def nested_loops(parsed: Any, *, within: bool = False) -> bool:
    """Tell whether a pattern has an unbounded repetition within another."""
    for code, arguments in parsed:
        repeats = code in (sre.MAX_REPEAT, sre.MIN_REPEAT) and arguments[1] == sre.MAXREPEAT
        if repeats and within:
            return True
        inner = arguments if isinstance(arguments, list | tuple) else [arguments]
        for part in inner:
            for one in part if isinstance(part, list) else [part]:
                if isinstance(one, reader.SubPattern) and nested_loops(
                    one, within=within or repeats
                ):
                    return True
    return False


@pytest.mark.row("7")
@pytest.mark.parametrize("name", SHAPES)
def test_twice_the_text_takes_about_twice_the_steps(name):
    head = "Subject: x\n\n" if name.endswith(".eml") else "We met.\n\n"
    once, twice = (steps((head + SHAPES[name] * count).encode(), name) for count in (2_000, 4_000))

    assert twice < once * 2.3


@pytest.mark.row("7")
def test_no_pattern_repeats_within_a_repetition():
    found = [
        name
        for name, pattern in patterns()
        if nested_loops(reader.parse(pattern.pattern, pattern.flags & ~re.UNICODE))
    ]

    assert found == []
