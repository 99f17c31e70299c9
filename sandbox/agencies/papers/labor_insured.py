"""勞保被保險人投保資料: through which employers, and at which wages, a person was insured."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.agencies.datasets import Dataset
from sandbox.people import labour_insurance
from sandbox.people.personas import Persona
from sandbox.people.work import Spell

FULL_TIME_FROM = 25_250
"""TWD; lower insured wages are those of part-time work."""


def write(person: Persona, parameters: Mapping[str, Any]) -> dict[str, Any] | None:
    """Write the periods asked for; None where there are none."""
    every = labour_insurance.periods(person)
    current = [period for period in every if period.last_day is None]
    asked = current if parameters["scope"] == "current" else every
    if not asked:
        return None
    years, days = divmod(labour_insurance.days_insured(person), labour_insurance.DAYS_OF_A_YEAR)
    return {
        "name": person.name,
        "national_id": person.national_id,
        "birth_date": person.birth_date.isoformat(),
        "insured_now": bool(current),
        "seniority_years": years,
        "seniority_days": days,
        "periods": [entry(period) for period in asked],
        "remark": "",
    }


def entry(period: Spell) -> dict[str, Any]:
    """Return one period; amounts in TWD."""
    employer = period.job.employer
    return {
        "insurance_no": employer.insurance_no,
        "unit_name": employer.name,
        "covers": "普通事故保險、職業災害保險、就業保險",
        "insured_salary": period.wage,
        "effective_on": period.first_day.isoformat(),
        "withdrawn_on": period.last_day and period.last_day.isoformat(),
        "annotation": "部分工時" if period.wage < FULL_TIME_FROM else "",
    }


DATASET = Dataset(
    id="labor-insured",
    provider="bli",
    name="勞保被保險人投保資料",
    minimum_level=3,
    wire="signed_json",
    write=write,
    free_text="remark",
)
