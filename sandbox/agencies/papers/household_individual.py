"""個人戶籍資料: one person's part of the household register."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.agencies.datasets import Dataset
from sandbox.people.personas import Persona


def write(person: Persona, _: Mapping[str, Any]) -> dict[str, Any]:
    """Write the extract; the register holds everybody here, foreign spouses in their spouse's household."""
    life = person.life
    return {
        "household_no": person.household_no,
        "national_id": person.national_id,
        "name": person.name,
        "sex": life.sex,
        "birth_date": person.birth_date.isoformat(),
        "birthplace": life.birthplace,
        "father_name": life.father,
        "mother_name": life.mother,
        "marital_status": life.marital_status,
        "spouse_name": life.spouse or None,
        "id_issued_on": person.id_issued_on.isoformat(),
        "id_issue_kind": life.id_issue_kind,
        "moved_in_on": life.living_there_since.isoformat(),
        "registered_address": life.address,
        "education": life.education,
        "personal_notes": "".join(life.notes),
    }


DATASET = Dataset(
    id="household-individual",
    provider="moi",
    name="個人戶籍資料",
    minimum_level=3,
    wire="signed_zip",
    write=write,
    free_text="personal_notes",
    with_csv=True,
)
