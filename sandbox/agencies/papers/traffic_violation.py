"""違規資料: the traffic violations that were reported against a person or a person's vehicles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sandbox.agencies.datasets import Dataset
from sandbox.agencies.papers.vehicle_registration import is_motorcycle
from sandbox.agencies.years import TAIWAN
from sandbox.people.drawing import digits, number, pick
from sandbox.people.personas import Persona
from sandbox.people.places import district, offices
from sandbox.people.traffic import on_the_road
from sandbox.people.work import KNOWN_UNTIL

KEPT_SINCE = date(2022, 1, 1)
DAYS_TO_RESPOND = 45
PAID = "已繳納"


@dataclass(frozen=True)
class Offence:
    """What the Act (道路交通管理處罰條例) makes of a deed: fine in TWD, points where the driver was stopped."""

    provision: str
    facts: str
    fine: int
    points: int = 0
    stopped: bool = False


BY_CAR = (
    Offence("第40條", "行車速度超過規定之最高時速，未逾二十公里", 1600),
    Offence("第53條第1項", "行經有燈光號誌管制之交岔路口闖紅燈", 2700, 3, stopped=True),
    Offence("第53條第2項", "行經有燈光號誌管制之交岔路口紅燈右轉", 600, 1, stopped=True),
    Offence("第56條第1項第4款", "在設有禁止停車標線之處所停車", 900),
    Offence("第48條第2款", "不依標誌、標線、號誌指示轉彎", 900, 1, stopped=True),
    Offence("第31條之1第1項", "行駛於道路時以手持方式使用行動電話", 3000, stopped=True),
)
BY_MOTORCYCLE = (
    Offence("第40條", "行車速度超過規定之最高時速，未逾二十公里", 1200),
    Offence("第53條第1項", "行經有燈光號誌管制之交岔路口闖紅燈", 1800, 3, stopped=True),
    Offence("第45條第1項第13款", "機車不在規定車道行駛", 600, 1, stopped=True),
    Offence("第56條第1項第1款", "在禁止臨時停車處所停車", 600),
    Offence("第48條第2款", "不依標誌、標線、號誌指示轉彎", 600, 1, stopped=True),
)


def write(person: Persona, parameters: Mapping[str, Any]) -> dict[str, Any] | None:
    """Write the violations in the state and since the day asked for; None where there are none."""
    violations = [each for each in reported(person) if fits(each, parameters)]
    if not violations:
        return None
    unpaid = [each["fine"] for each in violations if each["payment"] != PAID]
    return {
        "offender_name": person.name,
        "offender_national_id": person.national_id,
        "violations": violations,
        "unpaid_count": len(unpaid),
        "unpaid_total": sum(unpaid),
        "remark": "",
    }


def fits(violation: Mapping[str, Any], parameters: Mapping[str, Any]) -> bool:
    """Tell whether a violation is among those asked for."""
    state = "paid" if violation["payment"] == PAID else "unpaid"
    return parameters["payment"] in {"all", state} and violation["occurred_at"] >= parameters.get("since", "")


def reported(person: Persona) -> list[dict[str, Any]]:
    """Return every violation of a person, the latest first."""
    violations = (violation(person, place) for place in range(on_the_road(person).violations))
    return sorted(violations, key=lambda one: one["occurred_at"], reverse=True)


def points_since(person: Persona, day: date) -> int:
    """Return how many penalty points a person was given on or after `day`."""
    return sum(each["penalty_points"] for each in reported(person) if each["occurred_at"] >= day.isoformat())


def violation(person: Persona, place: int) -> dict[str, Any]:
    """Return the violation at one place of a person's row, with one of the vehicles owned then."""
    about = (person.id, place)
    vehicle = pick(person.life.vehicles, "vehicle", *about)
    motorcycle = is_motorcycle(vehicle)
    offence = pick(BY_MOTORCYCLE if motorcycle else BY_CAR, "offence", *about)
    first = max(vehicle.licensed_on, KEPT_SINCE)
    day = first + timedelta(days=number(0, (KNOWN_UNTIL - first).days, "day of violation", *about))
    in_charge = offices(person.life.address)
    return {
        "notice_no": f"{pick('ABCDEFGH', 'series', *about)}{digits(8, 'notice', *about)}",
        "plate": vehicle.plate,
        "vehicle_class": "機車" if motorcycle else "汽車",
        "occurred_at": moment(day, number(7 * 60, 23 * 60, "time of day", *about)),
        "occurred_where": f"{district(person.life.address)}範例路{pick('一二三四五六', 'section', *about)}段與示範街口",
        "facts": offence.facts,
        "provision": f"道路交通管理處罰條例{offence.provision}",
        "reported_how": "當場舉發" if offence.stopped else "逕行舉發",
        "reported_by": in_charge.traffic_police,
        "respond_by": (day + timedelta(days=DAYS_TO_RESPOND)).isoformat(),
        "respond_at": in_charge.rulings,
        "fine": offence.fine,
        "penalty_points": offence.points,
        **payment(day, *about),
    }


def moment(day: date, minute: int) -> str:
    """Write a minute of a day in Taiwan as RFC 3339 does."""
    return datetime.combine(day, time(*divmod(minute, 60)), TAIWAN).isoformat()


def payment(day: date, *about: object) -> dict[str, Any]:
    """Return whether the fine for that day is paid: three of four are, in time."""
    paid_on = day + timedelta(days=number(6, DAYS_TO_RESPOND, "paid", *about))
    if number(1, 4, "pays", *about) < 4 and paid_on <= KNOWN_UNTIL:
        return {"payment": PAID, "paid_on": paid_on.isoformat()}
    late = day + timedelta(days=DAYS_TO_RESPOND) < KNOWN_UNTIL
    return {"payment": "逾期未繳" if late else "未繳納", "paid_on": None}


DATASET = Dataset(
    id="traffic-violation",
    provider="motc",
    name="違規資料",
    minimum_level=4,
    wire="signed_zip",
    write=write,
    free_text="remark",
    with_csv=True,
)
