"""Months, each written as its first day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

DECEMBER = 12


def following(day: date) -> date:
    """Return the first day of the next month."""
    return date(day.year + 1, 1, 1) if day.month == DECEMBER else date(day.year, day.month + 1, 1)


def last_of(day: date) -> date:
    """Return the last day of the month."""
    return following(day) - timedelta(days=1)


def months(first: date, last: date) -> Iterator[date]:
    """Yield every month from that of `first` to that of `last`."""
    month = first.replace(day=1)
    while month <= last:
        yield month
        month = following(month)


def written(month: date) -> str:
    """Return a month as `2026-10`."""
    return f"{month:%Y-%m}"
