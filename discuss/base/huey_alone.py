"""Huey without the drivers of its own storages, which it imports wherever they are installed.

Our storage is a table. Redis' client and PostgreSQL's driver would take a tenth of every start and
11 MB, also on SQLite without Redis.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def _hidden(*names: str) -> Iterator[None]:
    """Let packages seem not to be installed; huey takes that as its users' choice."""
    known = {name: sys.modules[name] for name in names if name in sys.modules}
    for name in names:
        sys.modules[name] = None  # type: ignore[assignment]  # so `import` says: not found
    try:
        yield
    finally:
        for name in names:
            del sys.modules[name]
        sys.modules.update(known)


with _hidden("redis", "psycopg"):
    from huey import Huey
    from huey.api import Task
    from huey.consumer import Consumer, Worker
    from huey.storage import BlackHoleStorage

__all__ = ["BlackHoleStorage", "Consumer", "Huey", "Task", "Worker"]
