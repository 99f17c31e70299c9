"""Check digits of invented numbers."""

from __future__ import annotations

TAX_ID_WEIGHTS = (1, 2, 1, 2, 1, 2, 4)


def with_check_digit(seven: str) -> str:
    """Return the 8-digit 統一編號 that begins with `seven` digits.

    The digit sums of the weighted digits add up to a multiple of ten, so it holds under the rule of 2023 (multiples
    of five) and under the older one.
    """
    products = (int(digit) * weight for digit, weight in zip(seven, TAX_ID_WEIGHTS, strict=True))
    total = sum(product // 10 + product % 10 for product in products)
    return f"{seven}{-total % 10}"
