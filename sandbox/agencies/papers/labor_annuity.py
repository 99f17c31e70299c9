"""勞保年金給付資料: how a person's old-age annuity was reckoned, and what was paid."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sandbox.agencies import years
from sandbox.agencies.datasets import Dataset
from sandbox.people import labour_insurance
from sandbox.people.benefits import DAYS_TO_DECIDE
from sandbox.people.drawing import digits
from sandbox.people.months import following, written
from sandbox.people.personas import Persona


def write(person: Persona, parameters: Mapping[str, Any]) -> dict[str, Any] | None:
    """Write the grant and the payments of the years asked for; None where nothing was paid in them."""
    annuity = labour_insurance.annuity(person)
    asked = years.span(parameters)
    paid = [(month, on) for month, on in annuity.payments() if on.year in asked] if annuity else []
    if annuity is None or not paid:
        return None
    account = digits(4, "account", person.id)
    return {
        "beneficiary_name": person.name,
        "beneficiary_id": person.national_id,
        "annuity_kind": "老年年金給付",
        "decision_no": f"保普老字第{digits(11, 'annuity', person.id)}號",
        "decided_on": (annuity.claimed_on + timedelta(days=DAYS_TO_DECIDE)).isoformat(),
        "pensionable_age": annuity.pensionable_age,
        "credited_years": annuity.credited_years,
        "average_salary": annuity.average_wage,
        "formula": annuity.formula,
        "increase_rate": annuity.percent_for_waiting,
        "monthly_amount": annuity.monthly,
        "starts_in": written(following(annuity.claimed_on)),
        "payments": [
            {
                "month": written(month),
                "amount": annuity.monthly,
                "paid_on": paid_on.isoformat(),
                "account_ending": account,
            }
            for month, paid_on in paid
        ],
        "paid_total": annuity.monthly * len(paid),
        "remark": "",
    }


DATASET = Dataset(
    id="labor-annuity",
    provider="bli",
    name="勞保年金給付資料",
    minimum_level=3,
    wire="signed_zip",
    write=write,
    free_text="remark",
    with_csv=True,
)
