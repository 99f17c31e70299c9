"""勞工提繳異動資料: when which employer paid how much into the labour pension."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from sandbox.agencies.datasets import Dataset
from sandbox.people import grades
from sandbox.people.drawing import pick
from sandbox.people.personas import Job, Persona
from sandbox.people.work import spells

EMPLOYER_RATE = 6


def write(person: Persona, parameters: Mapping[str, Any]) -> dict[str, Any] | None:
    """Write the changes since the day asked for; None where there are none."""
    since = date.fromisoformat(parameters["since"])
    changes = [change for job in person.life.jobs for change in changes_of(person, job) if change[0] >= since]
    if not changes:
        return None
    return {
        "name": person.name,
        "national_id": person.national_id,
        "birth_date": person.birth_date.isoformat(),
        "changes": [change for _, change in sorted(changes, key=lambda dated: dated[0])],
        "remark": "",
    }


def changes_of(person: Persona, job: Job) -> Iterator[tuple[date, dict[str, Any]]]:
    """Yield the changes of one job: beginning, each March with a new grade, end."""
    rate = pick((0, 0, 3, 6), "own rate", person.id, job.employer.tax_id)

    def change(on: date, kind: str, wage: int) -> tuple[date, dict[str, Any]]:
        return on, {
            "employer_name": job.employer.name,
            "employer_insurance_no": job.employer.insurance_no,
            "kind": kind,
            "effective_on": on.isoformat(),
            "monthly_wage": wage,
            "employer_rate": EMPLOYER_RATE,
            "personal_rate": rate,
        }

    for place, spell in enumerate(spells(job, grades.pension)):
        wage = spell.wage
        yield change(spell.first_day, "調整" if place else "提繳", wage)
    if job.ends_on is not None:
        yield change(job.ends_on, "停繳", wage)


DATASET = Dataset(
    id="labor-pension-contribution",
    provider="bli",
    name="勞工提繳異動資料",
    minimum_level=3,
    wire="signed_json",
    write=write,
    free_text="remark",
)
