"""國民年金給付資料: what the National Pension Insurance paid to a person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.agencies.datasets import Dataset
from sandbox.people.benefits import PensionBenefit, national_pension
from sandbox.people.months import written
from sandbox.people.personas import Persona


def write(person: Persona, parameters: Mapping[str, Any]) -> dict[str, Any] | None:
    """Write the benefits of the form asked for; None where there are none."""
    wanted = parameters["kind"]
    found = [
        entry(benefit)
        for benefit in national_pension(person)
        if wanted in {"all", "annuity" if benefit.is_annuity else "lump_sum"}
    ]
    if not found:
        return None
    return {
        "claimant_name": person.name,
        "claimant_id": person.national_id,
        "claimant_born_on": person.birth_date.isoformat(),
        "benefits": found,
        "benefit_count": len(found),
        "granted_total": sum(benefit["granted"] for benefit in found),
        "remark": "",
    }


def entry(benefit: PensionBenefit) -> dict[str, Any]:
    """Return one payment; amounts in TWD."""
    return {
        "benefit_kind": benefit.kind,
        "insured_person": benefit.insured.name,
        "relation": benefit.relation,
        "benefit_month": written(benefit.month),
        "basic_guarantee": benefit.is_annuity,
        "granted": benefit.amount,
        "remitted_on": benefit.paid_on.isoformat(),
    }


DATASET = Dataset(
    id="national-pension-benefit",
    provider="bli",
    name="國民年金給付資料",
    minimum_level=3,
    wire="signed_json",
    write=write,
    free_text="remark",
)
