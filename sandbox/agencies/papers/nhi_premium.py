"""保費繳納紀錄: the premiums a person paid, and the supplementary ones withheld from dividends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from sandbox.agencies import years
from sandbox.agencies.datasets import Dataset
from sandbox.agencies.papers import personal_income
from sandbox.people.drawing import number
from sandbox.people.health_insurance import Premium, premiums
from sandbox.people.months import following, last_of, written
from sandbox.people.personas import Persona
from sandbox.people.work import KNOWN_UNTIL

DAY_OF_PAYMENT = 15
SUPPLEMENT_FROM = 20_000
"""TWD in a single payment."""
SUPPLEMENT_PER_MILLION = 21_100
DIVIDEND = "54C"
FIRST_PAYDAY, PAYDAYS = (7, 1), 110
"""Companies pay their dividends within this many days of summer and autumn."""


def write(person: Persona, parameters: Mapping[str, Any]) -> dict[str, Any] | None:
    """Write the payments of the years asked for; None where there were none."""
    asked = years.span(parameters)
    monthly = [entry(premium) for premium in premiums(person) if premium.month.year in asked]
    extra = [supplement for year in asked for supplement in supplements(person, year)]
    if not monthly and not extra:
        return None
    return {
        "payer_name": person.name,
        "payer_id": person.national_id,
        "first_year": asked[0] - years.YEARS_BEFORE_THE_REPUBLIC,
        "last_year": asked[-1] - years.YEARS_BEFORE_THE_REPUBLIC,
        "premiums": monthly,
        "supplements": extra,
        "premium_total": sum(line["premium"] for line in monthly if line["paid_on"]),
        "supplement_total": sum(line["supplement"] for line in extra),
        "remark": "",
    }


def entry(premium: Premium) -> dict[str, Any]:
    """Return one month of one person; it is due in the month after."""
    due = following(premium.month).replace(day=DAY_OF_PAYMENT)
    return {
        "charged_month": written(premium.month),
        "person_name": premium.person,
        "relation": premium.relation,
        "collected_by": premium.cover.unit,
        "insured_amount": premium.cover.amount_on(last_of(premium.month)),
        "premium": premium.amount,
        "status": "已繳納" if due <= KNOWN_UNTIL else "繳費期限內",
        "paid_on": due.isoformat() if due <= KNOWN_UNTIL else None,
    }


def supplements(person: Persona, year: int) -> Iterator[dict[str, Any]]:
    """Yield what was withheld from the dividends that the payers also reported to the tax office."""
    for place, income in enumerate(personal_income.reported(person, year)):
        withheld_on = date(year, *FIRST_PAYDAY) + timedelta(days=number(0, PAYDAYS, "payday", person.id, year, place))
        if income["code"] == DIVIDEND and income["paid"] >= SUPPLEMENT_FROM and withheld_on <= KNOWN_UNTIL:
            yield {
                "income_kind": income["category"],
                "withheld_by": income["payer_name"],
                "withholder_tax_id": income["payer_tax_id"],
                "payment": income["paid"],
                "supplement": income["paid"] * SUPPLEMENT_PER_MILLION // 1_000_000,
                "withheld_on": withheld_on.isoformat(),
            }


MAINTENANCE = ({"weekday": "wednesday", "from": "12:00", "until": "13:30"},)

DATASET = Dataset(
    id="nhi-premium",
    provider="nhia",
    name="保費繳納紀錄",
    minimum_level=3,
    wire="signed_zip",
    write=write,
    free_text="remark",
    with_csv=True,
    maintenance=MAINTENANCE,
)
