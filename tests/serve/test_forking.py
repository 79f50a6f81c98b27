"""Processes are forked so that a signal is heard once, by whom it was for."""

import os
import signal
import sys
import threading
import time

import pytest

from discuss.serve.forking import fork, signals_held_back


@pytest.fixture
def heard():
    heard = []
    before = signal.signal(signal.SIGTERM, lambda number, _: heard.append(number))
    yield heard
    signal.signal(signal.SIGTERM, before)


def forked(run):
    with signals_held_back():
        return fork("a child", run)


def end_of(pid):
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def test_a_signal_that_comes_before_the_fork_is_heard_after_it(heard):
    with signals_held_back():
        signal.pthread_kill(threading.get_ident(), signal.SIGTERM)  # a process may have others
        pid = fork("a child", lambda: time.sleep(60))
        meanwhile = list(heard)
    os.kill(pid, signal.SIGTERM)

    assert (meanwhile, heard, end_of(pid)) == ([], [signal.SIGTERM], -signal.SIGTERM)


def test_a_child_hears_signals_and_leaves_ctrl_c_to_its_parent(heard):
    pid = forked(lambda: time.sleep(60))

    os.kill(pid, signal.SIGINT)
    os.kill(pid, signal.SIGTERM)

    assert (heard, end_of(pid)) == ([], -signal.SIGTERM)


def test_the_exit_code_says_how_a_child_ended():
    ends = [end_of(forked(run)) for run in (lambda: None, lambda: sys.exit(3), lambda: 1 / 0)]

    assert ends == [0, 3, 1]
