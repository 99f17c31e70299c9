"""房屋稅: what a house owes for a levy year, July to June (房屋稅條例第 5 條; the rates changed with ROC 114)."""

from __future__ import annotations

from datetime import date

from sandbox.agencies.years import YEARS_BEFORE_THE_REPUBLIC
from sandbox.people.estates import Building

NEW_RATES_FROM = 114
PER_MILLE = {
    "only home": (12, 10),
    "home": (12, 12),
    "let": (15, 20),
}
"""Rates before ROC 114 and since, in thousandths of the taxable value."""


def levy_year(roc_year: int) -> tuple[date, date]:
    """Return first and last day of a levy year: it begins in July of the year before."""
    year = roc_year + YEARS_BEFORE_THE_REPUBLIC
    return date(year - 1, 7, 1), date(year, 6, 30)


def months(building: Building, roc_year: int) -> int:
    """Return for how many months of the levy year it is owed; the month of acquisition counts."""
    first, last = levy_year(roc_year)
    begins = max(first, building.acquired_on)
    return max(0, (last.year - begins.year) * 12 + last.month - begins.month + 1)


def use(building: Building, owned: int) -> str:
    """Return what the house is used for; `owned` is how many houses its owner has."""
    if not building.lived_in:
        return "let"
    return "only home" if owned == 1 else "home"


def per_mille(used_as: str, roc_year: int) -> int:
    """Return the rate of a levy year, in thousandths."""
    before, since = PER_MILLE[used_as]
    return since if roc_year >= NEW_RATES_FROM else before


def tax(building: Building, roc_year: int, *, owned: int) -> int:
    """Return what the owner's share owes for the levy year, TWD."""
    value = building.share.of(building.value_in(roc_year))
    return value * per_mille(use(building, owned), roc_year) * months(building, roc_year) // 12_000
