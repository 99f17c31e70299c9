"""Choosing, agreeing and not agreeing, on the acts themselves. The agencies stay silent here."""

import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from audit.actions import Action
from audit.recording import record
from identity.levels import AssuranceLevel
from tests.portal.api.calling import Json, Program, problem
from tests.portal.api.conftest import PLANNED, STRONG, WEAK
from tests.portal.api.contract import fits
from tests.portal.api.operations import SOMETHING

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogue")]


def drafted(program: Program, **headers: str) -> Json:
    """Draft a grant for the weakly guarded dataset."""
    answer = program.post("/grants", {"datasets": [{"id": WEAK}]}, **headers)
    assert answer.status_code == 201, answer.content
    found: Json = answer.json()
    return found


def given(program: Program) -> tuple[Json, Json]:
    """Draft and give; returns the draft and the answer."""
    grant = drafted(program)
    answer = program.post(f"/grants/{grant['id']}/give", {"wording_hash": grant["wording_hash"]})
    assert answer.status_code == 201, answer.content
    return grant, answer.json()


def test_the_catalogue_lists_what_can_be_had_and_what_is_planned(program: Program) -> None:
    answer = program.get("/datasets").json()

    fits("listDatasets", 200, answer)
    assert {one["id"]: one["status"] for one in answer["items"]} == {
        WEAK: "available",
        STRONG: "available",
        PLANNED: "planned",
    }
    weak, strong = (next(one for one in answer["items"] if one["id"] == name) for name in (WEAK, STRONG))
    assert weak["methods"] == ["citizen_certificate", "two_documents"]
    assert strong["methods"] == ["citizen_certificate"]
    assert strong["parameters"]["required"] == ["year"]
    assert weak["parameters"]["type"] == "object"
    assert weak["fields"][0]["path"] == "/plate"
    assert weak["fields"][0]["title"]["zh"] == "車號"


def test_a_list_goes_on_behind_its_cursor(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.api.cursors.PAGE", 2)
    first = program.get("/datasets").json()
    rest = program.get(f"/datasets?after={first['next']}").json()

    assert [len(first["items"]), len(rest["items"])] == [2, 1]
    assert "next" not in rest


def test_a_draft_shows_the_very_words(citizen: Program) -> None:
    answer = drafted(citizen)

    fits("draftGrant", 201, answer)
    assert answer["state"] == "drafted"
    assert answer["required_level"] == 4
    assert answer["wording_hash"] == hashlib.sha256(answer["wording"].encode()).hexdigest()


@pytest.mark.parametrize(
    ("datasets", "code"),
    [
        ([{"id": "nothing"}], "unknown_dataset"),
        ([{"id": PLANNED}], "unknown_dataset"),
        ([{"id": f"d{number}"} for number in range(6)], "too_many_datasets"),
        ([{"id": STRONG}], "bad_parameters"),
        ([{"id": STRONG, "parameters": {"year": "soon"}}], "bad_parameters"),
        ([{"id": WEAK, "parameters": {"year": 1}}], "bad_parameters"),
    ],
)
def test_what_cannot_be_asked_for_is_refused_by_its_own_code(citizen: Program, datasets: list[Any], code: str) -> None:
    assert problem(citizen.post("/grants", {"datasets": datasets})) == (422, code)


def test_giving_answers_with_a_parcel_and_a_receipt(citizen: Program) -> None:
    grant, answer = given(citizen)

    fits("giveGrant", 201, answer)
    assert answer["state"] == "given"
    receipt = citizen.get(f"/grants/{grant['id']}/receipt")
    assert (receipt["Content-Type"], receipt.content.decode()) == ("application/jose", answer["receipt"])
    parcel = citizen.get(f"/parcels/{answer['parcel']}").json()
    fits("getParcel", 200, parcel)
    assert (parcel["state"], parcel["grant"], parcel["opens_here"]) == ("collecting", grant["id"], True)
    assert parcel["items"][0]["state"] == "waiting"
    parcels = citizen.get("/parcels").json()
    fits("listParcels", 200, parcels)
    assert parcels == {"items": [parcel]}


def test_too_weak_a_session_is_told_what_level_it_takes(citizen: Program) -> None:
    grant = citizen.post("/grants", {"datasets": [{"id": STRONG, "parameters": {"year": 113}}]}).json()

    answer = citizen.post(f"/grants/{grant['id']}/give", {"wording_hash": grant["wording_hash"]})

    assert problem(answer) == (403, "step_up")
    assert answer.json()["required_level"] == 1


def test_agreeing_to_other_words_is_refused(citizen: Program) -> None:
    grant = drafted(citizen)

    for wording_hash in ("0" * 64, "短", ""):
        answer = citizen.post(f"/grants/{grant['id']}/give", {"wording_hash": wording_hash})
        assert problem(answer) in {(409, "wording_changed"), (400, "malformed")}


def test_a_refused_grant_fetches_nothing_and_is_refused_once(citizen: Program) -> None:
    grant = drafted(citizen)
    answer = citizen.post(f"/grants/{grant['id']}/refuse")

    assert answer.json() == {"state": "refused"}
    assert problem(citizen.post(f"/grants/{grant['id']}/refuse")) == (409, "illegal_state")
    assert problem(citizen.get(f"/grants/{grant['id']}/receipt")) == (404, "not_found")
    assert citizen.get("/parcels").json() == {"items": []}


def test_withdrawing_destroys_the_parcel_and_proves_it(citizen: Program) -> None:
    grant, answer = given(citizen)

    assert citizen.post(f"/grants/{grant['id']}/withdraw").json() == {"state": "withdrawn"}

    parcel = citizen.get(f"/parcels/{answer['parcel']}").json()
    fits("getParcel", 200, parcel)
    assert (parcel["state"], parcel["because"]) == ("purged", "withdrawn")
    assert parcel["deletion_receipt"].count(".") == 2
    assert problem(citizen.get(f"/parcels/{answer['parcel']}/file")) == (410, "gone")
    assert problem(citizen.get(f"/parcels/{answer['parcel']}/items/{WEAK}")) == (410, "gone")


@pytest.mark.parametrize(
    "ask",
    [
        lambda program, grant, _: program.post(f"/grants/{grant}/give", {"wording_hash": "0" * 64}),
        lambda program, grant, _: program.post(f"/grants/{grant}/refuse"),
        lambda program, grant, _: program.post(f"/grants/{grant}/withdraw"),
        lambda program, grant, _: program.get(f"/grants/{grant}/receipt"),
        lambda program, _, parcel: program.get(f"/parcels/{parcel}"),
        lambda program, _, parcel: program.get(f"/parcels/{parcel}/items/{WEAK}"),
        lambda program, _, parcel: program.get(f"/parcels/{parcel}/file"),
        lambda program, _, parcel: program.post(f"/parcels/{parcel}/claim"),
        lambda program, _, parcel: program.post(f"/parcels/{parcel}/received", {"sha256": "0" * 64}),
    ],
)
def test_what_belongs_to_somebody_else_is_not_there(
    citizen: Program, other: Program, ask: Callable[[Program, str, str], Any]
) -> None:
    grant, answer = given(citizen)

    theirs, nothing = ask(other, grant["id"], answer["parcel"]), ask(other, SOMETHING, SOMETHING)

    assert problem(theirs) == problem(nothing) == (404, "not_found")
    assert theirs.json() | {"trace": ""} == nothing.json() | {"trace": ""}


def test_a_parcel_that_is_still_collected_is_neither_shown_nor_handed_out(citizen: Program) -> None:
    _, answer = given(citizen)
    parcel = f"/parcels/{answer['parcel']}"

    assert problem(citizen.get(f"{parcel}/items/{WEAK}")) == (409, "illegal_state")
    assert problem(citizen.post(f"{parcel}/claim")) == (409, "illegal_state")
    assert problem(citizen.get(f"{parcel}/file")) == (409, "claim_first")
    assert problem(citizen.post(f"{parcel}/received", {"sha256": "0" * 64})) == (409, "claim_first")


def test_another_browser_sees_the_parcel_and_does_not_open_it(citizen: Program) -> None:
    _, answer = given(citizen)
    elsewhere = Program()
    elsewhere.sign_in("A123456789", AssuranceLevel.CITIZEN_CERTIFICATE, "citizen_certificate")
    parcel = f"/parcels/{answer['parcel']}"

    assert elsewhere.get(parcel).json()["opens_here"] is False
    assert problem(elsewhere.post(f"{parcel}/claim")) == (409, "other_browser")


def test_a_weaker_sign_in_sees_the_parcel_and_opens_nothing_until_it_is_purged(program: Program) -> None:
    program.sign_in("A123456789", AssuranceLevel.CITIZEN_CERTIFICATE, "citizen_certificate")
    draft = program.post("/grants", {"datasets": [{"id": STRONG, "parameters": {"year": 114}}]}).json()
    answer = program.post(f"/grants/{draft['id']}/give", {"wording_hash": draft["wording_hash"]}).json()
    assert program.send("DELETE", "/session").status_code == 204
    program.csrf = program.get("/session").json()["csrf"]
    program.sign_in("A123456789", AssuranceLevel.TWO_DOCUMENTS, "two_documents")
    parcel = f"/parcels/{answer['parcel']}"

    assert program.get(parcel).status_code == 200
    for refused in (
        program.get(f"{parcel}/items/{STRONG}"),
        program.get(f"{parcel}/file"),
        program.post(f"{parcel}/claim"),
        program.post(f"{parcel}/codes"),
    ):
        assert problem(refused) == (403, "step_up")
        assert refused.json()["required_level"] == 1
    assert program.post(f"/grants/{draft['id']}/withdraw").json()["state"] == "withdrawn"
    assert problem(program.get(f"{parcel}/file")) == (410, "gone")


def test_the_record_of_use_tells_what_was_done(citizen: Program) -> None:
    grant, answer = given(citizen)

    page = citizen.get("/usage").json()

    fits("listUsage", 200, page)
    asked, agreed = page["items"]
    assert (agreed["action"], agreed["grant"], agreed["datasets"]) == ("consent:given", grant["id"], [WEAK])
    assert (asked["action"], asked["parcel"], asked["datasets"]) == ("data:requested", answer["parcel"], [WEAK])


def test_the_record_goes_on_page_after_page_without_a_gap(citizen: Program) -> None:
    subject = citizen.get("/session").json()["subject"]
    with transaction.atomic():
        written = [str(record(Action.IDENTITY_SIGNED_OUT, subject=subject).pk) for _ in range(120)]
    pages: list[list[str]] = []
    after = ""
    while not pages or after:
        page = citizen.get(f"/usage?after={after}" if after else "/usage").json()
        pages.append([line["event"] for line in page["items"]])
        after = page.get("next", "")

    assert [len(page) for page in pages] == [50, 50, 20]
    assert sorted(event for page in pages for event in page) == sorted(written)


def test_a_list_of_notices_has_the_documented_shape(citizen: Program) -> None:
    fits("listNotices", 200, citizen.get("/notices").json())


def test_the_services_are_listed_for_anybody(program: Program) -> None:
    fits("listServices", 200, program.get("/services").json())
