"""Modules that are loaded when somebody needs them, where most processes never do.

What a process loads it pays for at every start, and keeps. An import belongs at the top of its file
nevertheless: only what is heavy and seldom wanted is loaded here, each time with the reason beside
the call. No way round the floors: a package loads its own modules alone (tests/house).
"""

import importlib
from typing import Any


def load(name: str) -> Any:
    """Return a module of ours, loaded now unless it was before.

    :param name: the whole name; a literal, so that whoever looks for it finds it.
    """
    return importlib.import_module(name)
