"""Which years of a paper an agency has today: a parameter marked `x-years` takes its bounds and default from here.

Years are of the Republic (民國). A mark without a rule fails at the start, not at a citizen's request.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

MARK = "x-years"
YEARS_BEFORE_THE_REPUBLIC = 1911
YEARS_KEPT = 5
TAIWAN = timezone(timedelta(hours=8))


def this_and_four_back(today: date) -> tuple[int, int]:
    """Return first and last of the five years that end with this one."""
    last = today.year - YEARS_BEFORE_THE_REPUBLIC
    return last - YEARS_KEPT + 1, last


def filed(today: date) -> tuple[int, int]:
    """Return first and last of the five years filed for income tax; the newest is there from 28 April on."""
    behind = 1 if (today.month, today.day) >= (4, 28) else 2
    last = today.year - YEARS_BEFORE_THE_REPUBLIC - behind
    return last - YEARS_KEPT + 1, last


RULES: Mapping[str, Callable[[date], tuple[int, int]]] = {"this_and_four_back": this_and_four_back, "filed": filed}


def bounded(parameters: Mapping[str, Any], today: date) -> dict[str, Any]:
    """Return the schema of `parameters` with bounds and default in every marked year. Raises `ValueError`."""
    properties = {name: _bounded(entry, today) for name, entry in parameters.get("properties", {}).items()}
    return {**parameters, "properties": properties}


def span(parameters: Mapping[str, Any]) -> range:
    """Return the calendar years between `from_year` and `to_year`, whichever of the two comes first."""
    first, last = sorted((parameters["from_year"], parameters["to_year"]))
    return range(first + YEARS_BEFORE_THE_REPUBLIC, last + YEARS_BEFORE_THE_REPUBLIC + 1)


def today() -> date:
    """Return the date in Taiwan."""
    return datetime.now(UTC).astimezone(TAIWAN).date()


def _bounded(entry: Mapping[str, Any], today: date) -> dict[str, Any]:
    if MARK not in entry:
        return dict(entry)
    if entry[MARK] not in RULES:
        message = f"no rule for {MARK} {entry[MARK]!r}; rules are {', '.join(RULES)}"
        raise ValueError(message)
    first, last = RULES[entry[MARK]](today)
    return {**entry, "minimum": first, "maximum": last, "default": last}
