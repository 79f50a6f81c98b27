"""Pictures of figures: lines over two axes that both grow by powers of ten."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("svg")
from matplotlib import pyplot

from bench.run import Bench

SIZE = (8.0, 5.0)  # inches, of 72 points
Points = list[tuple[float, float]]
COLOURS = ("#1f6f8b", "#b3541e", "#4a7c2c", "#7a3b8f", "#6b6b6b")


@dataclass(frozen=True)
class Line:
    """What was measured of one thing; `twin` is drawn dashed in the same colour."""

    name: str
    points: Points
    twin: Points = field(default_factory=list)


@dataclass(frozen=True)
class Plot:
    """One picture."""

    name: str
    title: str
    across: str
    upward: str
    lines: list[Line]


Drawing = Callable[[Bench], Plot]


def draw(plot: Plot, folder: Path) -> Path:
    """Draw a plot as SVG, the same bytes for the same numbers.

    :returns: the file.
    """
    settings: dict[Any, Any] = {
        "svg.hashsalt": plot.name,
        "svg.fonttype": "none",
        "font.family": "sans-serif",
    }
    with pyplot.rc_context(settings):
        figure, axes = pyplot.subplots(figsize=SIZE)
        for line, colour in zip(plot.lines, COLOURS, strict=False):
            axes.plot(*_columns(line.points), "o-", color=colour, label=line.name)
            axes.plot(*_columns(line.twin), "o--", color=colour)
        axes.set(title=plot.title, xlabel=plot.across, ylabel=plot.upward)
        axes.set(xscale="log", yscale="log")
        axes.grid(visible=True, color="#dddddd")
        axes.legend()
        figure.tight_layout()
        path = folder / f"{plot.name}.svg"
        figure.savefig(path, metadata={"Date": None})
        pyplot.close(figure)
    return path


def rows(plot: Plot) -> Iterator[str]:
    """Return what a plot shows in words, a line of Markdown for each line drawn."""
    for line in plot.lines:
        told = ", ".join(f"{x:,.0f}: {y:.3g}" for x, y in line.points)
        yield f"- {line.name}: {told}"


def _columns(points: Points) -> tuple[list[float], list[float]]:
    return [x for x, _y in points], [y for _x, y in points]
