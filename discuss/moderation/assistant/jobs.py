"""The assistant's background work: learning, looking, and forgetting what it thought long ago."""

from datetime import timedelta

from discuss.base import clock, jobs
from discuss.moderation.assistant import asking, judging, learning, queries
from discuss.moderation.assistant.models import Knowledge
from discuss.moderation.queue import opinions

LEARNED_FOR = timedelta(days=1)


@jobs.periodic(every=timedelta(hours=1))
def learn() -> None:
    """Learn where there is something new, and at least once a day: words may have been erased."""
    opinions.forget_old()
    if not queries.is_on():
        learning.forget()
    elif learning.has_new() or is_old(queries.knowledge()):
        learning.learn()


def is_old(known: Knowledge | None) -> bool:
    """Whether what was learned may name words that were erased since."""
    return known is None or known.at < clock.now() - LEARNED_FOR


@jobs.task
def look(letter_id: int, number: int) -> None:
    """Look at a comment in its thread."""
    judging.look(letter_id, number)


@jobs.task
def look_held(held_id: int) -> None:
    """Look at a comment that waits."""
    judging.look_held(held_id)


@jobs.task
def ask(letter_id: int, number: int) -> None:
    """Ask Akismet about a comment in its thread."""
    asking.ask(letter_id, number)


@jobs.task
def ask_held(held_id: int) -> None:
    """Ask Akismet about a comment that waits."""
    asking.ask_held(held_id)


@jobs.task
def tell(decision_id: int) -> None:
    """Tell Akismet of a moderator's decision."""
    asking.tell(decision_id)
