"""A pipe: one waits until another rings, a thread, a signal's handler or a forked process."""

import contextlib
import os
import select


class WakePipe:
    """A pipe that is rung at one end; who waits at the other one wakes.

    Processes forked later share it. One ring wakes one that waits, and is kept while nobody does.
    """

    def __init__(self) -> None:
        """Open the pipe."""
        self._hears, self._tells = os.pipe()
        for end in (self._hears, self._tells):
            os.set_blocking(end, False)

    def ring(self) -> None:
        """Wake whoever waits, from any thread."""
        with contextlib.suppress(BlockingIOError):  # full: it will wake
            os.write(self._tells, b"\0")

    def wait(self, seconds: float | None = None) -> None:
        """Return when somebody rang, since the last time or now.

        :param seconds: the longest wait; without end unless given.
        """
        select.select([self._hears], [], [], seconds)
        with contextlib.suppress(BlockingIOError):
            os.read(self._hears, 4096)

    def close(self) -> None:
        """Hear no more; for a child that has the pipe of its parent."""
        os.close(self._hears)
        os.close(self._tells)
