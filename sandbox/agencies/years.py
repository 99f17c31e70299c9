"""Which years and invoice periods of a paper an agency has today.

A parameter marked `x-years` takes its bounds and default from here, one marked `x-periods` its choices and default.
Years are of the Republic (民國). A mark without a rule fails at the start, not at a citizen's request.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

YEARS_MARK = "x-years"
PERIODS_MARK = "x-periods"
YEARS_BEFORE_THE_REPUBLIC = 1911
YEARS_KEPT = 5
PERIODS_KEPT = 6
MONTHS_OF_A_PERIOD = 2
HOUSE_TAX_TURNS_IN = 7
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


def house_tax(today: date) -> tuple[int, int]:
    """Return this year and four back; from July on the next as well, whose levy year has begun."""
    first, last = this_and_four_back(today)
    return first, last + (today.month >= HOUSE_TAX_TURNS_IN)


def invoices(today: date) -> list[str]:
    """Return the last six whole invoice periods, the newest first: `115-09` is September and October of ROC 115."""
    running = (today.year * 12 + today.month - 1) // MONTHS_OF_A_PERIOD
    return [_period(running - back) for back in range(1, PERIODS_KEPT + 1)]


YEAR_RULES: Mapping[str, Callable[[date], tuple[int, int]]] = {
    "this_and_four_back": this_and_four_back,
    "filed": filed,
    "house_tax": house_tax,
}
PERIOD_RULES: Mapping[str, Callable[[date], list[str]]] = {"invoices": invoices}


def bounded(parameters: Mapping[str, Any], today: date) -> dict[str, Any]:
    """Return the schema of `parameters` with what every marked one may be today. Raises `ValueError`."""
    properties = {name: _bounded(entry, today) for name, entry in parameters.get("properties", {}).items()}
    return {**parameters, "properties": properties}


def today() -> date:
    """Return the date in Taiwan."""
    return datetime.now(UTC).astimezone(TAIWAN).date()


def span(parameters: Mapping[str, Any]) -> range:
    """Return the calendar years between `from_year` and `to_year`, whichever of the two comes first."""
    first, last = sorted((parameters["from_year"], parameters["to_year"]))
    return range(first + YEARS_BEFORE_THE_REPUBLIC, last + YEARS_BEFORE_THE_REPUBLIC + 1)


def _bounded(entry: Mapping[str, Any], today: date) -> dict[str, Any]:
    if YEARS_MARK in entry:
        first, last = _rule(YEAR_RULES, YEARS_MARK, entry)(today)
        return {**entry, "minimum": first, "maximum": last, "default": last}
    if PERIODS_MARK in entry:
        periods = _rule(PERIOD_RULES, PERIODS_MARK, entry)(today)
        return {**entry, "enum": periods, "default": periods[0]}
    return dict(entry)


def _rule(rules: Mapping[str, Callable[[date], Any]], mark: str, entry: Mapping[str, Any]) -> Callable[[date], Any]:
    if entry[mark] not in rules:
        message = f"no rule for {mark} {entry[mark]!r}; rules are {', '.join(rules)}"
        raise ValueError(message)
    return rules[entry[mark]]


def _period(number: int) -> str:
    """Name a period, counted from the year 0, by its year and first month."""
    year, place = divmod(number, 12 // MONTHS_OF_A_PERIOD)
    return f"{year - YEARS_BEFORE_THE_REPUBLIC}-{place * MONTHS_OF_A_PERIOD + 1:02d}"
