"""Year and period rules: which of a paper can be had today, written into the parameters' schema when it is read.

An agency marks a whole-number parameter with `x-years`, or a text with `x-periods`; the years are of the Republic (民國),
1911 behind the common ones.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

MARK = "x-years"
PERIODS_MARK = "x-periods"
ROC = 1911
COUNT = 5
PERIODS = 6
_PAIRS_OF_MONTHS = (
    "January and February", "March and April", "May and June",
    "July and August", "September and October", "November and December",
)  # fmt: skip


def _this_and_four_back(today: dt.date) -> tuple[int, int]:
    return today.year - ROC - 4, today.year - ROC


def _filed(today: dt.date) -> tuple[int, int]:
    """Return the last five years for which income tax was filed; a year's filing is in the books from 28 April of the next."""
    latest = today.year - ROC - (1 if (today.month, today.day) >= (4, 28) else 2)
    return latest - COUNT + 1, latest


def _house_tax(today: dt.date) -> tuple[int, int]:
    """Return this year and four back, and from 1 July the year to come, for its levy period has then begun."""
    lowest, highest = _this_and_four_back(today)
    return lowest, highest + (1 if today.month >= 7 else 0)


RULES: dict[str, Callable[[dt.date], tuple[int, int]]] = {
    "this_and_four_back": _this_and_four_back,
    "filed": _filed,
    "house_tax": _house_tax,
}


def _invoices(today: dt.date) -> list[tuple[int, int]]:
    """Return year and first month of the last six whole periods of two months; invoices still come in for the running one."""
    running = (today.year - ROC) * 6 + (today.month - 1) // 2
    return [(period // 6, period % 6 * 2 + 1) for period in range(running - 1, running - 1 - PERIODS, -1)]


PERIOD_RULES: dict[str, Callable[[dt.date], list[tuple[int, int]]]] = {"invoices": _invoices}


def resolve(parameters: Mapping[str, Any], *, today: dt.date) -> dict[str, Any]:
    """Return the parameters' schema with what every marked one may be today, and the latest as its `default`.

    A year gets `minimum` and `maximum`, a period `oneOf` with a title for each. A mark that names no rule is left as it
    is: the schema alone then decides.
    """
    properties = {
        name: _resolved(rule, today) if isinstance(rule, Mapping) else rule
        for name, rule in parameters.get("properties", {}).items()
    }
    return {**parameters, "properties": properties} if properties else dict(parameters)


def _resolved(rule: Mapping[str, Any], today: dt.date) -> dict[str, Any]:
    if (years := RULES.get(str(rule.get(MARK)))) is not None:
        lowest, highest = years(today)
        return {**rule, "minimum": lowest, "maximum": highest, "default": highest}
    if (periods := PERIOD_RULES.get(str(rule.get(PERIODS_MARK)))) is not None:
        options = [_period(year, month) for year, month in periods(today)]
        return {**rule, "oneOf": options, "default": options[0]["const"]}
    return dict(rule)


def _period(year: int, month: int) -> dict[str, Any]:
    """Return one choice: `115-09` is September and October of ROC 115."""
    return {
        "const": f"{year}-{month:02d}",
        "title": f"{year}年{month}月至{month + 1}月",
        "x-en": {"title": f"{_PAIRS_OF_MONTHS[month // 2]} {year + ROC} (ROC {year})"},
    }
