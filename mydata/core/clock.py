"""The one clock: everything that asks the time asks here, so that a test can move it."""

import datetime as dt
import time


def now() -> dt.datetime:
    """Return the present moment in UTC."""
    return dt.datetime.now(dt.UTC)


def monotonic() -> float:
    """Return seconds on a clock that is never set back, for deadlines inside one process."""
    return time.monotonic()


def today() -> dt.date:
    """Return the calendar day in Taipei, as forms and file names use it."""
    return now().astimezone(TAIPEI).date()


TAIPEI = dt.timezone(dt.timedelta(hours=8), "Asia/Taipei")


def rfc3339(moment: dt.datetime) -> str:
    """Write a moment as RFC 3339 in UTC with whole seconds, as the contract gives all times."""
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
