"""導遊人員執業證資訊: the licence of a person who guides visitors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.agencies.datasets import Dataset
from sandbox.people.licences import GuideLicence, is_over, licences_of
from sandbox.people.personas import Persona

MAY_RECEIVE = {
    "外語導遊人員": ["國外旅客", "大陸地區旅客", "港澳地區旅客"],
    "華語導遊人員": ["使用華語之國外旅客", "大陸地區旅客", "港澳地區旅客"],
}
"""導遊人員管理規則第 4 條."""


def write(person: Persona, _: Mapping[str, Any]) -> dict[str, Any] | None:
    """Write the licence; None for who is no guide."""
    licence = licences_of(person).guide
    if licence is None:
        return None
    return {"guide_name": person.name, "guide_national_id": person.national_id, **entry(licence), "remark": ""}


def entry(licence: GuideLicence) -> dict[str, Any]:
    """Return what the licence says."""
    return {
        "certificate_no": licence.certificate_no,
        "category": licence.category,
        "languages": list(licence.languages),
        "may_receive": MAY_RECEIVE[licence.category],
        "qualified_by": licence.qualified_by,
        "assessment_scheme": licence.assessment_scheme,
        "qualification_no": licence.qualification_no,
        "qualified_on": licence.qualified_on.isoformat(),
        "engagement": "特約" if licence.employing_agency is None else "專任",
        "employing_agency": licence.employing_agency,
        "issued_on": licence.issued_on.isoformat(),
        "expires_on": licence.expires_on.isoformat(),
        "guide_state": "逾期" if is_over(licence.expires_on) else "有效",
    }


DATASET = Dataset(
    id="tour-guide-licence",
    provider="motc",
    name="導遊人員執業證資訊",
    minimum_level=4,
    wire="signed_zip",
    write=write,
    free_text="remark",
    with_csv=True,
)
