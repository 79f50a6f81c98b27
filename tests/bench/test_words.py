"""Made-up threads: figures of two years apart are about the same words."""

import hashlib

from bench import words

KNOWN = "a310465e5c673727d2a57395ce137abd93fcaa1ae18845ba37cd0d7cd1dd9858"


def test_a_thread_has_the_same_words_on_every_machine():
    lines = "\n".join(words.lines(100))

    assert hashlib.sha256(lines.encode()).hexdigest() == KNOWN


def test_parents_come_before_their_replies():
    thread = list(words.thread(500))

    assert all(
        comment["parent_id"] is None or comment["parent_id"] < comment["id"] for comment in thread
    )
    assert 0 < sum(comment["parent_id"] is None for comment in thread) < len(thread)


def test_another_seed_gives_another_thread():
    assert list(words.lines(5, seed=1)) != list(words.lines(5, seed=2))
