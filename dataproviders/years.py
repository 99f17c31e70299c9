"""Year rules: which years of a paper can be had today, written into the parameters' schema when it is read.

An agency marks a whole-number parameter with `x-years`; the years are of the Republic (民國), 1911 behind the common ones.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

MARK = "x-years"
ROC = 1911
COUNT = 5


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


def resolve(parameters: Mapping[str, Any], *, today: dt.date) -> dict[str, Any]:
    """Return the parameters' schema with `minimum`, `maximum` and `default` (the latest year) for every marked one.

    A mark that names no rule is left as it is: the schema alone then decides.
    """
    properties = {
        name: _resolved(rule, today) if isinstance(rule, Mapping) else rule
        for name, rule in parameters.get("properties", {}).items()
    }
    return {**parameters, "properties": properties} if properties else dict(parameters)


def _resolved(rule: Mapping[str, Any], today: dt.date) -> dict[str, Any]:
    years = RULES.get(str(rule.get(MARK)))
    if years is None:
        return dict(rule)
    lowest, highest = years(today)
    return {**rule, "minimum": lowest, "maximum": highest, "default": highest}
