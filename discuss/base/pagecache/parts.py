"""What many pages are made of, kept by name: bounded in number, the longest unused thrown out."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

Kept = TypeVar("Kept")


class Parts:
    """What one process keeps of one kind."""

    def __init__(self, most: int) -> None:
        """Keep nothing yet.

        :param most: how many things at once.
        """
        self._most = most
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def find(self, key: Hashable) -> Any:
        """Return what is kept by a key, or nothing."""
        with self._lock:
            if (found := self._kept.get(key)) is not None:
                self._kept.move_to_end(key)
            return found

    def keep(self, key: Hashable, thing: Kept) -> Kept:
        """Keep a thing, and return it."""
        with self._lock:
            self._kept[key] = thing
            self._kept.move_to_end(key)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return thing

    def right(self, key: Hashable, stamp: str, make: Callable[[], Kept]) -> Kept:
        """Return what is kept under a stamp, made anew when that is another now.

        :param stamp: the clocks that the thing shows, read before this call.
        :param make: makes it.
        """
        found: tuple[str, Kept] | None = self.find(key)
        if found is None or found[0] != stamp:
            found = self.keep(key, (stamp, make()))
        return found[1]
