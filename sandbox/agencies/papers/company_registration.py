"""公司登記資料: the companies of which a person is director, supervisor or manager."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from sandbox.agencies.datasets import Dataset
from sandbox.people.personas import Persona
from sandbox.people.ventures import Company, companies_of

PAR_VALUE = 10
"""TWD a share."""
YEARS_OF_A_TERM = 3


def write(person: Persona, _: Mapping[str, Any]) -> dict[str, Any] | None:
    """Write the list of companies, dissolved ones too; None where there are none."""
    companies = [entry(company, person) for company in companies_of(person)]
    if not companies:
        return None
    return {"person_name": person.name, "person_id": person.national_id, "companies": companies, "remark": ""}


def entry(company: Company, person: Persona) -> dict[str, Any]:
    """Return what the register says about one company."""
    return {
        "company_no": company.company_no,
        "company_name": company.company_name,
        "foreign_name": company.foreign_name,
        "kind": company.kind,
        "company_state": company.company_state,
        "positions": company.positions[person.id],
        **capital(company),
        "representative": company.board[0].member_name,
        "office_address": company.office_address,
        "authority": company.authority,
        "incorporated_on": company.incorporated_on.isoformat(),
        "amended_on": company.amended_on.isoformat(),
        **term(company),
        "board": [{"order": place, **asdict(member)} for place, member in enumerate(company.board, 1)],
        "officers": [
            {"officer_name": officer.officer_name, "in_office_since": officer.in_office_since.isoformat()}
            for officer in company.officers
        ],
        "scope": [{"scope_code": code, "scope_name": name} for code, name in company.scope.items()],
    }


def capital(company: Company) -> dict[str, Any]:
    """Return the capital, TWD, and the shares where the company has them."""
    return {
        "authorised_capital": company.authorised_capital,
        "paid_in_capital": company.paid_in_capital,
        "par_value": PAR_VALUE if company.has_shares else None,
        "issued_shares": company.paid_in_capital // PAR_VALUE if company.has_shares else None,
    }


def term(company: Company) -> dict[str, Any]:
    """Return the board's present term; the law knows none for limited companies."""
    begins = company.term_begins_on
    ends = begins and begins.replace(year=begins.year + YEARS_OF_A_TERM) - timedelta(days=1)
    return {"term_begins_on": begins and begins.isoformat(), "term_ends_on": ends and ends.isoformat()}


DATASET = Dataset(
    id="company-registration",
    provider="moea",
    name="公司負責人、董監事與經理人之公司登記資料",
    minimum_level=4,
    wire="signed_zip",
    write=write,
    free_text="remark",
)
