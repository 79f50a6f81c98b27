"""The table and the pictures in docs/performance.md; its other words are written by hand."""

from collections.abc import Iterable
from datetime import UTC, datetime

from bench import machine, plots
from bench.figures import Figure, table
from bench.plots import Plot
from bench.run import Bench

PAGE = machine.ROOT / "docs" / "performance.md"
PICTURES = PAGE.parent / "pictures"
BEGINS = "<!-- made by python -m bench -->"
ENDS = "<!-- end -->"


def heading(bench: Bench) -> str:
    """Say where, when and how long was measured."""
    server = [f"PostgreSQL {bench.server.version}"] if "PostgreSQL" in bench.databases else []
    where = ", ".join((machine.described(), *server))
    windows = f"windows of {bench.seconds} s, {bench.rounds} in turn, medians"
    return f"Measured on {datetime.now(UTC):%-d %B %Y}: {where}. Load: {windows}."


def write(
    heading: str, figures: Iterable[Figure], problems: Iterable[str], pictures: Iterable[Plot]
) -> None:
    """Put what was measured, and what could not be, between the marks of the page."""
    parts = [heading, table(figures), *problems]
    for plot in pictures:
        path = plots.draw(plot, PICTURES)
        parts.append(f"![{plot.title}]({path.relative_to(PAGE.parent)})")
        parts.append("\n".join(plots.rows(plot)))
    before, _mark, rest = PAGE.read_text().partition(BEGINS)
    _old, _mark, after = rest.partition(ENDS)
    made = "\n\n".join(parts)
    PAGE.write_text(f"{before}{BEGINS}\n\n{made}\n\n{ENDS}{after}")
