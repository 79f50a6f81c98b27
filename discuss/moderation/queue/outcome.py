"""What became of several items that were decided at once."""

from dataclasses import dataclass, field

from discuss.moderation.models import Decision


@dataclass
class Outcome:
    """What became of a selection."""

    decisions: list[Decision] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    """Why the others were not decided, a sentence each."""
