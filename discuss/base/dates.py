"""Dates as readers read them, with the precision they have."""

import functools
from datetime import date, datetime

from flask import Flask
from flask_babel import format_date


def init_app(app: Flask) -> None:
    """Give templates the three ways to write a time."""
    app.jinja_env.filters.update(
        day=day, moment=moment, iso=lambda time: time.strftime("%Y-%m-%dT%H:%MZ")
    )


@functools.lru_cache(maxsize=4096)  # a page has a hundred times of a few days
def day(on: date, precision: str = "day", *, weekday: bool = False) -> str:
    """Return a date in words: "3 April 2020", "May 2016", "2016", "Friday 3 April 2020".

    :param on: the date; what it is more precise than `precision` is not shown.
    :param precision: "day", "month" or "year".
    :param weekday: name the day of the week too, where the day is known.
    """
    pattern = {"month": "LLLL y", "year": "y"}.get(precision, "d MMMM y")
    if weekday and precision == "day":
        pattern = f"EEEE {pattern}"
    return format_date(on, pattern)


def moment(time: datetime) -> str:
    """Return a moment in words, in UTC: "4 April 2020, 09:42"; scripts make it relative."""
    return f"{day(time.date())}, {time:%H:%M}"
