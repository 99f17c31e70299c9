"""Land, taxes and e-invoices by a program: asked for with what only their owner knows, found or not, and taken."""

from pathlib import Path

import pytest

from tests.house.client import Client
from tests.house.standing import StandingHouse
from tests.journeys import taken

FIVE = ("land-and-price", "property", "licence-tax-certificate", "house-tax-certificate", "income-tax-record")
PLATE = {"licence-tax-certificate": {"plate": "MYJ-4406", "year": 115}}


@pytest.fixture
def client(house: StandingHouse) -> Client:
    return Client(house).sign_in(house.person("ordinary", 5), level=1)


def test_five_papers_are_asked_for_at_once_and_taken(house: StandingHouse, client: Client, tmp_path: Path) -> None:
    _, parcel = client.request(*FIVE, parameters=PLATE)
    sealed = client.wait(parcel, "sealed")
    assert {item["dataset"]: item["state"] for item in sealed["items"]} == dict.fromkeys(FIVE, "landed")
    assert client.preview(parcel, FIVE[2])["data"]["plate"] == "MYJ-4406"

    content, _ = client.take(parcel)
    consent = taken.check_file(house, taken.unpack(content, tmp_path), datasets=FIVE)
    assert consent["parameters"]["licence-tax-certificate"] == PLATE["licence-tax-certificate"]


def test_an_invoice_is_found_in_the_list_and_looked_up_by_its_number(client: Client) -> None:
    grant, parcel = client.request("einvoice-list")
    client.wait(parcel, "sealed")
    listed = client.preview(parcel, "einvoice-list")["data"]
    year, month = map(int, listed["list_period"].split("-"))
    assert f"{year}年{month}月至{month + 1}月" in grant["wording"]
    wanted = {"invoice_no": listed["invoices"][-1]["number"], "period": listed["list_period"]}

    _, parcel = client.request("einvoice-detail", parameters={"einvoice-detail": wanted})
    client.wait(parcel, "sealed")
    detail = client.preview(parcel, "einvoice-detail")["data"]
    assert (detail["invoice_no"], detail["total_amount"]) == (wanted["invoice_no"], listed["invoices"][-1]["sum"])


@pytest.mark.parametrize(
    ("dataset", "parameters", "path"),
    [
        ("einvoice-detail", {}, "invoice_no"),
        ("einvoice-detail", {"invoice_no": "AB-12345678"}, "invoice_no"),
        ("einvoice-detail", {"invoice_no": "AB12345678", "period": "115-10"}, "period"),
        ("einvoice-list", {"period": "99-01"}, "period"),
        ("licence-tax-certificate", {}, "plate"),
        ("licence-tax-certificate", {"plate": "MYJ-4406", "year": 99}, "year"),
        ("house-tax-certificate", {"year": 99}, "year"),
    ],
)
def test_what_cannot_be_asked_is_refused_by_its_name(
    client: Client, dataset: str, parameters: dict[str, object], path: str
) -> None:
    refusal = client.draft(dataset, parameters={dataset: parameters}, expect=422)
    assert (refusal["code"], refusal["path"]) == ("bad_parameters", path)


def test_somebody_elses_plate_and_number_are_no_record(client: Client) -> None:
    others = {"licence-tax-certificate": {"plate": "MYD-4401"}, "einvoice-detail": {"invoice_no": "AB00000000"}}
    _, parcel = client.request(*others, parameters=others)
    ended = client.wait(parcel)
    assert {item["dataset"]: item["state"] for item in ended["items"]} == dict.fromkeys(others, "none_held")
