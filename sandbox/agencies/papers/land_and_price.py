"""個人地籍與實價資料: the parcels and houses of a person in the land register, and what was really paid for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from sandbox.agencies.datasets import Dataset
from sandbox.agencies.years import YEARS_BEFORE_THE_REPUBLIC
from sandbox.people.drawing import digits
from sandbox.people.estates import Building, Land, Mortgage, estate_of
from sandbox.people.personas import Persona

PRICES_REGISTERED_FROM = date(2012, 8, 1)
DECLARED_PERCENT = 20
"""The declared value is about a fifth of the announced present value."""


def write(person: Persona, parameters: Mapping[str, Any]) -> dict[str, Any] | None:
    """Write the extract for one county or all; None where the person owns nothing there."""
    county, estate = parameters["county"], estate_of(person)
    lands = [land for land in estate.lands if county in {"all", land.county}]
    buildings = [building for building in estate.buildings if county in {"all", building.county}]
    if not lands and not buildings:
        return None
    return {
        "owner_name": person.name,
        "owner_national_id": person.national_id,
        "owner_address": person.life.address,
        "values_as_of": "115年1月",
        "parcels": [parcel(land, buildings) for land in lands],
        "buildings": [house(building) for building in buildings],
        "actual_prices": [price for building in buildings for price in prices(building)],
        "note": "",
    }


def parcel(land: Land, buildings: list[Building]) -> dict[str, Any]:
    """Return one parcel as the register describes it: what it is, whose it is, what lies on it."""
    mortgages = [each.mortgage for each in buildings if (each.section, each.stands_on) == (land.section, land.number)]
    return {
        "description": {
            "county": land.county,
            "section": land.section,
            "parcel_no": land.number,
            "area_m2": land.area_m2,
            "zone": land.zone,
            "announced_value_per_m2": land.value_per_m2,
            "declared_value_per_m2": land.value_per_m2 * DECLARED_PERCENT // 100,
        },
        "ownership": ownership(land),
        "encumbrances": [right for mortgage in mortgages for right in rights(mortgage, land.number)],
    }


def house(building: Building) -> dict[str, Any]:
    """Return one house in the same three parts."""
    return {
        "description": {
            "county": building.county,
            "section": building.section,
            "building_no": building.number,
            "on_parcel": building.stands_on,
            "door_plate": building.address,
            "main_use": building.use,
            "material": building.material,
            "storeys": building.floors,
            "storey": building.floor,
            "floor_area_m2": building.area_m2,
            "completed_on": building.completed_on.isoformat(),
        },
        "ownership": ownership(building),
        "encumbrances": list(rights(building.mortgage, building.number)),
    }


def ownership(estate: Land | Building) -> dict[str, Any]:
    """Return the part of the register that says whose it is."""
    return {
        "share": str(estate.share),
        "cause": estate.cause,
        "registered_on": estate.acquired_on.isoformat(),
        "deed_no": f"{estate.acquired_on.year - YEARS_BEFORE_THE_REPUBLIC}範例字第{digits(6, 'deed', estate.section, estate.number)}號",
    }


def rights(mortgage: Mortgage | None, number: str) -> Iterator[dict[str, Any]]:
    """Yield the right of the bank that lent for it, if one did."""
    if mortgage is not None:
        yield {
            "kind": "最高限額抵押權",
            "holder": mortgage.lender,
            "at_most": mortgage.at_most,
            "set_on": mortgage.set_on.isoformat(),
            "secured_until": mortgage.until.isoformat(),
            "receipt_no": f"{mortgage.set_on.year - YEARS_BEFORE_THE_REPUBLIC}範例登字第{digits(6, 'mortgage', number)}號",
        }


def prices(building: Building) -> Iterator[dict[str, Any]]:
    """Yield the registered price of the purchase; before August 2012 none was registered."""
    if building.price and building.acquired_on >= PRICES_REGISTERED_FROM:
        yield {
            "traded_on": building.acquired_on.isoformat(),
            "traded": "房地（土地＋建物）",
            "traded_place": building.address,
            "traded_area_m2": building.area_m2,
            "total_price": building.price,
            "price_per_m2": building.price * 100 // round(building.area_m2 * 100),
        }


DATASET = Dataset(
    id="land-and-price",
    provider="dla",
    name="個人地籍與實價資料",
    minimum_level=2,
    wire="signed_zip",
    write=write,
    free_text="note",
)
