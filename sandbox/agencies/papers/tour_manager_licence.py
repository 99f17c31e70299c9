"""領隊人員執業證資訊: the licence of a person who leads tours abroad."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from sandbox.agencies.datasets import Dataset
from sandbox.people.licences import ManagerLicence, Training, is_over, last_day_of, licences_of
from sandbox.people.personas import Persona


def write(person: Persona, _: Mapping[str, Any]) -> dict[str, Any] | None:
    """Write the licence with its trainings and renewals; None for who is no tour manager."""
    licence = licences_of(person).manager
    if licence is None:
        return None
    return {"manager_name": person.name, "manager_national_id": person.national_id, **entry(licence), "remark": ""}


def entry(licence: ManagerLicence) -> dict[str, Any]:
    """Return what the record says about the licence."""
    return {
        "licence_no": licence.licence_no,
        "licence_class": licence.licence_class,
        "tested_language": licence.tested_language,
        "destinations": list(licence.destinations),
        "serving_agency": licence.serving_agency,
        "trainings": [training(each) for each in licence.trainings],
        "renewals": [renewal(place, day) for place, day in enumerate(licence.valid_from)],
        "last_led_on": licence.last_led_on and licence.last_led_on.isoformat(),
        "standing": "逾期未換證" if is_over(last_day_of(licence.valid_from[-1])) else "有效",
    }


def training(completed: Training) -> dict[str, Any]:
    """Return one training."""
    return {**asdict(completed), "completed_on": completed.completed_on.isoformat()}


def renewal(place: int, day: date) -> dict[str, Any]:
    """Return the issue at one place of the row: the first one, then renewals."""
    return {
        "renewal_kind": "期滿換證" if place else "初次發證",
        "effective_from": day.isoformat(),
        "effective_until": last_day_of(day).isoformat(),
    }


DATASET = Dataset(
    id="tour-manager-licence",
    provider="motc",
    name="領隊人員執業證資訊",
    minimum_level=4,
    wire="signed_json",
    write=write,
    free_text="remark",
)
