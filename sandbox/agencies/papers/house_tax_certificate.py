"""房屋稅繳納證明: what was paid for the houses of a person in one levy year."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sandbox.agencies.datasets import Dataset
from sandbox.agencies.taxes import house_tax
from sandbox.agencies.taxes.offices import local_office
from sandbox.people.drawing import number
from sandbox.people.estates import Building, estate_of
from sandbox.people.personas import Persona
from sandbox.people.work import KNOWN_UNTIL

LEVIED_IN = 5
USES = {"only home": "住家用（單一自住）", "home": "住家用（自住）", "let": "住家用（非自住）"}


def write(person: Persona, parameters: Mapping[str, Any]) -> dict[str, Any] | None:
    """Write the certificate of one levy year; None where no house was owned in it."""
    year, owned = parameters["year"], estate_of(person).buildings
    houses = [house(building, year, len(owned)) for building in owned if house_tax.months(building, year)]
    if not houses:
        return None
    begins, ends = house_tax.levy_year(year)
    return {
        "house_owner": person.name,
        "house_owner_id": person.national_id,
        "tax_year": year,
        "levy_begins": begins.isoformat(),
        "levy_ends": ends.isoformat(),
        "houses": houses,
        "sum_due": sum(each["due"] for each in houses),
        "sum_paid": sum(each["settled"] for each in houses),
        "annotation": "",
    }


def house(building: Building, year: int, owned: int) -> dict[str, Any]:
    """Return what one house owed and what was paid for it, TWD."""
    used_as = house_tax.use(building, owned)
    due = house_tax.tax(building, year, owned=owned)
    paid_on = date(house_tax.levy_year(year)[1].year, LEVIED_IN, number(1, 31, "house tax", building.tax_no, year))
    is_paid = paid_on <= KNOWN_UNTIL
    return {
        "tax_no": building.tax_no,
        "office": local_office(building.county),
        "location": building.address,
        "used_as": USES[used_as],
        "owned_share": str(building.share),
        "taxed_area_m2": building.area_m2,
        "taxable_value": building.share.of(building.value_in(year)),
        "rate": house_tax.per_mille(used_as, year) / 10,
        "months": house_tax.months(building, year),
        "due": due,
        "state": "已繳納" if is_paid else "尚未開徵",
        "settled": due if is_paid else 0,
        "settled_on": paid_on.isoformat() if is_paid else None,
    }


DATASET = Dataset(
    id="house-tax-certificate",
    provider="fia",
    name="房屋稅繳納證明",
    minimum_level=4,
    wire="signed_zip",
    write=write,
    free_text="annotation",
    with_csv=True,
)
