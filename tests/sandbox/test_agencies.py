import csv
import io
import json
import re
import uuid
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import requests
from jsonschema import Draft202012Validator

from sandbox.agencies import years
from sandbox.agencies.papers import personal_income
from tests.sandbox.playing import Sandbox, StubPortal, ask
from tests.sandbox.shelf import asked_alike, holders, persona
from tests.sandbox.wires import Said, opened

DATASETS = ("household-individual", "personal-income", "labor-pension-contribution", "vehicle-registration")
"""Papers that every ordinary person has; `test_every_paper` looks at all there are."""
SCHEMAS = Path(__file__).parents[2] / "dataproviders" / "schemas"


def fetched(sandbox: Sandbox, portal: StubPortal, dataset: str, person: dict[str, Any], **parameters: object) -> Said:
    """Fetch one dataset of one person and open it; fails unless it is genuine and about the token's subject."""
    token = portal.give(dataset, person["national_id"])
    answer = ask(sandbox, token, dataset, parameters)
    assert answer.status_code == 200, answer.text
    said = opened(sandbox.registered(dataset), answer.content, portal.url)
    assert (said.dataset, said.tx_id, said.sub) == (dataset, token.tx_id, token.sub)
    return said


@pytest.mark.parametrize("dataset", DATASETS)
def test_every_ordinary_person_has_every_paper_in_the_form_of_its_schema(
    sandbox: Sandbox, portal: StubPortal, dataset: str
) -> None:
    schema = json.loads((SCHEMAS / f"{dataset}.json").read_text(encoding="utf-8"))
    validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    for person in [person for person in sandbox.people() if "ordinary" in person["tags"]]:
        said = fetched(sandbox, portal, dataset, person)
        validator.validate(said.data)
        assert person["name"] in said.data.values()
        assert person["national_id"] in said.data.values()


def test_papers_of_everybody_else_fit_too_or_there_is_none(sandbox: Sandbox, portal: StubPortal) -> None:
    none: list[tuple[str, str]] = []
    for person in sandbox.people():
        if any(tag.startswith(("agency_", "no_records")) for tag in person["tags"]):
            continue
        for dataset in DATASETS:
            answer = ask(sandbox, portal.give(dataset, person["national_id"]), dataset)
            if answer.status_code == 204:
                none.append((person["tags"][0], dataset))
                continue
            schema = sandbox.registered(dataset)["schema"]
            Draft202012Validator(schema).validate(opened(sandbox.registered(dataset), answer.content, portal.url).data)
    assert none == [
        ("minor", "labor-pension-contribution"),
        ("minor", "vehicle-registration"),
        ("foreign_old", "vehicle-registration"),
    ]


def test_papers_of_one_person_agree_with_each_other(sandbox: Sandbox, portal: StubPortal) -> None:
    person = sandbox.person("ordinary")
    household, income, pension, vehicles = (fetched(sandbox, portal, dataset, person).data for dataset in DATASETS)
    assert household["birth_date"] == person["birth_date"] == pension["birth_date"]
    assert household["id_issued_on"] == person["id_issued_on"]
    assert household["registered_address"] == income["address"] == vehicles["owner_address"]
    employer = pension["changes"][-1]["employer_name"]
    assert employer in {record["payer_name"] for record in income["records"] if record["code"] == "50"}
    assert income["total_paid"] == sum(record["paid"] for record in income["records"])
    assert income["record_count"] == len(income["records"])


def test_the_household_zip_carries_the_same_as_a_table(sandbox: Sandbox, portal: StubPortal) -> None:
    said = fetched(sandbox, portal, "household-individual", sandbox.person("rare_name"))
    table = list(csv.reader(io.StringIO(said.files["household-individual.csv"].decode("utf-8-sig"))))
    assert table[0] == ["欄位", "內容"]
    assert dict(table[1:])["姓名"] == said.data["name"] == sandbox.person("rare_name")["name"]
    assert len(table) == 1 + len(said.data)


def test_somebody_has_more_than_a_hundred_and_twenty_incomes(sandbox: Sandbox, portal: StubPortal) -> None:
    people = [person for person in sandbox.people() if "ordinary" in person["tags"]]
    counts = [fetched(sandbox, portal, "personal-income", person).data["record_count"] for person in people]
    assert max(counts) >= 120


def test_parameters_choose_what_is_fetched(sandbox: Sandbox, portal: StubPortal) -> None:
    person = sandbox.person("ordinary", 5)
    first, last = years.filed(years.today())
    assert fetched(sandbox, portal, "personal-income", person).data["year"] == last
    assert fetched(sandbox, portal, "personal-income", person, year=first).data["year"] == first
    vehicles = fetched(sandbox, portal, "vehicle-registration", person, kind="motorcycle").data["vehicles"]
    assert [vehicle["kind"] for vehicle in vehicles] == ["普通輕型機車"]
    changes = fetched(sandbox, portal, "labor-pension-contribution", person, since="2020-01-01").data["changes"]
    assert changes
    assert all(change["effective_on"] >= "2020-01-01" for change in changes)


def test_a_year_in_a_query_string_is_read_as_a_number() -> None:
    _, last = years.filed(years.today())
    assert personal_income.DATASET.checked({"year": str(last)}) == {"year": last}


@pytest.mark.parametrize(
    ("day", "kept"), [("2026-04-27", (109, 113)), ("2026-04-28", (110, 114)), ("2027-01-01", (110, 114))]
)
def test_the_newest_year_of_income_is_there_from_the_28th_of_april(day: str, kept: tuple[int, int]) -> None:
    assert years.filed(date.fromisoformat(day)) == kept


@pytest.mark.parametrize("beyond", [-5, 1])
def test_a_year_that_the_agency_does_not_keep_is_refused(sandbox: Sandbox, portal: StubPortal, beyond: int) -> None:
    year = years.filed(years.today())[1] + beyond
    token = portal.give("personal-income", sandbox.person("ordinary")["national_id"])
    assert ask(sandbox, token, "personal-income", {"year": year}).status_code == 400


def test_a_year_rule_that_nobody_knows_is_an_error_at_once() -> None:
    with pytest.raises(ValueError, match="no rule for x-years"):
        years.bounded({"properties": {"year": {"x-years": "someday"}}}, date(2026, 11, 23))


@pytest.mark.parametrize(
    ("dataset", "parameters"),
    [
        ("personal-income", {"year": 12}),
        ("personal-income", {"year": "114 "}),
        ("personal-income", {"yaer": 114}),
        ("labor-pension-contribution", {"since": "yesterday"}),
        ("vehicle-registration", {"kind": "boat"}),
        ("household-individual", {"anything": "1"}),
    ],
)
def test_parameters_that_are_not_offered_are_refused(
    sandbox: Sandbox, portal: StubPortal, dataset: str, parameters: dict[str, Any]
) -> None:
    token = portal.give(dataset, sandbox.person("ordinary")["national_id"])
    assert ask(sandbox, token, dataset, parameters).status_code == 400


def test_a_token_that_is_not_good_for_this_call_opens_nothing(sandbox: Sandbox, portal: StubPortal) -> None:
    dataset, person = "personal-income", sandbox.person("ordinary")
    url = sandbox.registered(dataset)["endpoints"]["live"]["url"]
    token, other = (
        portal.give(dataset, person["national_id"]),
        portal.give("vehicle-registration", person["national_id"]),
    )
    calls = [
        ({}, 401),
        ({"Authorization": "Bearer something", "tx_id": token.tx_id}, 401),
        ({"Authorization": "Bearer mydata::never-given", "tx_id": token.tx_id}, 401),
        ({"Authorization": f"Bearer {token.text}"}, 400),
        ({"Authorization": f"Bearer {token.text}", "tx_id": "7"}, 400),
        ({"Authorization": f"Bearer {token.text}", "tx_id": str(uuid.uuid4())}, 403),
        ({"Authorization": f"Bearer {other.text}", "tx_id": other.tx_id}, 403),
        ({"Authorization": f"Bearer {token.text}", "tx_id": token.tx_id}, 200),
    ]
    for headers, status in calls:
        assert requests.post(url, headers=headers, timeout=5).status_code == status


def test_the_agency_shows_its_own_id_and_secret(sandbox: Sandbox, portal: StubPortal) -> None:
    fetched(sandbox, portal, "vehicle-registration", sandbox.person("ordinary"))
    assert portal.basic[-1] == f"vehicle-registration:{sandbox.registered('vehicle-registration')['secret']}"


def test_of_a_person_nobody_knows_there_is_no_record(sandbox: Sandbox, portal: StubPortal) -> None:
    assert ask(sandbox, portal.give("personal-income", "A123456789"), "personal-income").status_code == 204


def test_a_portal_that_does_not_answer_makes_a_bad_gateway(tmp_path: Path) -> None:
    with Sandbox(tmp_path / "alone", "http://127.0.0.1:9") as alone:
        url = alone.registered("vehicle-registration")["endpoints"]["live"]["url"]
        headers = {"Authorization": "Bearer mydata::x", "tx_id": str(uuid.uuid4())}
        assert requests.get(url, headers=headers, timeout=5).status_code == 502


def test_only_the_registered_method_is_served(sandbox: Sandbox) -> None:
    assert sandbox.get("/agencies/personal-income").status_code == 405
    assert sandbox.post("/agencies/vehicle-registration", {}).status_code == 405


def test_the_canary_sits_in_every_answer_and_breaks_no_schema(portal: StubPortal, tmp_path: Path) -> None:
    canary = {"MYDATA_SANDBOX_CANARY": "canary-7f3a"}
    with Sandbox(tmp_path / "canary", portal.url, environment=canary) as sandbox:
        for dataset in asked_alike():
            data = fetched(sandbox, portal, dataset, {"national_id": persona(holders(dataset)[0]).national_id}).data
            assert "canary-7f3a" in json.dumps(data)
            Draft202012Validator(sandbox.registered(dataset)["schema"]).validate(data)


def test_the_registration_is_what_a_seed_file_holds(sandbox: Sandbox) -> None:
    registration = sandbox.get("/registration.json").json()
    (provider,) = [entry for entry in registration["providers"] if entry["id"] == "motc"]
    assert provider.keys() == {"id", "name", "desk"}
    assert provider["name"] == "交通部"
    assert provider["desk"]["url"] == f"{sandbox.url}/agencies/desk/motc"
    assert {entry["id"] for entry in registration["datasets"]} >= set(DATASETS)
    for entry in registration["datasets"]:
        assert set(entry) - {"certificate_pem", "jwks"} == {
            *("id", "provider", "name", "minimum_level", "schema", "parameters"),
            *("estimated_seconds", "wire", "secret", "endpoints", "maintenance"),
        }
        (example,) = entry["schema"]["examples"]
        Draft202012Validator(entry["schema"]).validate(example)
        assert ("certificate_pem" in entry) is (entry["wire"] == "signed_zip")
        assert ("jwks" in entry) is (entry["wire"] == "signed_json")
        assert re.fullmatch("[0-9a-f]{64}", entry["secret"])
        assert entry["endpoints"]["live"]["url"] == f"{sandbox.url}/agencies/{entry['id']}"
    assert len({entry["secret"] for entry in registration["datasets"]}) == len(registration["datasets"])
