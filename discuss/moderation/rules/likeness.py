"""How alike two texts are, by rapidfuzz; `explain` loads it when a rule asks."""

from rapidfuzz.distance import Indel


def likeness(one: str, other: str, least: float) -> float:
    """Return how alike two texts are, 0 to 1; below `least` it may stop early and say 0."""
    return Indel.normalized_similarity(one, other, score_cutoff=least)
