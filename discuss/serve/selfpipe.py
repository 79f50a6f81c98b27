"""How a main thread waits for signals and misses none: the self-pipe trick."""

import signal

from discuss.base.wakepipe import WakePipe


class SelfPipe(WakePipe):
    """A pipe that every signal writes to; one a process, made by its main thread.

    A thread that waits for a lock sleeps through a signal that came on its way there: the handler
    is run by the next line of Python, and the lock holds that back (7 of some 400 services, asked
    to end within 0.1 s of their start, had a worker that went on).
    """

    def __init__(self) -> None:
        """Be written to from now on, whatever the signals' handlers do."""
        super().__init__()
        signal.set_wakeup_fd(self._tells, warn_on_full_buffer=False)

    def close(self) -> None:
        """Hear no more; for a child that has the pipe of its parent."""
        signal.set_wakeup_fd(-1)
        super().close()
