"""使用牌照稅: what a vehicle owes a year, by the tables of the law (使用牌照稅法第 6 條)."""

from __future__ import annotations

import bisect
from datetime import date

from sandbox.agencies.years import YEARS_BEFORE_THE_REPUBLIC
from sandbox.people.personas import Vehicle

CEILINGS = {
    "car": (500, 600, 1200, 1800, 2400, 3000, 4200, 5400, 6600, 7800),
    "lorry": (500, 600, 1200, 1800, 2400, 3000, 3600, 4200, 4800, 5400),
    "motorcycle": (150, 250, 500, 600, 1200, 1800),
}
"""The highest displacement of each class but the last, cubic centimetres."""

AMOUNTS = {
    "car": (1_620, 2_160, 4_320, 7_120, 11_230, 15_210, 28_220, 46_170, 69_690, 117_000, 151_200),
    "lorry": (900, 1_080, 1_800, 2_700, 3_600, 4_500, 5_400, 6_300, 7_200, 8_100, 9_000),
    "motorcycle": (0, 800, 1_620, 2_160, 4_320, 7_120, 11_230),
}
"""What each class owes a year, TWD."""

ELECTRIC = "完全以電能為動力之機動車輛免徵（使用牌照稅法第5條第2項，至119年12月31日止）"
SMALL_MOTORCYCLE = "總排氣量150立方公分以下之機車免徵（使用牌照稅法第6條附表）"


def exemption(vehicle: Vehicle) -> str | None:
    """Return why the vehicle owes nothing; None for one that owes."""
    if vehicle.fuel == "電能":
        return ELECTRIC
    if kind(vehicle) == "motorcycle" and vehicle.displacement_cc <= CEILINGS["motorcycle"][0]:
        return SMALL_MOTORCYCLE
    return None


def kind(vehicle: Vehicle) -> str:
    """Return which table the vehicle is taxed by; one for persons and goods counts as a car."""
    if vehicle.kind.endswith("機車"):
        return "motorcycle"
    return "lorry" if vehicle.kind.endswith("貨車") else "car"


def period(vehicle: Vehicle, roc_year: int) -> tuple[date, date] | None:
    """Return the days of a year for which the vehicle is taxed; None before it was licensed."""
    year = roc_year + YEARS_BEFORE_THE_REPUBLIC
    first, last = max(date(year, 1, 1), vehicle.licensed_on), date(year, 12, 31)
    return (first, last) if first <= last else None


def tax(vehicle: Vehicle, first: date, last: date) -> int:
    """Return what is owed from the first to the last day of a year, TWD: the year's amount by days."""
    if exemption(vehicle) is not None:
        return 0
    table = kind(vehicle)
    a_year = AMOUNTS[table][bisect.bisect_left(CEILINGS[table], vehicle.displacement_cc)]
    days_of_year = (date(first.year, 12, 31) - date(first.year - 1, 12, 31)).days
    return a_year * ((last - first).days + 1) // days_of_year
