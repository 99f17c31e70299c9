"""全戶戶籍資料: everybody who is registered in a person's household."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.agencies.datasets import Dataset
from sandbox.people.families import Household, Kin, families
from sandbox.people.personas import Persona


def write(person: Persona, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Write the transcript, with or without personal notes."""
    household = families().household(person)
    return {
        "household_no": household.number,
        "household_kind": "共同生活戶" if len(household.members) > 1 else "單獨生活戶",
        "head_name": household.head.name,
        "household_address": person.life.address,
        "household_notes": household.notes,
        "applicant_name": person.name,
        "applicant_id": person.national_id,
        "member_count": len(household.members),
        "members": [entry(member, household, with_notes=parameters["notes"] == "kept") for member in household.members],
        "remark": "",
    }


def entry(member: Kin, household: Household, *, with_notes: bool) -> dict[str, Any]:
    """Return what the transcript says about one member."""
    known = families()
    spouse = known.spouse(member)
    return {
        "position": known.position(member, head=household.head),
        "name": member.name,
        "national_id": member.national_id,
        "birth_date": member.birth_date.isoformat(),
        "birth_order": known.birth_order(member),
        "birthplace": member.birthplace,
        "father": known.name(member.father),
        "mother": known.name(member.mother),
        "spouse": spouse and spouse.name,
        "moved_in_on": member.moved_in_on and member.moved_in_on.isoformat(),
        "notes": "".join(member.notes) if with_notes else "",
    }


DATASET = Dataset(
    id="household-whole",
    provider="moi",
    name="全戶戶籍資料",
    minimum_level=2,
    wire="signed_zip",
    write=write,
    free_text="remark",
    with_csv=True,
)
