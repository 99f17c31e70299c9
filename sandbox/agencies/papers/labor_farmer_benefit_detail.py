"""勞保就保農保給付明細資料: every benefit that labour, employment and farmers' health insurance paid to a person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sandbox.agencies.datasets import Dataset
from sandbox.people.benefits import Benefit, benefits
from sandbox.people.drawing import digits
from sandbox.people.personas import Persona

CODES = {"勞工保險": "labour", "就業保險": "employment", "農民健康保險": "farmers"}


def write(person: Persona, parameters: Mapping[str, Any]) -> dict[str, Any] | None:
    """Write the benefits asked for; None where there are none."""
    since, wanted = date.fromisoformat(parameters["since"]), parameters["insurance"]
    found = [
        entry(person, benefit)
        for benefit in benefits(person)
        if benefit.paid_on >= since and wanted in {"all", CODES[benefit.insurance]}
    ]
    if not found:
        return None
    return {
        "name": person.name,
        "national_id": person.national_id,
        "birth_date": person.birth_date.isoformat(),
        "details": found,
        "detail_count": len(found),
        "approved_total": sum(detail["approved"] for detail in found),
        "remark": "",
    }


def entry(person: Persona, benefit: Benefit) -> dict[str, Any]:
    """Return one benefit; amounts in TWD. Payments for one event share a case number."""
    first, last = benefit.covers or (None, None)
    return {
        "insurance": benefit.insurance,
        "benefit": benefit.name,
        "case_no": digits(12, "case", person.id, benefit.name, benefit.event_on),
        "event_on": benefit.event_on.isoformat(),
        "covers_from": first and first.isoformat(),
        "covers_until": last and last.isoformat(),
        "insured_wage": benefit.wage,
        "approved": benefit.amount,
        "approved_on": benefit.paid_on.isoformat(),
    }


DATASET = Dataset(
    id="labor-farmer-benefit-detail",
    provider="bli",
    name="勞保就保農保給付明細資料",
    minimum_level=3,
    wire="signed_zip",
    write=write,
    free_text="remark",
    with_csv=True,
    method="POST",
    parameters_in="json",
)
