"""駕籍資料: the driving licences that a person holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.agencies.datasets import Dataset
from sandbox.agencies.papers.traffic_violation import points_since
from sandbox.people.drawing import digits
from sandbox.people.licences import DrivingLicence, licences_of
from sandbox.people.personas import Persona
from sandbox.people.places import offices
from sandbox.people.work import KNOWN_UNTIL

A_YEAR_BEFORE = KNOWN_UNTIL.replace(year=KNOWN_UNTIL.year - 1)


def write(person: Persona, parameters: Mapping[str, Any]) -> dict[str, Any] | None:
    """Write the licences of the kind asked for; None where there are none."""
    wanted = parameters["kind"]
    licences = [
        entry(each, person)
        for each in licences_of(person).driving
        if wanted in {"all", "motorcycle" if each.is_for_motorcycles else "car"}
    ]
    if not licences:
        return None
    return {
        "driver_name": person.name,
        "licence_number": person.national_id,
        "driver_birth_date": person.birth_date.isoformat(),
        "licences": licences,
        "points_within_a_year": points_since(person, A_YEAR_BEFORE),
        "remark": "",
    }


def entry(licence: DrivingLicence, person: Persona) -> dict[str, Any]:
    """Return what the record says about one licence."""
    return {
        "licence_class": licence.licence_class,
        "control_no": digits(12, "control number", person.id, licence.licence_class),
        "first_obtained_on": licence.first_obtained_on.isoformat(),
        "card_issued_on": (licence.card_issued_on or licence.first_obtained_on).isoformat(),
        "valid_until": licence.valid_until and licence.valid_until.isoformat(),
        "review_due_on": licence.review_due_on and licence.review_due_on.isoformat(),
        "conditions": licence.conditions,
        "office": offices(person.life.address).motor_vehicles,
        "licence_state": licence.state,
        "suspended_from": licence.suspended_from and licence.suspended_from.isoformat(),
        "suspended_until": licence.suspended_until and licence.suspended_until.isoformat(),
    }


DATASET = Dataset(
    id="driver-licence",
    provider="motc",
    name="駕籍資料",
    minimum_level=4,
    wire="signed_json",
    write=write,
    free_text="remark",
)
