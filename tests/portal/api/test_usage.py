"""The record of use through the API, narrowed as on the page."""

import pytest
from django.db import transaction

from audit.actions import Action
from audit.recording import record
from tests.portal.api.calling import Program, problem

pytestmark = pytest.mark.django_db


@pytest.fixture
def recorded(citizen: Program) -> Program:
    subject = citizen.get("/session").json()["subject"]
    with transaction.atomic():
        record(Action.DATA_LANDED, subject=subject, parcel="p", dataset="vehicle")
        record(Action.DATA_FAILED, subject=subject, parcel="p", dataset="licence", reason="too_slow")
    return citizen


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("dataset=vehicle", ["data:landed"]),
        ("kind=trouble", ["data:failed"]),
        ("kind=data", ["data:failed", "data:landed"]),
        ("kind=identity", []),
        ("since=2999-01-01", []),
        ("since=9999-12-31", []),
        ("until=0001-01-01", []),
        ("since=0001-01-01&until=9999-12-31", ["data:failed", "data:landed"]),
        ("until=2999-01-01", ["data:failed", "data:landed"]),
        ("dataset=nothing", []),
    ],
)
def test_the_record_is_narrowed_by_dataset_kind_and_day(recorded: Program, query: str, expected: list[str]) -> None:
    assert [line["action"] for line in recorded.get(f"/usage?{query}").json()["items"]] == expected


@pytest.mark.parametrize(
    "query", ["kind=x", "since=yesterday", "until=2026-02-30", "dataset=%00", f"dataset={'x' * 65}"]
)
def test_what_cannot_be_asked_is_malformed_and_named(recorded: Program, query: str) -> None:
    answer = recorded.get(f"/usage?{query}")
    assert problem(answer) == (400, "malformed")
    assert answer.json()["path"] == query.split("=", maxsplit=1)[0]
