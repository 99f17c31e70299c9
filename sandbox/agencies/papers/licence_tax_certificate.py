"""牌照稅繳納證明書: what was paid for one vehicle in one year."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sandbox.agencies.datasets import Dataset
from sandbox.agencies.taxes import licence_tax
from sandbox.agencies.taxes.offices import county_of, local_office
from sandbox.agencies.years import YEARS_BEFORE_THE_REPUBLIC
from sandbox.people.drawing import digits, number
from sandbox.people.personas import Persona, Vehicle
from sandbox.people.work import KNOWN_UNTIL

LEVIED_IN = 4
"""Owners of private vehicles pay for the whole year in April; a new vehicle pays when it is licensed."""


def write(person: Persona, parameters: Mapping[str, Any]) -> dict[str, Any] | None:
    """Write the certificate; None for a plate of somebody else and for years before the vehicle was licensed."""
    vehicle = next((each for each in person.life.vehicles if each.plate == parameters["plate"]), None)
    taxed = licence_tax.period(vehicle, parameters["year"]) if vehicle is not None else None
    return certificate(person, vehicle, taxed) if vehicle is not None and taxed is not None else None


def first_vehicle(person: Persona) -> dict[str, Any] | None:
    """Ask for the first vehicle that somebody has."""
    return next(({"plate": vehicle.plate} for vehicle in person.life.vehicles), None)


def certificate(person: Persona, vehicle: Vehicle, taxed: tuple[date, date]) -> dict[str, Any]:
    """Return the certificate of one vehicle for the days of a year on which it was taxed."""
    first, last = taxed
    year = first.year - YEARS_BEFORE_THE_REPUBLIC
    tax = licence_tax.tax(vehicle, first, last)
    return {
        "certificate_no": f"{year}{digits(8, 'licence tax', vehicle.plate, year)}",
        "collecting_office": local_office(county_of(person.life.address)),
        "taxpayer": person.name,
        "taxpayer_id": person.national_id,
        "plate": vehicle.plate,
        "vehicle_kind": vehicle.kind,
        "cylinder_cc": vehicle.displacement_cc,
        "levy_year": year,
        "taxed_from": first.isoformat(),
        "taxed_to": last.isoformat(),
        "tax_due": tax,
        "exempt_because": licence_tax.exemption(vehicle),
        **payment(vehicle, first, tax),
        "memo": "",
    }


def payment(vehicle: Vehicle, first: date, tax: int) -> dict[str, Any]:
    """Return whether, when and how much was paid; nothing is known after the day until which lives are known."""
    if licence_tax.exemption(vehicle) is not None:
        return {"payment_state": "免稅", "tax_paid": 0, "paid_on": None}
    on = (
        first
        if first == vehicle.licensed_on
        else date(first.year, LEVIED_IN, number(1, 30, "paid", vehicle.plate, first))
    )
    if on > KNOWN_UNTIL:
        return {"payment_state": "尚未繳納", "tax_paid": 0, "paid_on": None}
    return {"payment_state": "已繳納", "tax_paid": tax, "paid_on": on.isoformat()}


DATASET = Dataset(
    id="licence-tax-certificate",
    provider="fia",
    name="牌照稅繳納證明書",
    minimum_level=4,
    wire="signed_zip",
    write=write,
    free_text="memo",
    with_csv=True,
    method="POST",
    parameters_in="json",
    exemplary=first_vehicle,
)
