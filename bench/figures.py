"""A figure: what was measured, what was to be reached, and whether it was."""

from collections.abc import Iterable
from dataclasses import dataclass

HEAD = ("what", "at least", "goal", "measured", "met", "beside it")


@dataclass(frozen=True)
class Figure:
    """One line of the table."""

    what: str
    unit: str
    measured: float
    floor: float | None = None
    goal: float | None = None
    rises: bool = False
    """More is better; else less is."""
    beside: str = ""
    """What was measured in the same run, in words."""

    @property
    def met(self) -> str:
        """Say in a word what was reached."""
        if self.floor is None:
            return ""
        if self.goal is not None and self._reaches(self.goal):
            return "goal"
        return "yes" if self._reaches(self.floor) else "no"

    @property
    def cells(self) -> tuple[str, ...]:
        """The line of the table."""
        limits = (self._printed(self.floor), self._printed(self.goal))
        return (self.what, *limits, f"{number(self.measured)} {self.unit}", self.met, self.beside)

    def _reaches(self, limit: float) -> bool:
        return self.measured >= limit if self.rises else self.measured <= limit

    def _printed(self, limit: float | None) -> str:
        return "" if limit is None else f"{number(limit)} {self.unit}"


def number(value: float) -> str:
    """Return a number with three figures that count."""
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def table(figures: Iterable[Figure]) -> str:
    """Return figures as a table in Markdown."""
    lines = ["| " + " | ".join(HEAD) + " |", "|" + "---|" * len(HEAD)]
    lines += ["| " + " | ".join(figure.cells) + " |" for figure in figures]
    return "\n".join(lines)
