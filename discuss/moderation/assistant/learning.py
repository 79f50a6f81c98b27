"""Learning from the site's decisions, and measuring that on those which were held back."""

from collections import Counter
from collections.abc import Iterable

import sqlalchemy as sa

from discuss.base.db import session
from discuss.moderation.assistant.examples import Example, Settled, examples, settled
from discuss.moderation.assistant.models import (
    LEAST_OF_A_KIND,
    LEAST_THRESHOLD,
    MOST_THRESHOLD,
    Knowledge,
    Measure,
    Word,
)
from discuss.moderation.assistant.scoring import Totals, score, weight
from discuss.moderation.models import Decision

HELD_BACK = 5  # every fifth decision is not learned from, so that there is something to be asked
MOST_KNOWN = 4_000  # words kept: some 200 KB in the database
MOST_COUNTED = 60_000  # words in memory while it learns; beyond, the rarest are dropped
LEAST_COMMENTS = 3  # with a word, for it to tell anything about the next one


class Tally:
    """In how many kept and removed comments each word was."""

    def __init__(self) -> None:
        self.kept: Counter[str] = Counter()
        self.removed: Counter[str] = Counter()
        self.comments = {False: 0, True: 0}

    def add(self, example: Example) -> None:
        """Count a comment's words."""
        counts = self.removed if example.is_removed else self.kept
        counts.update(example.words)
        self.comments[example.is_removed] += 1
        if len(counts) > MOST_COUNTED:
            for word in [word for word, count in counts.items() if count == 1]:
                del counts[word]

    def telling(self) -> list[Word]:
        """Return the words that part the two kinds best, a bounded number of them."""
        every = {
            word: Word(word=word, kept=self.kept[word], removed=self.removed[word])
            for word in self.kept.keys() | self.removed.keys()
            if self.kept[word] + self.removed[word] >= LEAST_COMMENTS
        }
        totals = totals_of(every.values())
        strength = {
            name: abs(weight(word.kept, word.removed, totals)) * (word.kept + word.removed)
            for name, word in every.items()
        }
        best = sorted(every, key=lambda name: (-strength[name], name))[:MOST_KNOWN]
        return [every[name] for name in best]


def totals_of(words: Iterable[Word]) -> Totals:
    """Return what the counts of words come to."""
    every = list(words)
    kept, removed = (sum(word.kept for word in every), sum(word.removed for word in every))
    return Totals(len(every), kept, removed)


def learn() -> Knowledge:
    """Learn anew from the site's decisions; what was learned before is forgotten."""
    last = session.scalar(sa.select(sa.func.max(Decision.id))) or 0
    decisions = settled()
    tally = Tally()
    for example in examples(one for one in decisions if not is_held_back(one)):
        tally.add(example)
    held_back = [one for one in decisions if is_held_back(one)]
    words = tally.telling()
    totals = totals_of(words)
    known = {word.word: weight(word.kept, word.removed, totals) for word in words}
    scores = _scores(held_back, known)
    knowledge = Knowledge(
        last_decision_id=last,
        kept_count=tally.comments[False],
        removed_count=tally.comments[True],
        held_back_kept=len(scores[False]),
        held_back_removed=len(scores[True]),
        word_count=totals.word_count,
        kept_words=totals.kept,
        removed_words=totals.removed,
        measures=measured(scores),
    )
    is_enough = min(knowledge.kept_in_all, knowledge.removed_in_all) >= LEAST_OF_A_KIND
    forget()
    session.add_all([knowledge, *(words if is_enough else ())])
    session.flush()
    return knowledge


def has_new() -> bool:
    """Whether anything was decided since it learned."""
    last = session.scalar(sa.select(sa.func.max(Decision.id)))
    return last != session.scalar(sa.select(Knowledge.last_decision_id))


def forget() -> None:
    """Forget what was learned."""
    session.execute(sa.delete(Word))
    session.execute(sa.delete(Knowledge))


def is_held_back(decision: Settled) -> bool:
    """Whether a decision is kept for measuring; it is so at every training."""
    return decision.id % HELD_BACK == 0


def measured(scores: dict[bool, list[int]]) -> list[Measure]:
    """Return how each threshold would have done.

    :param scores: of comments that were kept (False) and removed (True).
    """
    return [
        Measure(
            threshold=threshold,
            found=sum(percent >= threshold for percent in scores[True]),
            wrong=sum(percent >= threshold for percent in scores[False]),
        )
        for threshold in range(LEAST_THRESHOLD, MOST_THRESHOLD + 1)
    ]


def _scores(held_back: list[Settled], known: dict[str, float]) -> dict[bool, list[int]]:
    scores: dict[bool, list[int]] = {False: [], True: []}
    for example in examples(held_back):
        found = score(example.words, known)
        scores[example.is_removed].append(found.percent if found else 0)
    return scores
