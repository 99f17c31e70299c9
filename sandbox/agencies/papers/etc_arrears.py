"""ETC欠費資料: freeway tolls of a person's vehicles that nobody has paid yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from sandbox.agencies.datasets import Dataset
from sandbox.people.drawing import digits, number
from sandbox.people.personas import Persona
from sandbox.people.traffic import UnpaidTolls, on_the_road
from sandbox.people.work import KNOWN_UNTIL

MIDDLE = 15
"""A notice covers the days of a month up to this one, or those after it."""
HANDLING_FEE = 50
PENALTY_A_DAY = 300
FREE_TENTHS = 200
FULL_TENTHS = 2000
"""Tenths of a kilometre a day: the first 20 km are free, those beyond 200 km cheaper."""
TENTHS_BETWEEN_GANTRIES = 45


@dataclass(frozen=True)
class Stage:
    """How far the collection of a notice has come until so many days after its period."""

    name: str
    days: int
    handling_fee: int = 0
    penalty_a_day: int = 0


STAGES = (
    Stage("自行繳費期", 15),
    Stage("平信通知繳費", 60),
    Stage("雙掛號通知補繳", 120, HANDLING_FEE),
    Stage("裁處罰鍰", 365, HANDLING_FEE, PENALTY_A_DAY),
)
ENFORCED = Stage("移送強制執行", 365, HANDLING_FEE, PENALTY_A_DAY)


def write(person: Persona, parameters: Mapping[str, Any]) -> dict[str, Any] | None:
    """Write the arrears of the vehicle asked for, or of all; None where there are none."""
    wanted = parameters.get("plate")
    owed = [each for each in on_the_road(person).unpaid_tolls if wanted in {None, each.plate}]
    passages = sorted((passage for each in owed for passage in passages_of(each)), key=order, reverse=True)
    if not passages:
        return None
    notices = [notice(list(group)) for _, group in groupby(passages, key=lambda one: one["on_bill"])]
    return {
        "vehicle_owner": person.name,
        "vehicle_owner_id": person.national_id,
        "as_of": KNOWN_UNTIL.isoformat(),
        "notices": notices,
        "passages": passages,
        "total_due": sum(each["amount_due"] for each in notices),
        "remark": "",
    }


def order(passage: Mapping[str, Any]) -> tuple[str, str]:
    """Sort by vehicle, then by day."""
    return passage["travelled_with"], passage["travelled_on"]


def passages_of(owed: UnpaidTolls) -> list[dict[str, Any]]:
    """Return the days on which the vehicle passed gantries, none of them twice."""
    every = [owed.since + timedelta(days=after) for after in range((KNOWN_UNTIL - owed.since).days + 1)]
    drawn = sorted(every, key=lambda day: number(0, 2**64, "passes", owed.plate, day))
    return [passage(owed.plate, day) for day in drawn[: owed.days]]


def passage(plate: str, day: date) -> dict[str, Any]:
    """Return one day on the freeway."""
    tenths = number(FREE_TENTHS + 20, 2600, "distance", plate, day)
    return {
        "travelled_on": day.isoformat(),
        "travelled_with": plate,
        "gantries": tenths // TENTHS_BETWEEN_GANTRIES + 1,
        "distance_km": tenths / 10,
        "toll": toll(tenths),
        "on_bill": digits(16, "notice", plate, period(day)[0]),
    }


def toll(tenths: int) -> int:
    """Return the toll of a small vehicle for tenths of a kilometre in one day, TWD: 1.2 a kilometre, then 0.9."""
    full = min(tenths, FULL_TENTHS) - FREE_TENTHS
    cheaper = max(0, tenths - FULL_TENTHS)
    return (12 * full + 9 * cheaper + 50) // 100


def period(day: date) -> tuple[date, date]:
    """Return the half month of a day."""
    if day.day <= MIDDLE:
        return day.replace(day=1), day.replace(day=MIDDLE)
    next_month = day.replace(day=1) + timedelta(days=32)
    return day.replace(day=MIDDLE + 1), next_month.replace(day=1) - timedelta(days=1)


def notice(passages: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the notice for the passages of one vehicle and half month."""
    first, last = period(date.fromisoformat(passages[0]["travelled_on"]))
    stage = next((each for each in STAGES if (KNOWN_UNTIL - last).days <= each.days), ENFORCED)
    tolls = sum(each["toll"] for each in passages)
    penalty = stage.penalty_a_day * len(passages)
    return {
        "bill_no": passages[0]["on_bill"],
        "billed_plate": passages[0]["travelled_with"],
        "period_from": first.isoformat(),
        "period_to": last.isoformat(),
        "stage": stage.name,
        "pay_by": (last + timedelta(days=stage.days)).isoformat(),
        "days": len(passages),
        "toll_due": tolls,
        "handling_fee": stage.handling_fee,
        "penalty": penalty,
        "amount_due": tolls + stage.handling_fee + penalty,
    }


DATASET = Dataset(
    id="etc-arrears",
    provider="motc",
    name="ETC欠費資料",
    minimum_level=4,
    wire="signed_zip",
    write=write,
    free_text="remark",
    with_csv=True,
    method="POST",
    parameters_in="json",
)
