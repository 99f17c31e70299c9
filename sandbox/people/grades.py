"""分級表: what a monthly wage counts as in the labour pension, the labour insurance and the health insurance, TWD."""

from __future__ import annotations

import bisect
from collections.abc import Sequence

PENSION = (
    *(11_100, 12_540, 13_500, 15_840, 16_500, 17_280, 17_880, 19_047, 20_008, 21_009, 22_000, 23_100, 24_000),
    *(25_250, 26_400, 27_600, 28_800, 30_300, 31_800, 33_300, 34_800, 36_300, 38_200, 40_100, 42_000, 43_900),
    *(45_800, 48_200, 50_600, 53_000, 55_400, 57_800, 60_800, 63_800, 66_800, 69_800, 72_800, 76_500, 80_200),
    *(83_900, 87_600, 92_100, 96_600, 101_100, 105_600, 110_100, 115_500, 120_900, 126_300, 131_700, 137_100),
    *(142_500, 147_900, 150_000),
)
LABOUR = PENSION[: PENSION.index(45_800) + 1]
HEALTH = (
    *PENSION[PENSION.index(28_800) :],
    *(156_400, 162_800, 169_200, 175_600, 182_000, 189_500, 197_000, 204_500, 212_000, 219_500),
)


def pension(wage: int) -> int:
    """Return 月提繳工資."""
    return _grade(PENSION, wage)


def labour(wage: int) -> int:
    """Return 勞保投保薪資."""
    return _grade(LABOUR, wage)


def health(wage: int) -> int:
    """Return 健保投保金額."""
    return _grade(HEALTH, wage)


def _grade(table: Sequence[int], wage: int) -> int:
    """Return the lowest grade that is not below the wage, at most the last."""
    return table[min(bisect.bisect_left(table, wage), len(table) - 1)]
