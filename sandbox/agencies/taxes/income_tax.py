"""綜合所得稅 and 房地合一稅: what is owed on a year's income, and on the gain from land and houses sold in it.

What the law lets off a year is adjusted to prices by the Ministry of Finance; the tables hold what it announced.
"""

from __future__ import annotations

import bisect
from collections.abc import Mapping
from dataclasses import dataclass

from sandbox.people.estates import Sale


@dataclass(frozen=True)
class Allowances:
    """What the law lets off in a year, a person, and where the brackets end, TWD."""

    exemption: int
    standard: int
    salary: int
    brackets: tuple[int, ...]


ALLOWANCES: Mapping[int, Allowances] = {
    110: Allowances(88_000, 120_000, 200_000, (540_000, 1_210_000, 2_420_000, 4_530_000)),
    111: Allowances(92_000, 124_000, 207_000, (560_000, 1_260_000, 2_520_000, 4_720_000)),
    113: Allowances(97_000, 131_000, 218_000, (590_000, 1_330_000, 2_660_000, 4_980_000)),
    115: Allowances(101_000, 136_000, 227_000, (610_000, 1_380_000, 2_770_000, 5_190_000)),
}
"""From that ROC year on, until the next."""

RATES = (5, 12, 20, 30, 40)
"""Percent of each bracket."""

MOST_SAVED = 270_000
"""儲蓄投資特別扣除額: interest up to this is not taxed, TWD."""

DIVIDEND_CREDIT_PER_MILLE = 85
MOST_DIVIDEND_CREDIT = 80_000


def allowances(roc_year: int) -> Allowances:
    """Return what is let off in that year."""
    return ALLOWANCES[max(year for year in ALLOWANCES if year <= roc_year)]


def bracket(net: int, roc_year: int) -> tuple[int, int]:
    """Return the rate of a net income, percent, and its progressive difference, TWD."""
    ends = allowances(roc_year).brackets
    place = bisect.bisect_left(ends, net)
    difference = sum(end * (above - below) for end, below, above in zip(ends[:place], RATES, RATES[1:], strict=False))
    return RATES[place], difference // 100


def dividend_credit(dividends: int) -> int:
    """Return what dividends take off the tax, TWD."""
    return min(dividends * DIVIDEND_CREDIT_PER_MILLE // 1000, MOST_DIVIDEND_CREDIT)


def gain(sale: Sale) -> int:
    """Return the taxed gain of a sale, TWD; never below zero."""
    return max(0, sale.price - sale.cost - sale.expenses - sale.land_gain)


def gain_rate(sale: Sale) -> int:
    """Return the rate of a sale, percent: the longer it was kept, the lower (所得稅法第 14 條之 4)."""
    sold, bought = sale.sold_on, sale.bought_on
    kept = (sold.year - bought.year, sold.month, sold.day)
    return (45, 35, 20, 15)[sum(kept > (limit, bought.month, bought.day) for limit in (2, 5, 10))]
