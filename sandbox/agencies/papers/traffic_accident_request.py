"""交通事故資料申請紀錄查詢: the documents about accidents that a person asked the police for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sandbox.agencies.datasets import Dataset
from sandbox.people.drawing import digits, number
from sandbox.people.personas import Persona
from sandbox.people.traffic import DocumentRequest, on_the_road
from sandbox.people.work import KNOWN_UNTIL

DAYS_UNTIL_AVAILABLE = {"當事人登記聯單": 0, "現場圖": 7, "現場照片": 7, "初步分析研判表": 30}
"""道路交通事故處理辦法第 13 條."""
NOT_YET, IN_WORK, WITHHELD, PROVIDED = "未屆得提供日期", "審核中", "不予提供", "已提供"


def write(person: Persona, parameters: Mapping[str, Any]) -> dict[str, Any] | None:
    """Write the requests since the day asked for, the latest first; None where there are none."""
    since = date.fromisoformat(parameters.get("since", date.min.isoformat()))
    requests = [each for each in on_the_road(person).requests if each.requested_on >= since]
    if not requests:
        return None
    return {
        "applicant_name": person.name,
        "applicant_national_id": person.national_id,
        "requests": [entry(each) for each in sorted(requests, key=lambda one: one.requested_on, reverse=True)],
        "remark": "",
    }


def entry(request: DocumentRequest) -> dict[str, Any]:
    """Return one request; it is closed when every document has been provided or withheld."""
    documents = [document(request, name) for name in request.documents]
    closed = all(each["outcome"] in {PROVIDED, WITHHELD} for each in documents)
    last = max((each["provided_on"] for each in documents if each["provided_on"]), default=None)
    return {
        "request_no": f"{request.requested_on:%Y%m%d}{digits(4, 'request', request.accident_at, request.handled_by)}",
        "requested_on": request.requested_on.isoformat(),
        "requested_as": request.requested_as,
        "requested_through": request.requested_through,
        "accident_at": request.accident_at.isoformat(),
        "accident_where": request.accident_where,
        "severity": request.severity,
        "own_plate": request.own_plate,
        "handled_by": request.handled_by,
        "documents": documents,
        "progress": "已結案" if closed else "處理中",
        "closed_on": last if closed else None,
    }


def document(request: DocumentRequest, name: str) -> dict[str, Any]:
    """Return what became of one document."""
    available = request.accident_at.date() + timedelta(days=DAYS_UNTIL_AVAILABLE[name])
    work = number(1, 6, "days of work", request.accident_at, name)
    provided = max(request.requested_on, available) + timedelta(days=work)
    outcome = outcome_of(available, provided, withheld=name in request.withheld)
    return {
        "document": name,
        "available_from": available.isoformat(),
        "outcome": outcome,
        "provided_on": provided.isoformat() if outcome == PROVIDED else None,
    }


def outcome_of(available: date, provided: date, *, withheld: bool) -> str:
    """Return the outcome as it stands on the day until which these lives are known."""
    if withheld:
        return WITHHELD
    if available > KNOWN_UNTIL:
        return NOT_YET
    return PROVIDED if provided <= KNOWN_UNTIL else IN_WORK


DATASET = Dataset(
    id="traffic-accident-request",
    provider="npa",
    name="交通事故資料申請紀錄查詢",
    minimum_level=3,
    wire="signed_json",
    write=write,
    free_text="remark",
)
