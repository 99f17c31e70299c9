"""商業登記資料: the sole proprietorships and partnerships in which a person is registered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sandbox.agencies.datasets import Dataset
from sandbox.people.personas import Persona
from sandbox.people.places import government
from sandbox.people.ventures import Business, businesses_of


def write(person: Persona, _: Mapping[str, Any]) -> dict[str, Any] | None:
    """Write the list of businesses, ended ones too; None where there are none."""
    businesses = [entry(business, person) for business in businesses_of(person)]
    if not businesses:
        return None
    return {
        "registrant_name": person.name,
        "registrant_national_id": person.national_id,
        "businesses": businesses,
        "remark": "",
    }


def entry(business: Business, person: Persona) -> dict[str, Any]:
    """Return what the register says about one business."""
    return {
        "business_no": business.business_no,
        "business_name": business.business_name,
        "roles": business.roles[person.id],
        "organisation": business.organisation,
        "capital": business.capital,
        "head_name": business.head_name,
        "legal_representative": business.legal_representative,
        "partners": [asdict(partner) for partner in business.partners],
        "managers": [
            {"manager_name": manager.manager_name, "appointed_on": manager.appointed_on.isoformat()}
            for manager in business.managers
        ],
        "business_address": business.business_address,
        "registered_with": government(business.business_address),
        "established_on": business.established_on.isoformat(),
        "last_changed_on": (business.last_changed_on or business.established_on).isoformat(),
        "state": business.state,
        "suspended_from": business.suspended_from and business.suspended_from.isoformat(),
        "suspended_until": business.suspended_until and business.suspended_until.isoformat(),
        "trades": [{"trade_code": code, "trade_name": name} for code, name in business.trades.items()],
    }


DATASET = Dataset(
    id="business-registration",
    provider="moea",
    name="商業負責人、合夥人、經理人及法定代理人之商業登記資料",
    minimum_level=4,
    wire="signed_json",
    write=write,
    free_text="remark",
)
