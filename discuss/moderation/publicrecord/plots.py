"""The public record's figures as plots: bars of a height, with the words that stand for them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask_babel import format_date, format_decimal, format_timedelta
from flask_babel import gettext as _

from discuss.moderation.publicrecord.figures import Month
from discuss.moderation.wording import NAMES

TALLEST = 100  # the height of the plot in its own units
LONGEST_MONTH = 3  # letters below a bar, which is 30 px wide on a phone

Words = Callable[[int], str]


@dataclass(frozen=True)
class Bar:
    """One month's value: how high its bar is drawn, and what it says."""

    height: float
    words: str


@dataclass(frozen=True)
class Row:
    """One thing that was counted, month by month."""

    name: str
    bars: list[Bar]


@dataclass(frozen=True)
class Plot:
    """Rows of bars that share their scale."""

    name: str
    title: str
    about: str
    months: list[tuple[str, str]]
    """Each month's short name, for below its bar, and its whole one, for the table."""
    rows: list[Row]
    tallest: str
    """The value of the tallest bar, which tells the scale."""


def plots(months: Sequence[Month]) -> list[Plot]:
    """Return the record's figures; none where nothing was counted yet."""
    if not months:
        return []
    reasons = {str(name): [one.removals.get(key, 0) for one in months] for key, name in _reasons()}
    return [
        _plot(months, "comments", _("Comments"), "", {_("Posted"): [m.comments for m in months]}),
        _plot(
            months,
            "removals",
            _("Removals by rule"),
            _("Comments that were removed or not let through, those restored later included."),
            {name: values for name, values in reasons.items() if any(values)} or reasons,
        ),
        _plot(
            months,
            "waits",
            _("Time to a decision"),
            _("From a report, from an appeal, or from when a held comment was written."),
            {
                _("Half within"): [one.half_within for one in months],
                _("Nine of ten within"): [one.most_within for one in months],
            },
            lambda seconds: str(format_timedelta(seconds)) if seconds else "–",
        ),
        _plot(
            months,
            "appeals",
            _("Appeals"),
            _("Decided by another moderator than the one who had removed or banned."),
            {
                _("Upheld"): [one.upheld for one in months],
                _("Rejected"): [one.rejected for one in months],
            },
        ),
    ]


def _plot(
    months: Sequence[Month],
    name: str,
    title: str,
    about: str,
    counted: dict[str, list[int]],
    words: Words = format_decimal,
) -> Plot:
    tallest = max(value for values in counted.values() for value in values)
    rows = [
        Row(label, [Bar(TALLEST * value / (tallest or 1), words(value)) for value in values])
        for label, values in counted.items()
    ]
    labels = [
        (format_date(one.month, "LLL")[:LONGEST_MONTH], format_date(one.month, "LLLL y"))
        for one in months
    ]
    return Plot(name, title, about, labels, rows, words(tallest) if tallest else "")


def _reasons() -> list[tuple[str, object]]:
    return [(reason.value, name) for reason, name in NAMES.items()]
