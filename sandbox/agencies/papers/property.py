"""財產資料: what the tax offices know a person to own: land, houses, vehicles, shares in companies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.agencies.datasets import Dataset
from sandbox.agencies.papers.personal_income import dividend_payer
from sandbox.agencies.taxes.licence_tax import kind
from sandbox.people.drawing import number
from sandbox.people.estates import VALUES_OF, Building, Land, estate_of
from sandbox.people.personas import Persona, Vehicle

SMALLEST_LISTED_MOTORCYCLE_CC = 151
FACE_VALUE_OF_A_SHARE = 10
"""TWD; companies are listed at the face value of the shares, not at their price."""


def write(person: Persona, _: Mapping[str, Any]) -> dict[str, Any] | None:
    """Write the list; None for whoever owns nothing."""
    listed = list(holdings(person))
    if not listed:
        return None
    return {
        "owner": person.name,
        "owner_id": person.national_id,
        "domicile": person.life.address,
        "data_year": VALUES_OF,
        "holdings": [{"no": place, **holding} for place, holding in enumerate(listed, 1)],
        "holding_count": len(listed),
        "total_value": sum(holding["value"] for holding in listed),
        "explanation": "",
    }


def holdings(person: Persona) -> Iterator[dict[str, Any]]:
    """Yield everything in the order of the list: land, houses, vehicles, companies."""
    estate = estate_of(person)
    yield from map(of_land, estate.lands)
    yield from map(of_building, estate.buildings)
    yield from (of_vehicle(vehicle) for vehicle in person.life.vehicles if is_listed(vehicle))
    for place in range(1, person.life.dividends + 1):
        name, tax_id = dividend_payer(place)
        value = number(100, 90_000, "shares", person.id, place) * FACE_VALUE_OF_A_SHARE
        yield holding("投資", name, tax_id, value)


def of_land(land: Land) -> dict[str, Any]:
    """List a parcel at its announced present value."""
    place = f"{land.county}{land.section}{land.number}地號"
    return holding("土地", place, land.number, land.worth, share=str(land.share), area_m2=land.area_m2)


def of_building(building: Building) -> dict[str, Any]:
    """List a house at its taxable value."""
    value = building.share.of(building.value_in(VALUES_OF))
    return holding(
        "房屋", building.address, building.tax_no, value, share=str(building.share), area_m2=building.area_m2
    )


def of_vehicle(vehicle: Vehicle) -> dict[str, Any]:
    """List a vehicle; the tax offices put no value on it."""
    name = f"{vehicle.brand} {vehicle.model}（{vehicle.model_year}年）"
    return holding("汽車", name, vehicle.plate, 0, displacement_cc=vehicle.displacement_cc)


def is_listed(vehicle: Vehicle) -> bool:
    """Tell what is listed: cars, and motorcycles big enough to be taxed."""
    return kind(vehicle) != "motorcycle" or vehicle.displacement_cc >= SMALLEST_LISTED_MOTORCYCLE_CC


def holding(
    category: str,
    name: str,
    mark: str,
    value: int,
    *,
    share: str | None = None,
    area_m2: float | None = None,
    displacement_cc: int | None = None,
) -> dict[str, Any]:
    """Return one line of the list; `value` in TWD."""
    return {
        "kind": category,
        "name_or_place": name,
        "mark": mark,
        "held_share": share,
        "whole_area_m2": area_m2,
        "engine_cc": displacement_cc,
        "value": value,
    }


DATASET = Dataset(
    id="property",
    provider="fia",
    name="財產資料",
    minimum_level=2,
    wire="signed_json",
    write=write,
    free_text="explanation",
)
