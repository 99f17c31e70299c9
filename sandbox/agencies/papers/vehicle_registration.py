"""車籍資料: the vehicles that are registered to a person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sandbox.agencies.datasets import Dataset
from sandbox.people.personas import Persona, Vehicle
from sandbox.people.work import KNOWN_UNTIL

YEARS_WITHOUT_INSPECTION = 5


def write(person: Persona, parameters: Mapping[str, Any]) -> dict[str, Any] | None:
    """Write the list of vehicles of the kind asked for; None where there are none."""
    wanted = parameters["kind"]
    vehicles = [
        each for each in person.life.vehicles if wanted in {"all", "motorcycle" if is_motorcycle(each) else "car"}
    ]
    if not vehicles:
        return None
    return {
        "owner_name": person.name,
        "owner_national_id": person.national_id,
        "owner_address": person.life.address,
        "vehicles": [entry(vehicle) for vehicle in vehicles],
        "remark": "",
    }


def entry(vehicle: Vehicle) -> dict[str, Any]:
    """Return what the register says about one vehicle."""
    last, following = inspections(vehicle)
    return {
        "plate": vehicle.plate,
        "kind": vehicle.kind,
        "brand": vehicle.brand,
        "model": vehicle.model,
        "model_year": vehicle.model_year,
        "displacement_cc": vehicle.displacement_cc,
        "fuel": vehicle.fuel,
        "engine_no": vehicle.engine_no,
        "colour": vehicle.colour,
        "licence_issued_on": vehicle.licensed_on.isoformat(),
        "last_inspected_on": last and last.isoformat(),
        "next_inspection_on": following and following.isoformat(),
        "status": "正常",
    }


def inspections(vehicle: Vehicle) -> tuple[date | None, date | None]:
    """Return the last and the next inspection: cars from their fifth year on, each year; motorcycles never."""
    if is_motorcycle(vehicle):
        return None, None
    first = vehicle.licensed_on.replace(year=vehicle.licensed_on.year + YEARS_WITHOUT_INSPECTION)
    if first > KNOWN_UNTIL:
        return None, first
    this_year = first.replace(year=KNOWN_UNTIL.year)
    last = this_year if this_year <= KNOWN_UNTIL else this_year.replace(year=KNOWN_UNTIL.year - 1)
    return last, last.replace(year=last.year + 1)


def is_motorcycle(vehicle: Vehicle) -> bool:
    """Tell motorcycles from cars and lorries."""
    return vehicle.kind.endswith("機車")


DATASET = Dataset(
    id="vehicle-registration",
    provider="motc",
    name="車籍資料",
    minimum_level=4,
    wire="signed_zip",
    write=write,
    free_text="remark",
)
