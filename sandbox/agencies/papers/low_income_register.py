"""低收及中低收入戶列冊資料: whether a person's household is on the register in a year."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

from sandbox.agencies import years
from sandbox.agencies.datasets import Dataset
from sandbox.people.drawing import digits
from sandbox.people.families import Household, Kin, families
from sandbox.people.personas import Persona, read_toml

CITY_LETTERS = 3
WORKING_AGE = range(16, 65)


def write(person: Persona, parameters: Mapping[str, Any]) -> dict[str, Any] | None:
    """Write the certificate of the year; None for households that are not on the register."""
    year, case = parameters["year"], cases().get(person.id)
    if case is None or year not in case["years"]:
        return None
    calendar_year = year + years.YEARS_BEFORE_THE_REPUBLIC
    household, city = families().household(person), person.life.address[:CITY_LETTERS]
    return {
        "certificate_no": f"{city[:-1]}社助字第{digits(9, 'assistance', person.household_no, year)}號",
        "register_year": year,
        "category": case["category"],
        "grade": case.get("grade"),
        "head_of_case": household.head.name,
        "case_address": person.life.address,
        "authority": f"{city}政府",
        "approved_on": date(calendar_year - 1, 12, 18).isoformat(),
        "valid_from": date(calendar_year, 1, 1).isoformat(),
        "valid_until": date(calendar_year, 12, 31).isoformat(),
        "monthly_allowance": case["monthly_allowance"],
        "listed": [entry(member, household, case, calendar_year) for member in household.members],
        "remark": "",
    }


def entry(member: Kin, household: Household, case: Mapping[str, Any], year: int) -> dict[str, Any]:
    """Return one person of the household."""
    return {
        "relation": families().position(member, head=household.head),
        "person": member.name,
        "person_id": member.national_id,
        "works": year - member.birth_date.year in WORKING_AGE and member.id not in case["unable"],
        "entitlements": case["entitlements"].get(member.id, ""),
    }


@cache
def cases() -> dict[str, Any]:
    """Return the households on the register, by persona."""
    return read_toml("assistance.toml")


DATASET = Dataset(
    id="low-income-register",
    provider="sfaa",
    name="低收及中低收入戶列冊資料",
    minimum_level=2,
    wire="signed_json",
    write=write,
    free_text="remark",
)
