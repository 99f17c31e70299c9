"""綜所稅及房地合一稅繳納、欠稅及退稅紀錄: what one year's income owed, and what was paid, is owed, came back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from sandbox.agencies.datasets import Dataset
from sandbox.agencies.papers.personal_income import reported
from sandbox.agencies.taxes import income_tax
from sandbox.agencies.taxes.offices import bureau, county_of
from sandbox.agencies.years import YEARS_BEFORE_THE_REPUBLIC
from sandbox.people.drawing import digits, number
from sandbox.people.estates import Sale, estate_of
from sandbox.people.personas import Persona

FULL_AGE = 18
DAYS_TO_DECLARE_A_SALE = 30
INCOME_TAX, GAIN_TAX = "綜合所得稅", "房地合一稅"


def write(person: Persona, parameters: Mapping[str, Any]) -> dict[str, Any] | None:
    """Write the record of one income year; None for children, whose parents file for them."""
    year = parameters["year"]
    calendar_year = year + YEARS_BEFORE_THE_REPUBLIC
    if calendar_year - person.birth_date.year < FULL_AGE:
        return None
    assessed = assessment(person, year)
    sales = [each for each in estate_of(person).sales if each.sold_on.year == calendar_year]
    payments = [*paid_on_income(person, year, assessed["balance"]), *paid_on_sales(sales)]
    arrears, refunds = list(owed_on_sales(person, sales)), list(refunded(person, year, assessed["balance"]))
    return {
        "income_year": year,
        "filer": person.name,
        "filer_id": person.national_id,
        "tax_bureau": bureau(county_of(person.life.address)),
        "assessment": assessed,
        "estate_gains": [declared(sale) for sale in sales],
        "payments": payments,
        "arrears": arrears,
        "refunds": refunds,
        "paid_sum": sum(each["paid_amount"] for each in payments),
        "arrears_sum": sum(each["unpaid"] for each in arrears),
        "refund_sum": sum(each["refunded_amount"] for each in refunds),
        "bureau_note": "",
    }


def assessment(person: Persona, year: int) -> dict[str, Any]:
    """Return how the tax on the year's income comes about, TWD; `balance` is still to be paid, or negative to come back."""
    income = list(reported(person, year + YEARS_BEFORE_THE_REPUBLIC))
    allowed, persons = income_tax.allowances(year), 2 if person.life.spouse else 1
    paid = {code: sum(each["paid"] for each in income if each["code"] == code) for code in ("50", "5A", "54C")}
    gross, exempted, standard = sum(paid.values()), allowed.exemption * persons, allowed.standard * persons
    salary, savings = min(paid["50"], allowed.salary), min(paid["5A"], income_tax.MOST_SAVED)
    net = max(0, gross - exempted - standard - salary - savings)
    rate, difference = income_tax.bracket(net, year)
    tax, credit = net * rate // 100 - difference, income_tax.dividend_credit(paid["54C"])
    withheld = sum(each["withheld"] for each in income)
    return {
        "filed_as": "夫妻合併申報" if person.life.spouse else "單獨申報",
        "gross_income": gross,
        "exemptions": exempted,
        "standard_deduction": standard,
        "salary_deduction": salary,
        "savings_deduction": savings,
        "net_income": net,
        "marginal_rate": rate,
        "progressive_difference": difference,
        "tax_payable": tax,
        "dividend_credit": credit,
        "already_withheld": withheld,
        "balance": tax - credit - withheld,
    }


def paid_on_income(person: Persona, year: int, balance: int) -> Iterator[dict[str, Any]]:
    """Yield the payment with the return, filed in the May after."""
    if balance > 0:
        on = date(year + YEARS_BEFORE_THE_REPUBLIC + 1, 5, number(1, 31, "filed", person.id, year))
        yield payment(INCOME_TAX, on, balance, "自繳")


def paid_on_sales(sales: list[Sale]) -> Iterator[dict[str, Any]]:
    """Yield what was paid when a sale was declared."""
    for sale in sales:
        tax = tax_on(sale)
        if tax and sale.tax_paid:
            yield payment(GAIN_TAX, sale.sold_on + timedelta(days=DAYS_TO_DECLARE_A_SALE - 9), tax, "自繳")


def payment(tax: str, on: date, amount: int, how: str) -> dict[str, Any]:
    """Return one payment, TWD."""
    return {"paid_tax": tax, "paid_on": on.isoformat(), "paid_amount": amount, "paid_by": how}


def owed_on_sales(person: Persona, sales: list[Sale]) -> Iterator[dict[str, Any]]:
    """Yield what was declared and never paid."""
    for sale in sales:
        tax = tax_on(sale)
        if tax and not sale.tax_paid:
            yield {
                "owed_tax": GAIN_TAX,
                "control_no": digits(14, "arrears", person.id, sale.sold_on),
                "payable_until": (sale.sold_on + timedelta(days=DAYS_TO_DECLARE_A_SALE)).isoformat(),
                "assessed_amount": tax,
                "unpaid": tax,
            }


def refunded(person: Persona, year: int, balance: int) -> Iterator[dict[str, Any]]:
    """Yield what was withheld or credited too much: it came back at the end of the July after."""
    if balance < 0:
        yield {
            "refunded_tax": INCOME_TAX,
            "refund_no": digits(10, "refund", person.id, year),
            "refunded_on": date(year + YEARS_BEFORE_THE_REPUBLIC + 1, 7, 31).isoformat(),
            "refunded_amount": -balance,
            "refunded_by": "存款帳戶直撥",
        }


def declared(sale: Sale) -> dict[str, Any]:
    """Return how the tax on one sale comes about, TWD."""
    return {
        "sold": sale.what,
        "sold_on": sale.sold_on.isoformat(),
        "bought_on": sale.bought_on.isoformat(),
        "sale_price": sale.price,
        "purchase_cost": sale.cost,
        "transfer_expenses": sale.expenses,
        "land_value_increment": sale.land_gain,
        "taxed_gain": income_tax.gain(sale),
        "gain_rate": income_tax.gain_rate(sale),
        "gain_tax": tax_on(sale),
    }


def tax_on(sale: Sale) -> int:
    """Return the tax on one sale, TWD."""
    return income_tax.gain(sale) * income_tax.gain_rate(sale) // 100


DATASET = Dataset(
    id="income-tax-record",
    provider="fia",
    name="綜所稅及房地合一稅繳納、欠稅及退稅紀錄",
    minimum_level=2,
    wire="signed_json",
    write=write,
    free_text="bureau_note",
)
