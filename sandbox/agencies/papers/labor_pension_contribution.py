"""勞工提繳異動資料: when which employer paid how much into the labour pension."""

from __future__ import annotations

import bisect
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from sandbox.agencies.datasets import Dataset
from sandbox.people.drawing import pick
from sandbox.people.personas import Job, Persona
from sandbox.people.work import last_day, monthly_wage

EMPLOYER_RATE = 6
GRADES = (
    *(11_100, 12_540, 13_500, 15_840, 16_500, 17_280, 17_880, 19_047, 20_008, 21_009, 22_000, 23_100, 24_000),
    *(25_250, 26_400, 27_600, 28_800, 30_300, 31_800, 33_300, 34_800, 36_300, 38_200, 40_100, 42_000, 43_900),
    *(45_800, 48_200, 50_600, 53_000, 55_400, 57_800, 60_800, 63_800, 66_800, 69_800, 72_800, 76_500, 80_200),
    *(83_900, 87_600, 92_100, 96_600, 101_100, 105_600, 110_100, 115_500, 120_900, 126_300, 131_700, 137_100),
    *(142_500, 147_900, 150_000),
)
"""月提繳工資分級表, TWD: a wage counts as the lowest grade that is not below it, at most the last."""


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

    wage = grade(monthly_wage(job, job.begins_on.year))
    yield change(job.begins_on, "提繳", wage)
    for year in range(job.begins_on.year + 1, last_day(job).year + 1):
        day, new = date(year, 3, 1), grade(monthly_wage(job, year))
        if day < last_day(job) and new != wage:
            wage = new
            yield change(day, "調整", wage)
    if job.ends_on is not None:
        yield change(job.ends_on, "停繳", wage)


def grade(wage: int) -> int:
    """Return the grade that a monthly wage falls into, TWD."""
    return GRADES[min(bisect.bisect_left(GRADES, wage), len(GRADES) - 1)]


DATASET = Dataset(
    id="labor-pension-contribution",
    provider="bli",
    name="勞工提繳異動資料",
    minimum_level=3,
    wire="signed_json",
    write=write,
    free_text="remark",
)
