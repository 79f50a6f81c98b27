"""How much a comment is like what was removed here: naive Bayes over its words, nothing kept."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from discuss.base.db import session
from discuss.moderation.assistant.models import LONGEST_WORD, Knowledge, Word
from discuss.moderation.queue.opinions import LONGEST_WORDS
from discuss.moderation.rules.matching import folded

MOST_WORDS = 1_000  # different ones of a comment; an import may be longer than anybody reads
TELLING = 15  # words that count; a flood of harmless ones cannot talk the others away
SHOWN = 5  # words that a line names
SHORTEST = 2  # characters


@dataclass(frozen=True)
class Totals:
    """What the counts of single words are parts of."""

    word_count: int
    kept: int
    removed: int


@dataclass(frozen=True)
class Score:
    """What the assistant thinks of a comment, and by which of its words."""

    percent: int
    words: tuple[str, ...]
    """Those that speak against it, the strongest first."""

    @property
    def named(self) -> str:
        """The words as a line names them."""
        kept: list[str] = []
        for word in self.words:
            if len(", ".join([*kept, word])) <= LONGEST_WORDS:
                kept.append(word)
        return ", ".join(kept)


def words_of(source: str) -> frozenset[str]:
    """Return the different words of a comment, folded; said ten times a word counts once."""
    found = (word for word in folded(source).split() if SHORTEST <= len(word) <= LONGEST_WORD)
    return frozenset(list(dict.fromkeys(found))[:MOST_WORDS])


def weight(kept: int, removed: int, totals: Totals) -> float:
    """Return how much a word speaks for a removal, with Laplace's one added to each count."""
    against = (removed + 1) / (totals.removed + totals.word_count)
    in_favour = (kept + 1) / (totals.kept + totals.word_count)
    return math.log(against / in_favour)


def score(words: Iterable[str], known: Mapping[str, float]) -> Score | None:
    """Return what the words together say; nothing where none of them is known.

    Words of one comment come together, and a plain sum would count each of their reasons anew:
    divided by the root of their number it stays short of certainty.

    :param known: by word, its weight.
    """
    found = {word: known[word] for word in words if word in known}
    telling = sorted(found, key=lambda word: (-abs(found[word]), word))[:TELLING]
    if not telling:
        return None
    total = sum(found[word] for word in telling) / math.sqrt(len(telling))
    against = [word for word in telling if found[word] > 0]
    return Score(round(100 / (1 + math.exp(-total))), tuple(against[:SHOWN]))


def score_of(source: str, knowledge: Knowledge) -> Score | None:
    """Return what is thought of a text; only the text's own words are read from the database."""
    words = words_of(source)
    totals = Totals(knowledge.word_count, knowledge.kept_words, knowledge.removed_words)
    rows = session.execute(
        sa.select(Word.word, Word.kept, Word.removed).where(Word.word.in_(words))
    )
    return score(words, {row.word: weight(row.kept, row.removed, totals) for row in rows})
