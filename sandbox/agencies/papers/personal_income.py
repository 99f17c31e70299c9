"""個人所得資料: what the payers of one year reported to the tax office."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.agencies.datasets import Dataset
from sandbox.people.check_digits import with_check_digit
from sandbox.people.drawing import number
from sandbox.people.personas import Persona, employers
from sandbox.people.work import paid_in

FIRST_ROC_YEAR = 1912
CATEGORIES = {"50": "薪資所得", "5A": "金融業利息所得", "54C": "股利或盈餘所得"}
SALARY_WITHHELD_PERCENT = 5
SALARY_WITHHELD_FROM = 88_501 * 12
"""TWD a year; below it payers withhold nothing from a salary."""


def write(person: Persona, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Write the list of one ROC year: salaries, bank interest, dividends."""
    year = parameters["year"]
    records = [
        {"sequence": place, **record} for place, record in enumerate(reported(person, year + FIRST_ROC_YEAR - 1), 1)
    ]
    return {
        "year": year,
        "name": person.name,
        "national_id": person.national_id,
        "address": person.life.address,
        "records": records,
        "record_count": len(records),
        "total_paid": sum(record["paid"] for record in records),
        "total_withheld": sum(record["withheld"] for record in records),
        "remark": "",
    }


def reported(person: Persona, year: int) -> Iterator[dict[str, Any]]:
    """Yield what was reported for a calendar year."""
    for job in person.life.jobs:
        paid = paid_in(job, year)
        if paid:
            withheld = paid * SALARY_WITHHELD_PERCENT // 100 if paid >= SALARY_WITHHELD_FROM else 0
            yield record("50", job.employer.name, job.employer.tax_id, paid, withheld)
    bank = employers()["bank"]
    yield record("5A", bank.name, bank.tax_id, number(300, 9_800, "interest", person.id, year), 0)
    for place in range(1, person.life.dividends + 1):
        paid = number(120, 48_000, "dividend", person.id, year, place)
        yield record("54C", *dividend_payer(place), paid, 0)


def dividend_payer(place: int) -> tuple[str, str]:
    """Return name and tax number of the company that pays somebody's dividend number `place`."""
    return f"範例第{place:03d}號投資股份有限公司", with_check_digit(f"0001{place:03d}")


def record(code: str, payer: str, tax_id: str, paid: int, withheld: int) -> dict[str, Any]:
    """Return one record; amounts in TWD."""
    return {
        "code": code,
        "category": CATEGORIES[code],
        "payer_name": payer,
        "payer_tax_id": tax_id,
        "paid": paid,
        "withheld": withheld,
    }


DATASET = Dataset(
    id="personal-income",
    provider="fia",
    name="個人所得資料",
    minimum_level=2,
    wire="signed_json",
    write=write,
    free_text="remark",
    method="POST",
    parameters_in="json",
)
