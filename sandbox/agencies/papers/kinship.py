"""親屬關係資料: a person's spouse and blood relatives, as far as the register of today knows them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.agencies.datasets import Dataset
from sandbox.people.families import Household, Tie, families
from sandbox.people.personas import Persona


def write(person: Persona, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Write the relatives up to the degree asked for."""
    known, degree = families(), parameters["degree"]
    household = known.household(person)
    return {
        "enquirer_name": person.name,
        "enquirer_id": person.national_id,
        "up_to_degree": degree,
        "relatives": [entry(tie, household) for tie in known.ties(known.of(person), degree)],
        "remark": "",
    }


def entry(tie: Tie, household: Household) -> dict[str, Any]:
    """Return what the register says about one relative."""
    kin = tie.kin
    return {
        "title": tie.title,
        "degree": tie.degree,
        "lineage": tie.lineage,
        "full_name": kin.name,
        "id_number": kin.national_id,
        "born_on": kin.birth_date.isoformat(),
        "living": "歿" if kin.died_on else "存",
        "died_on": kin.died_on and kin.died_on.isoformat(),
        "same_household": kin in household.members,
    }


DATASET = Dataset(
    id="kinship",
    provider="moi",
    name="親屬關係資料",
    minimum_level=2,
    wire="signed_json",
    write=write,
    free_text="remark",
)
