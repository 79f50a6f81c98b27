"""Signals wake whoever waits, also those that came before the wait."""

import os
import select
import signal
import threading

import pytest

from discuss.serve.selfpipe import SelfPipe


@pytest.fixture
def selfpipe():
    before_handler = signal.signal(signal.SIGUSR2, lambda *_: None)
    before_fd = signal.set_wakeup_fd(-1)
    selfpipe = SelfPipe()
    yield selfpipe
    selfpipe.close()
    signal.set_wakeup_fd(before_fd)
    signal.signal(signal.SIGUSR2, before_handler)


def is_silent(selfpipe):
    return select.select([selfpipe._hears], [], [], 0)[0] == []


def test_a_signal_of_before_the_wait_ends_it(selfpipe):
    os.kill(os.getpid(), signal.SIGUSR2)

    selfpipe.wait()

    assert is_silent(selfpipe)


def test_another_thread_ends_the_wait_and_never_waits_itself(selfpipe):
    def ring_often():
        for _ in range(100_000):  # more than a pipe holds
            selfpipe.ring()

    bell_ringer = threading.Thread(target=ring_often)
    bell_ringer.start()

    bell_ringer.join()
    selfpipe.wait()

    assert not is_silent(selfpipe)  # a pipe holds more than is read at once


def test_what_was_heard_is_heard_once(selfpipe):
    selfpipe.ring()
    selfpipe.ring()
    selfpipe.wait()

    assert is_silent(selfpipe)
