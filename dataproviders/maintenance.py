"""When an agency is not to be reached, as it announced: every week at a certain time, or once.

An entry is `{weekday, from, until}` (`monday`…`sunday`, `HH:MM` in Taipei; past midnight where `until` is not later) or
`{from, until}` (RFC 3339). Within its time a call is still tried, for agencies are often back early; one that fails waits.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from mydata.core.clock import TAIPEI

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
Entry = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Window:
    """One time of maintenance, its end not included."""

    begins_at: dt.datetime
    ends_at: dt.datetime


def under_way(entries: Iterable[Entry], *, now: dt.datetime) -> Window | None:
    """Return the window that `now` is in, the one that ends last where there are several, or None."""
    open_now = [window for window in _around(entries, now) if window.begins_at <= now < window.ends_at]
    return max(open_now, key=lambda window: window.ends_at, default=None)


def check(entry: Entry) -> None:
    """Pass an entry that can be read and ends after it begins. Raises ValueError."""
    for window in _around([entry], dt.datetime(2026, 1, 1, tzinfo=dt.UTC)):
        if window.ends_at <= window.begins_at:
            message = "it ends before it begins"
            raise ValueError(message)


def _around(entries: Iterable[Entry], now: dt.datetime) -> Iterator[Window]:
    for entry in entries:
        if "weekday" in entry:
            yield from _weekly(entry, now.astimezone(TAIPEI).date())
        else:
            yield Window(moment(entry["from"]), moment(entry["until"]))


def _weekly(entry: Entry, today: dt.date) -> Iterator[Window]:
    """Yield this week's window and the one before it, which may last past midnight."""
    begins, ends = dt.time.fromisoformat(entry["from"]), dt.time.fromisoformat(entry["until"])
    since = (today.weekday() - WEEKDAYS.index(entry["weekday"])) % 7
    for day in (today - dt.timedelta(days=since), today - dt.timedelta(days=since + 7)):
        last = day if ends > begins else day + dt.timedelta(days=1)
        yield Window(dt.datetime.combine(day, begins, TAIPEI), dt.datetime.combine(last, ends, TAIPEI))


def moment(written: str) -> dt.datetime:
    """Read an RFC 3339 moment. Raises ValueError, also for one without its offset or beyond the calendar in Taipei."""
    read = dt.datetime.fromisoformat(written)
    if read.tzinfo is None:
        message = "a moment needs its offset"
        raise ValueError(message)
    try:
        return read.astimezone(TAIPEI)
    except OverflowError as error:
        message = "a moment of the calendar is needed"
        raise ValueError(message) from error
