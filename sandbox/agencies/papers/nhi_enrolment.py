"""個人投退保資料: through whom a person was enrolled in the health insurance, and when."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.agencies.datasets import Dataset
from sandbox.people.health_insurance import Cover, covers
from sandbox.people.personas import Persona
from sandbox.people.work import KNOWN_UNTIL


def write(person: Persona, parameters: Mapping[str, Any]) -> dict[str, Any] | None:
    """Write the enrolments asked for; None where there are none."""
    every = covers(person)
    current = [cover for cover in every if cover.last_day is None]
    asked = current if parameters["history"] == "current" else every
    if not asked:
        return None
    return {
        "name": person.name,
        "national_id": person.national_id,
        "born_on": person.birth_date.isoformat(),
        "enrolled_now": bool(current),
        "enrolments": [entry(cover) for cover in asked],
        "remark": "",
    }


def entry(cover: Cover) -> dict[str, Any]:
    """Return one enrolment; amounts in TWD."""
    return {
        "unit_code": cover.unit_code,
        "enrolled_through": cover.unit,
        "category": cover.category,
        "capacity": "眷屬" if cover.principal else "被保險人",
        "principal": cover.principal and cover.principal.name,
        "insured_amount": cover.amount_on(cover.last_day or KNOWN_UNTIL),
        "enrolled_on": cover.first_day.isoformat(),
        "left_on": cover.last_day and cover.last_day.isoformat(),
        "reason": cover.reason,
    }


MAINTENANCE = ({"weekday": "wednesday", "from": "12:00", "until": "13:30"},)

DATASET = Dataset(
    id="nhi-enrolment",
    provider="nhia",
    name="個人投退保資料",
    minimum_level=3,
    wire="signed_json",
    write=write,
    free_text="remark",
    maintenance=MAINTENANCE,
)
